using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// Augment-REINFORCE-merge (Yin and Zhou 2019) for Bernoulli variables: with logits l and u uniform, (f(1[u > sigmoid(-l)]) - f(1[u &lt; sigmoid(l)])) (u - 1/2). Unbiased, from two evaluations of f
/// at antithetic draws.
/// </summary>
public sealed class Arm : GradientEstimator<Distribution>
{
    /// <inheritdoc/>
    public override string Name => "ARM";

    /// <inheritdoc/>
    public override bool IsUnbiased => true;

    /// <inheritdoc/>
    public override Tensor Estimate(Distribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(f);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentNullException.ThrowIfNull(rng);
        (Bernoulli coins, int axes) = BernoulliVector.Of(q, Name);
        Tensor logits = coins.Logits.Detach();
        Tensor u = rng.UniformOpen([samples, .. logits.Shape], logits.DType, logits.Rank > 0 ? 1 : 0);
        Tensor first = f(Tensor.Less((-logits).Sigmoid(), u)), second = f(Tensor.Less(u, logits.Sigmoid()));
        Tensor difference = BernoulliVector.Over((first - second).Detach(), axes);
        Tensor score = (difference * (u - 0.5)).Mean(0);
        // Either draw is one of q, so their mean is the estimate and carries the gradient by the parameters of f.
        return ((first + second) * 0.5).Mean(0) + (score * coins.Logits).SumFrom(^axes).GradientOnly();
    }
}

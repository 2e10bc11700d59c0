using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// An estimator for Bernoulli variables that evaluates f at two antithetic draws. With logits l and one uniform u the
/// draws are b = 1[u > sigmoid(-l)] and b' = 1[u &lt; sigmoid(l)]. Each of them is a draw from q.
/// </summary>
public abstract class AntitheticEstimator : GradientEstimator<Distribution>
{
    /// <inheritdoc/>
    public sealed override bool IsUnbiased => true;

    /// <inheritdoc/>
    public sealed override Tensor Estimate(Distribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        (Bernoulli coins, int axes) = BernoulliVector.Of(q, Name);
        Tensor logits = coins.Logits.Detach();
        Tensor u = rng.UniformOpen([samples, .. logits.Shape], logits.DType, logits.Rank > 0 ? 1 : 0);
        Tensor b = Tensor.Less((-logits).Sigmoid(), u), mirrored = Tensor.Less(u, logits.Sigmoid());
        Tensor first = f(b), second = f(mirrored);
        Tensor score = (BernoulliVector.Over((first - second).Detach(), axes) * Weight(u, b, mirrored, logits)).Mean(0);
        // The mean of both values is the estimate; it also carries the gradient by the parameters of f.
        return ((first + second) * 0.5).Mean(0) + (score * coins.Logits).SumFrom(^axes).GradientOnly();
    }

    /// <summary>The factor of f(b) - f(b') for each variable.</summary>
    private protected abstract Tensor Weight(Tensor u, Tensor b, Tensor mirrored, Tensor logits);
}

using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// DisARM (Dong, Mnih and Tucker 2020; also U2G, Yin et al. 2020) for Bernoulli variables: ARM with the uniform noise integrated out given the pair of antithetic draws b and b',
/// (f(b) - f(b')) (-1)^b' 1[b != b'] sigmoid(|l|) / 2. Unbiased, and never of larger variance than <see cref="Arm"/>.
/// </summary>
public sealed class DisArm : GradientEstimator<Distribution>
{
    /// <inheritdoc/>
    public override string Name => "DisARM";

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
        Tensor b = Tensor.Less((-logits).Sigmoid(), u), mirrored = Tensor.Less(u, logits.Sigmoid());
        Tensor first = f(b), second = f(mirrored);
        Tensor difference = BernoulliVector.Over((first - second).Detach(), axes);
        // (-1)^b' 1[b != b'] is b - b' for zeros and ones.
        Tensor score = (difference * (b - mirrored) * logits.Abs().Sigmoid() * 0.5).Mean(0);
        return ((first + second) * 0.5).Mean(0) + (score * coins.Logits).SumFrom(^axes).GradientOnly();
    }
}

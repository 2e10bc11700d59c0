using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// DisARM (Dong, Mnih and Tucker 2020; also U2G, Yin et al. 2020) for Bernoulli variables: ARM with the uniform noise
/// integrated out given the pair of draws, (f(b) - f(b')) (-1)^b' 1[b != b'] sigmoid(|l|) / 2. Unbiased. Its variance
/// is never larger than that of <see cref="Arm"/>.
/// </summary>
public sealed class DisArm : AntitheticEstimator
{
    /// <inheritdoc/>
    public override string Name => "DisARM";

    /// <summary>For zeros and ones, (-1)^b' 1[b != b'] equals b - b'.</summary>
    private protected override Tensor Weight(Tensor u, Tensor b, Tensor mirrored, Tensor logits) =>
        (b - mirrored) * logits.Abs().Sigmoid() * 0.5;
}

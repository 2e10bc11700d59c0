using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>Augment-REINFORCE-merge (Yin and Zhou 2019) for Bernoulli variables: (f(b) - f(b')) (u - 1/2) with the
/// antithetic pair of <see cref="AntitheticEstimator"/>. Unbiased.</summary>
public sealed class Arm : AntitheticEstimator
{
    /// <inheritdoc/>
    public override string Name => "ARM";

    private protected override Tensor Weight(Tensor u, Tensor b, Tensor mirrored, Tensor logits) => u - 0.5;
}

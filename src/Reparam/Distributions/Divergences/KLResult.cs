using Reparam.Tensors;

namespace Reparam.Distributions.Divergences;

/// <summary>A divergence and the method that computed it.</summary>
/// <param name="Value">The divergence in nats, one value for each batch member.</param>
/// <param name="Method">Closed form or Monte Carlo.</param>
public readonly record struct KLResult(Tensor Value, KLMethod Method);

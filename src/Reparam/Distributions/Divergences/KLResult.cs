using Reparam.Tensors;

namespace Reparam.Distributions.Divergences;

/// <summary>A divergence and how it was computed.</summary>
/// <param name="Value">Nats, one value for each batch member.</param>
/// <param name="Method">Closed form or Monte Carlo.</param>
public readonly record struct KLResult(Tensor Value, KLMethod Method);

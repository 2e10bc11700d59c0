using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>A map with its two directions exchanged.</summary>
internal sealed class InverseBijector(Bijector map) : Bijector(map.EventRank)
{
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x) => map.Inverse(x);

    public override (Tensor X, Tensor LogDet) Inverse(Tensor y) => map.Forward(y);

    public override Bijector Invert() => map;
}

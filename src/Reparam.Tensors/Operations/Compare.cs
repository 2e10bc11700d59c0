using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>1 where a >= b, else 0, broadcasting. Piecewise constant: no gradient.</summary>
    public static Tensor GreaterOrEqual(Tensor a, Tensor b) => Apply(BinaryKernel.GreaterOrEqual, a, b);

    /// <summary>1 where a &lt; b, else 0, broadcasting. Piecewise constant: no gradient.</summary>
    public static Tensor Less(Tensor a, Tensor b) => Apply(BinaryKernel.Less, a, b);
}

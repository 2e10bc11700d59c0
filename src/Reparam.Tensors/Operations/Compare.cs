using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>1 where a >= b, else 0, broadcasting. Piecewise constant: no gradient.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor GreaterOrEqual(Tensor a, Tensor b) => Apply(BinaryKernel.GreaterOrEqual, a, b);

    /// <summary>1 where a >= b, else 0. Piecewise constant: no gradient.</summary>
    public static Tensor GreaterOrEqual(Tensor a, double b) => GreaterOrEqual(a, Scalar(b, a.DType));

    /// <summary>1 where a &lt; b, else 0, broadcasting. Piecewise constant: no gradient.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor Less(Tensor a, Tensor b) => Apply(BinaryKernel.Less, a, b);

    /// <summary>1 where a &lt; b, else 0. Piecewise constant: no gradient.</summary>
    public static Tensor Less(Tensor a, double b) => Less(a, Scalar(b, a.DType));
}

using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>a b elementwise, broadcasting. d/da = b, d/db = a.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor Multiply(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        Tensor y = Apply(BinaryKernel.Multiply, a, b);
        return y.Recorded([a, b], [g => (g * b).SumTo(a.Shape), g => (g * a).SumTo(b.Shape)]);
    }

    /// <summary>a b elementwise, broadcasting.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Multiply(a, b);
}

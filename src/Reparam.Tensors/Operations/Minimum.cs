using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The smaller of a and b elementwise, broadcasting; NaN if either is NaN. The gradient goes to a where b
    /// >= a, else to b.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor Minimum(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        Tensor y = Apply(BinaryKernel.Minimum, a, b);
        return y.Recorded([a, b], [g => (g * Apply(BinaryKernel.GreaterOrEqual, b, a)).SumTo(a.Shape),
            g => (g * Apply(BinaryKernel.Less, b, a)).SumTo(b.Shape)]);
    }
}

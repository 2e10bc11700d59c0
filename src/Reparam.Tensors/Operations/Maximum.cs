using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The larger of a and b elementwise, broadcasting; NaN if either is NaN. The gradient goes to a where a
    /// >= b, else to b.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor Maximum(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        Tensor y = Apply(BinaryKernel.Maximum, a, b);
        return y.Recorded([a, b], [g => (g * Apply(BinaryKernel.GreaterOrEqual, a, b)).SumTo(a.Shape),
            g => (g * Apply(BinaryKernel.Less, a, b)).SumTo(b.Shape)]);
    }
}

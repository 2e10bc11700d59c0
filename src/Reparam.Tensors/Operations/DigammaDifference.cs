using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// psi(x + d) - psi(x), elementwise with broadcasting, with a small relative error
    /// (<see cref="SpecialFunctions.DigammaDifference"/>). d/dx = psi'(x + d) - psi'(x), d/dd = psi'(x + d).
    /// </summary>
    /// <param name="x">The point, above 0.</param>
    /// <param name="d">The step, at least 0.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor DigammaDifference(Tensor x, Tensor d)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(d);
        (x, d) = Aligned(x, d);
        return Apply(SpecialKernel.DigammaDifference, x, d).Recorded(
            [x, d],
            [
                g => g * (Apply(SpecialKernel.Trigamma, x + d) - Apply(SpecialKernel.Trigamma, x)),
                g => g * Apply(SpecialKernel.Trigamma, x + d),
            ]);
    }
}

using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// log Gamma(y) - log Gamma(x) - (y - x) psi(x), the Bregman divergence of log Gamma, elementwise with
    /// broadcasting: 0 at y = x, never negative, with a small relative error
    /// (<see cref="SpecialFunctions.LogGammaDivergence(double, double)"/>). d/dx = -(y - x) psi'(x), d/dy = psi(y) -
    /// psi(x).
    /// </summary>
    /// <param name="x">The point at which log Gamma is linearised, above 0.</param>
    /// <param name="y">The other point, above 0.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor LogGammaDivergence(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        (x, y) = Aligned(x, y);
        return LogGammaDivergence(x, y, (y - x).Detach());
    }

    /// <summary>
    /// The same divergence with the step y - x as an argument. If the step is small, computing it from the rounded y
    /// would lose digits. No gradient flows to the step.
    /// </summary>
    public static Tensor LogGammaDivergence(Tensor x, Tensor y, Tensor step)
    {
        (x, y, step) = Aligned(x, y, step.Detach());
        return Apply(SpecialKernel.LogGammaDivergence, x, y, step).Recorded(
            [x, y], [g => g * step * -Apply(SpecialKernel.Trigamma, x), g => g * (y.Digamma() - x.Digamma())]);
    }
}

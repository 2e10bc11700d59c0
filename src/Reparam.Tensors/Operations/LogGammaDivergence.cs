using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// log Gamma(x + h) - log Gamma(x) - h psi(x), the Bregman divergence of log Gamma, elementwise with broadcasting: 0 at h = 0, never
    /// negative, accurate relative to itself (<see cref="SpecialFunctions.LogGammaDivergence"/>). d/dx = psi(x + h) - psi(x) - h psi'(x),
    /// d/dh = psi(x + h) - psi(x).
    /// </summary>
    /// <param name="x">Where, above 0.</param>
    /// <param name="h">The step, above -x.</param>
    public static Tensor LogGammaDivergence(Tensor x, Tensor h)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(h);
        (x, h) = Aligned(x, h);
        return Apply(SpecialKernel.LogGammaDivergence, x, h).Recorded(
            [x, h],
            [
                g => g * ((x + h).Digamma() - x.Digamma() - h * Apply(SpecialKernel.Trigamma, x)),
                g => g * ((x + h).Digamma() - x.Digamma()),
            ]);
    }
}

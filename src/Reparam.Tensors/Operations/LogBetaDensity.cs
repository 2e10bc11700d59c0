using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// (a - 1) log x + (b - 1) log(1 - x) - log B(a, b), the log-density at x of a beta variable of shapes a and b,
    /// elementwise with broadcasting (<see cref="SpecialFunctions.LogBetaDensity"/>). d/dx = (a - 1)/x - (b - 1)/(1 -
    /// x), d/da = log x - psi(a) + psi(a + b), d/db = log(1 - x) - psi(b) + psi(a + b).
    /// </summary>
    /// <param name="a">The first shape (exponent a - 1 of x), above 0.</param>
    /// <param name="b">The second shape (exponent b - 1 of 1 - x), above 0.</param>
    /// <param name="x">The point, in [0, 1].</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor LogBetaDensity(Tensor a, Tensor b, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(x);
        (a, b, x) = Aligned(a, b, x);
        return Apply(SpecialKernel.LogBetaDensity, a, b, x).Recorded(
            [a, b, x],
            [
                g => g * Apply(SpecialKernel.LogBetaDensityByA, a, b, x),
                g => g * Apply(SpecialKernel.LogBetaDensityByB, a, b, x),
                g => g * (PowerSlope(a, x) - PowerSlope(b, 1 - x)),
            ]);
    }
}

using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// I_x(a, b), the CDF at x of a beta variable of shapes a and b, elementwise with broadcasting
    /// (<see cref="SpecialFunctions.RegularizedBeta"/>). d/dx = x^(a - 1) (1 - x)^(b - 1) / B(a, b), d/da =
    /// <see cref="SpecialFunctions.RegularizedBetaByA"/>, d/db = <see cref="SpecialFunctions.RegularizedBetaByB"/>.
    /// </summary>
    /// <param name="a">The first shape (exponent a - 1 of x), above 0.</param>
    /// <param name="b">The second shape (exponent b - 1 of 1 - x), above 0.</param>
    /// <param name="x">The point, in [0, 1].</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor RegularizedBeta(Tensor a, Tensor b, Tensor x)
    {
        (a, b, x) = Aligned(a, b, x);
        Tensor y = Apply(SpecialKernel.RegularizedBeta, a, b, x);
        return y.Recorded(
            [a, b, x],
            [
                g => g * Apply(SpecialKernel.RegularizedBetaByA, a, b, x),
                g => g * Apply(SpecialKernel.RegularizedBetaByB, a, b, x),
                g => g * Apply(SpecialKernel.BetaDensity, a, b, x),
            ]);
    }
}

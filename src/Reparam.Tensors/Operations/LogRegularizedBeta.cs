using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// log I_x(a, b), the logarithm of the CDF at x of a beta variable of shapes a and b, elementwise with
    /// broadcasting, also where I underflows (<see cref="SpecialFunctions.LogRegularizedBeta"/>). d/dx, d/da and d/db
    /// are the derivatives of I, divided by I.
    /// </summary>
    /// <param name="a">The first shape (exponent a - 1 of x), above 0.</param>
    /// <param name="b">The second shape (exponent b - 1 of 1 - x), above 0.</param>
    /// <param name="x">The point, in [0, 1].</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor LogRegularizedBeta(Tensor a, Tensor b, Tensor x) => LogBetaTail(
        a, b, x, SpecialKernel.LogRegularizedBeta,
        SpecialKernel.LogRegularizedBetaByA, SpecialKernel.LogRegularizedBetaByB, SpecialKernel.LogRegularizedBetaByX);

    /// <summary>
    /// log(1 - I_x(a, b)), the logarithm of the survival function, elementwise with broadcasting, also where 1 - I
    /// underflows (<see cref="SpecialFunctions.LogRegularizedBetaComplement"/>). d/dx, d/da and d/db are minus the
    /// derivatives of I, divided by 1 - I.
    /// </summary>
    /// <param name="a">The first shape (exponent a - 1 of x), above 0.</param>
    /// <param name="b">The second shape (exponent b - 1 of 1 - x), above 0.</param>
    /// <param name="x">The point, in [0, 1].</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor LogRegularizedBetaComplement(Tensor a, Tensor b, Tensor x) => LogBetaTail(
        a, b, x, SpecialKernel.LogRegularizedBetaComplement,
        SpecialKernel.LogRegularizedBetaComplementByA, SpecialKernel.LogRegularizedBetaComplementByB,
        SpecialKernel.LogRegularizedBetaComplementByX);

    private static Tensor LogBetaTail(
        Tensor a, Tensor b, Tensor x, SpecialKernel value, SpecialKernel byA, SpecialKernel byB, SpecialKernel byX)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(x);
        (a, b, x) = Aligned(a, b, x);
        return Apply(value, a, b, x).Recorded(
            [a, b, x], [g => g * Apply(byA, a, b, x), g => g * Apply(byB, a, b, x), g => g * Apply(byX, a, b, x)]);
    }
}

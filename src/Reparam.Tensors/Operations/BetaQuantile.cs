using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The x with I_x(a, b) = p, elementwise with broadcasting (<see cref="SpecialFunctions.BetaQuantile"/>). By the
    /// implicit function theorem dx/dp = 1 / p(x; a, b), dx/da = -(dI/da) / p(x; a, b) and dx/db = -(dI/db) / p(x; a,
    /// b), where p(x; a, b) is the density. dx/da and dx/db are the pathwise derivatives of a beta variable; they are 0
    /// where x rounds to 0 or 1.
    /// </summary>
    /// <param name="a">The first shape (exponent a - 1 of x), above 0.</param>
    /// <param name="b">The second shape (exponent b - 1 of 1 - x), above 0.</param>
    /// <param name="p">The probability, in [0, 1].</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor BetaQuantile(Tensor a, Tensor b, Tensor p)
    {
        (a, b, p) = Aligned(a, b, p);
        Tensor y = Apply(SpecialKernel.BetaQuantile, a, b, p);
        return y.Recorded(
            [a, b, p],
            [
                g => g * Apply(SpecialKernel.BetaPathwiseA, a, b, y),
                g => g * Apply(SpecialKernel.BetaPathwiseB, a, b, y),
                g => g / Apply(SpecialKernel.BetaDensity, a, b, y),
            ]);
    }

    /// <summary>
    /// y = 1 - x, where x is the quantile of a beta variable, elementwise with broadcasting; accurate also where x
    /// rounds to 1 (<see cref="SpecialFunctions.BetaQuantileComplement"/>). dy/dp = -1 / p(x; a, b); dy/da and dy/db
    /// are the pathwise derivatives of a beta variable y of shapes b and a.
    /// </summary>
    /// <param name="a">The first shape (exponent a - 1 of x), above 0.</param>
    /// <param name="b">The second shape (exponent b - 1 of 1 - x), above 0.</param>
    /// <param name="p">The probability, in [0, 1].</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor BetaQuantileComplement(Tensor a, Tensor b, Tensor p)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(p);
        (a, b, p) = Aligned(a, b, p);
        Tensor y = Apply(SpecialKernel.BetaQuantileComplement, a, b, p);
        return y.Recorded(
            [a, b, p],
            [
                g => g * Apply(SpecialKernel.BetaPathwiseB, b, a, y),
                g => g * Apply(SpecialKernel.BetaPathwiseA, b, a, y),
                g => -g / Apply(SpecialKernel.BetaDensity, b, a, y),
            ]);
    }
}

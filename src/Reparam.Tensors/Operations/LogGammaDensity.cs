using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// (a - 1) log x - x - log Gamma(a), the log-density at x of a standard gamma variable of shape a, elementwise with
    /// broadcasting (<see cref="SpecialFunctions.LogGammaDensity"/>). d/dx = (a - 1)/x - 1, d/da = log x - psi(a).
    /// </summary>
    /// <param name="a">The shape, above 0.</param>
    /// <param name="x">The point, at least 0.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor LogGammaDensity(Tensor a, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(x);
        (a, x) = Aligned(a, x);
        return Apply(SpecialKernel.LogGammaDensity, a, x).Recorded(
            [a, x], [g => g * Apply(SpecialKernel.LogGammaDensityByShape, a, x),
                g => g * Where(x, (a - 1 - x) / x, PowerSlope(a, x) - 1)]);
    }

    /// <summary>(a - 1) / x, the derivative of (a - 1) log x. At x = 0 and a = 1 it is 0 instead of 0 / 0 =
    /// NaN.</summary>
    private static Tensor PowerSlope(Tensor a, Tensor x)
    {
        Tensor power = a - 1;
        return Apply(BinaryKernel.Masked, power, power / x);
    }
}

using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The CDF at x of a von Mises variable of mean direction 0, elementwise with broadcasting
    /// (<see cref="SpecialFunctions.VonMisesCdf"/>). d/dx = e^(k cos x) / (2 pi I_0(k)), d/dk =
    /// <see cref="SpecialFunctions.VonMisesCdfByConcentration"/>.</summary>
    /// <param name="concentration">The concentration k, at least 0.</param>
    /// <param name="x">The angle, in [-pi, pi].</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor VonMisesCdf(Tensor concentration, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(concentration);
        ArgumentNullException.ThrowIfNull(x);
        (Tensor k, x) = Aligned(concentration, x);
        Tensor y = Apply(SpecialKernel.VonMisesCdf, k, x);
        return y.Recorded(
            [k, x],
            [
                g => g * Apply(SpecialKernel.VonMisesCdfByConcentration, k, x),
                g => g * Apply(SpecialKernel.VonMisesDensity, k, x),
            ]);
    }
}

using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The x in [-pi, pi] with F(x) = p, where F is the CDF of a von Mises variable of mean direction 0,
    /// elementwise with broadcasting (<see cref="SpecialFunctions.VonMisesQuantile"/>). By the implicit function
    /// theorem dx/dp = 1 / p(x; k) and dx/dk = -(dF/dk) / p(x; k), where p(x; k) is the density.</summary>
    /// <param name="concentration">The concentration k, at least 0.</param>
    /// <param name="p">The probability, in [0, 1].</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor VonMisesQuantile(Tensor concentration, Tensor p)
    {
        ArgumentNullException.ThrowIfNull(concentration);
        ArgumentNullException.ThrowIfNull(p);
        (Tensor k, p) = Aligned(concentration, p);
        Tensor y = Apply(SpecialKernel.VonMisesQuantile, k, p);
        return y.Recorded(
            [k, p],
            [
                g => g * Apply(SpecialKernel.VonMisesPathwise, k, y),
                g => g / Apply(SpecialKernel.VonMisesDensity, k, y),
            ]);
    }
}

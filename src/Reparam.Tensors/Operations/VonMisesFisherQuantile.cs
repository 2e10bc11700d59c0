using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The quantile of the angle between a von Mises-Fisher variable and its mean direction: the x in [0, pi] with F(x)
    /// = p, where F is the CDF of the angle, elementwise with broadcasting
    /// (<see cref="SpecialFunctions.VonMisesFisherQuantile"/>). By the implicit function theorem dx/dp = 1 / p(x; k)
    /// and dx/dk = -(dF/dk) / p(x; k), where p(x; k) is the density.
    /// </summary>
    /// <param name="dimension">The number d of coordinates of the variable, at least 2.</param>
    /// <param name="concentration">The concentration k, at least 0.</param>
    /// <param name="p">The probability, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is below 2.</exception>
    public static Tensor VonMisesFisherQuantile(int dimension, Tensor concentration, Tensor p)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        ArgumentNullException.ThrowIfNull(concentration);
        ArgumentNullException.ThrowIfNull(p);
        (Tensor k, p) = Aligned(concentration, p);
        Tensor d = Full(k.Shape, dimension, k.DType), y = Apply(SpecialKernel.VonMisesFisherQuantile, d, k, p);
        return y.Recorded(
            [k, p],
            [
                g => g * Apply(SpecialKernel.VonMisesFisherPathwise, d, k, y),
                g => g / Apply(SpecialKernel.VonMisesFisherDensity, d, k, y),
            ]);
    }
}

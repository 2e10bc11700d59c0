using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// log P(a, x), the logarithm of the CDF at x of a standard gamma variable of shape a, elementwise with
    /// broadcasting, also where P underflows (<see cref="SpecialFunctions.LogRegularizedGammaP"/>). d/dx is the density
    /// divided by P, and d/da is (dP/da) / P.
    /// </summary>
    /// <param name="a">The shape, above 0.</param>
    /// <param name="x">The point, at least 0.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor LogRegularizedGammaP(Tensor a, Tensor x) => LogGammaTail(
        a, x, SpecialKernel.LogRegularizedGammaP, SpecialKernel.LogRegularizedGammaPByShape,
        SpecialKernel.LogRegularizedGammaPByX);

    /// <summary>
    /// log Q(a, x) = log(1 - P(a, x)), the logarithm of the survival function, elementwise with broadcasting, also
    /// where Q underflows (<see cref="SpecialFunctions.LogRegularizedGammaQ"/>). d/dx is minus the density divided by
    /// Q, and d/da is -(dP/da) / Q.
    /// </summary>
    /// <param name="a">The shape, above 0.</param>
    /// <param name="x">The point, at least 0.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor LogRegularizedGammaQ(Tensor a, Tensor x) => LogGammaTail(
        a, x, SpecialKernel.LogRegularizedGammaQ, SpecialKernel.LogRegularizedGammaQByShape,
        SpecialKernel.LogRegularizedGammaQByX);

    private static Tensor LogGammaTail(
        Tensor a, Tensor x, SpecialKernel value, SpecialKernel byShape, SpecialKernel byX)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(x);
        (a, x) = Aligned(a, x);
        return Apply(value, a, x).Recorded([a, x], [g => g * Apply(byShape, a, x), g => g * Apply(byX, a, x)]);
    }
}

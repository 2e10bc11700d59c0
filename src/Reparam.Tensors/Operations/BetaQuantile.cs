using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The x with I_x(a, b) = p, elementwise with broadcasting (<see cref="SpecialFunctions.BetaQuantile"/>). By the implicit function theorem dx/dp = 1 / p(x; a, b),
    /// dx/da = -(dI/da) / p(x; a, b) and dx/db alike, the pathwise derivatives of a beta variable. Where x rounds to 0 or 1 the latter are 0.</summary>
    /// <param name="a">The shape at 0, above 0.</param>
    /// <param name="b">The shape at 1, above 0.</param>
    /// <param name="p">The probability, in [0, 1].</param>
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
}

using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// a + log Gamma(a) + (1 - a) psi(a), the entropy of a standard gamma variable of shape a, elementwise
    /// (<see cref="SpecialFunctions.GammaEntropy"/>). d/da = 1 + (1 - a) psi'(a).
    /// </summary>
    public Tensor GammaEntropy() =>
        Apply(SpecialKernel.GammaEntropy, this).Recorded(this, g => g * Apply(SpecialKernel.GammaEntropySlope, this));
}

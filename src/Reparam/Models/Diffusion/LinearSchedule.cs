using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>gamma(t) = gamma_0 + (gamma_1 - gamma_0) t: the logarithm of the signal-to-noise ratio falls at one rate
/// (Kingma et al. 2021).</summary>
public sealed class LinearSchedule(double first, double last) : NoiseSchedule(first, last)
{
    /// <inheritdoc/>
    public override Tensor Gamma(Tensor time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return time.Affine(Last.Gamma - First.Gamma, First.Gamma);
    }

    /// <inheritdoc/>
    public override Tensor Slope(Tensor time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Tensor.Full(time.Shape, Last.Gamma - First.Gamma, DType.Float64);
    }
}

using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// How the noise of a diffusion model grows with the time t in [0, 1]: gamma(t), the negative logarithm of the
/// signal-to-noise ratio (<see cref="NoiseLevel"/>). It increases strictly from <see cref="First"/> at t = 0 to
/// <see cref="Last"/> at t = 1. alpha, sigma and all variances follow from gamma, so there is one table of noise.
/// </summary>
/// <remarks>In the limit of many steps the bound depends on the schedule through its two ends alone (Kingma et al.
/// 2021, section 5.1). The form between the ends sets the variance of its estimate, and the times of a
/// sampler.</remarks>
public abstract class NoiseSchedule : Module
{
    /// <summary>A schedule between two levels.</summary>
    /// <param name="first">gamma(0), nearly without noise.</param>
    /// <param name="last">gamma(1), nearly all noise.</param>
    /// <exception cref="ArgumentException">A level is not finite, or the last is not above the first.</exception>
    protected NoiseSchedule(double first, double last)
    {
        if (!double.IsFinite(first) || !double.IsFinite(last) || last <= first)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"A noise schedule increases from a finite gamma to another, not from {first} to {last}."));
        }

        (First, Last) = (new NoiseLevel(first), new NoiseLevel(last));
    }

    /// <summary>The level at t = 0.</summary>
    public NoiseLevel First { get; }

    /// <summary>The level at t = 1.</summary>
    public NoiseLevel Last { get; }

    /// <summary>gamma(t) for times [N] in Float64.</summary>
    public abstract Tensor Gamma(Tensor time);

    /// <summary>The derivative of gamma by t for times [N] in Float64.</summary>
    public abstract Tensor Slope(Tensor time);

    /// <summary>Tells the schedule, in training, the denoiser's errors h = 1/2 |e - e'|^2, [N], at levels [N]. A fixed
    /// schedule ignores them.</summary>
    internal virtual void Observe(Tensor gamma, Tensor error)
    {
    }

    /// <summary>The level at one time.</summary>
    public NoiseLevel At(double time)
    {
        using var scope = new TensorScope();
        return new NoiseLevel(Gamma(Tensor.From([time], [1])).At(0));
    }
}

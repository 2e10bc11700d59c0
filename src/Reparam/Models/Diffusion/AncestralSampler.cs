using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// Draws each latent from p(z_s|z_t), the normal whose mean and variance are those of q(z_s|z_t, x) at the predicted
/// data (Ho, Jain and Abbeel 2020): z_s = alpha_s / alpha_t (z_t - c sigma_t e') + sigma_s sqrt(c) e, with
/// c = 1 - exp(gamma_s - gamma_t). With the model's own number of steps these are draws of the model itself.
/// </summary>
public sealed class AncestralSampler(int steps) : DiffusionSampler(steps)
{
    /// <inheritdoc/>
    public override string Name => "ancestral";

    /// <inheritdoc/>
    public override bool IsDeterministic => false;

    /// <inheritdoc/>
    protected override Func<Tensor, int, Tensor> Start(
        Func<Tensor, NoiseLevel, Denoised> denoise, IReadOnlyList<NoiseLevel> levels, Rng? rng) => (z, i) =>
    {
        (NoiseLevel t, NoiseLevel s) = (levels[i], levels[i + 1]);
        double c = s.NewShare(t);
        Tensor noise = NoiseOf(rng!, i).Normal(z.Shape, z.DType);
        return (z - denoise(z, t).Noise * (c * t.Sigma)) * (s.Alpha / t.Alpha) + noise * (s.Sigma * Math.Sqrt(c));
    };

    /// <summary>The stream of the noise of a step.</summary>
    internal static Rng NoiseOf(Rng rng, int step) => rng.Split("step" + step.ToString(CultureInfo.InvariantCulture));
}

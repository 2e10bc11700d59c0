using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// Denoising diffusion implicit models (Song, Meng and Ermon 2021): z_s = alpha_s x' + sqrt(sigma_s^2 - eta^2 sigma_s^2
/// c) e' + eta sigma_s sqrt(c) e, with c = 1 - exp(gamma_s - gamma_t). With eta = 0 no noise is added; eta = 1 has the
/// distribution of an <see cref="AncestralSampler"/>.
/// </summary>
public sealed class DdimSampler : DiffusionSampler
{
    /// <summary>A sampler.</summary>
    /// <param name="steps">The number of steps.</param>
    /// <param name="eta">The share of the noise that is new, from 0 to 1.</param>
    public DdimSampler(int steps, double eta = 0)
        : base(steps) => Eta = eta is >= 0 and <= 1 ? eta
            : throw new ArgumentOutOfRangeException(nameof(eta), eta, "eta lies between 0 and 1.");

    /// <summary>The share of the noise that is new.</summary>
    public double Eta { get; }

    /// <inheritdoc/>
    public override string Name => "ddim";

    /// <inheritdoc/>
    public override bool IsDeterministic => Eta == 0;

    /// <inheritdoc/>
    protected override Func<Tensor, int, Tensor> Start(
        Func<Tensor, NoiseLevel, Denoised> denoise, IReadOnlyList<NoiseLevel> levels, Rng? rng) => (z, i) =>
    {
        (NoiseLevel t, NoiseLevel s) = (levels[i], levels[i + 1]);
        double fresh = Eta * Math.Sqrt(s.NewShare(t));
        Denoised denoised = denoise(z, t);
        Tensor next = denoised.Data * s.Alpha + denoised.Noise * (s.Sigma * Math.Sqrt(1 - fresh * fresh));
        return IsDeterministic ? next
            : next + AncestralSampler.NoiseOf(rng!, i).Normal(z.Shape, z.DType) * (s.Sigma * fresh);
    };
}

using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// DPM-Solver++(2M) (Lu et al. 2022), a solver of the probability flow of second order in the logarithm of the
/// signal-to-noise ratio, with one call of the denoiser for each step: with h = (gamma_t - gamma_s) / 2,
/// z_s = sigma_s / sigma_t z_t - alpha_s expm1(-h) D. D extrapolates the predicted data from the last two steps; the
/// first step uses the last prediction alone.
/// </summary>
public sealed class DpmSolverSampler(int steps) : DiffusionSampler(steps)
{
    /// <inheritdoc/>
    public override string Name => "dpm-solver";

    /// <inheritdoc/>
    protected override Func<Tensor, int, Tensor> Start(
        Func<Tensor, NoiseLevel, Denoised> denoise, IReadOnlyList<NoiseLevel> levels, Rng? rng)
    {
        Tensor? before = null;
        return (z, i) =>
        {
            (NoiseLevel t, NoiseLevel s) = (levels[i], levels[i + 1]);
            double h = (t.Gamma - s.Gamma) / 2;
            Tensor data = denoise(z, t).Data, used = data;
            if (before is not null)
            {
                double ratio = 0.5 * h / ((levels[i - 1].Gamma - t.Gamma) / 2);
                used = data * (1 + ratio) - before * ratio;
            }

            before = data.Keep();
            return z * (s.Sigma / t.Sigma) - used * (s.Alpha * PortableMath.ExpM1(-h));
        };
    }
}

using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// A level of the noise in z = alpha x + sigma e with e ~ N(0, I). The level is gamma = -log(alpha^2 / sigma^2), the
/// negative logarithm of the signal-to-noise ratio. The process preserves the variance: alpha^2 = sigmoid(-gamma),
/// sigma^2 = sigmoid(gamma) (Kingma, Salimans, Poole and Ho 2021, section 3.2). Everything is computed from gamma in
/// Float64.
/// </summary>
/// <param name="Gamma">gamma. Other sources write lambda for -gamma, or, in DPM-Solver, for -gamma / 2.</param>
public readonly record struct NoiseLevel(double Gamma)
{
    /// <summary>alpha, the factor of the data.</summary>
    public double Alpha => Math.Sqrt(Sigmoid(-Gamma));

    /// <summary>sigma, the standard deviation of the noise.</summary>
    public double Sigma => Math.Sqrt(Sigmoid(Gamma));

    /// <summary>alpha^2 / sigma^2.</summary>
    public double SignalToNoise => PortableMath.Exp(-Gamma);

    /// <summary>
    /// The share c of the variance at the noisier level <paramref name="later"/> that is not explained by this level:
    /// sigma_{t|s}^2 = sigma_t^2 c with c = 1 - exp(gamma_s - gamma_t), computed without cancellation.
    /// </summary>
    public double NewShare(NoiseLevel later) => -PortableMath.ExpM1(Gamma - later.Gamma);

    private static double Sigmoid(double x) =>
        x >= 0 ? 1 / (1 + PortableMath.Exp(-x)) : PortableMath.Exp(x) / (1 + PortableMath.Exp(x));
}

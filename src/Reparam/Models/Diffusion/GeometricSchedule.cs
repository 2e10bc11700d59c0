using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// sigma^2(t) = sigma_0^2 (sigma_1^2 / sigma_0^2)^t: the variance of the noise grows by one factor (Vahdat, Kreis and
/// Kautz 2021). gamma = log(sigma^2 / (1 - sigma^2)).
/// </summary>
public sealed class GeometricSchedule : NoiseSchedule
{
    // log sigma^2 at t = 0, and its growth.
    private readonly double _from, _span;

    /// <summary>A schedule between two levels.</summary>
    /// <inheritdoc cref="NoiseSchedule(double, double)"/>
    public GeometricSchedule(double first, double last)
        : base(first, last)
    {
        _from = LogVariance(first);
        _span = LogVariance(last) - _from;
    }

    /// <inheritdoc/>
    public override Tensor Gamma(Tensor time)
    {
        Tensor log = Log(time);
        return log - (-log.ExpM1()).Log();
    }

    /// <inheritdoc/>
    public override Tensor Slope(Tensor time) => _span / -Log(time).ExpM1();

    private Tensor Log(Tensor time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return time.Affine(_span, _from);
    }

    /// <summary>log sigmoid(gamma).</summary>
    private static double LogVariance(double gamma) => Math.Min(gamma, 0)
        - PortableMath.LogP1(PortableMath.Exp(-Math.Abs(gamma)));
}

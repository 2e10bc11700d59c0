using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// alpha = cos(pi u / 2) and sigma = sin(pi u / 2) with u linear in t (Nichol and Dhariwal 2021), cut at the two
/// levels: gamma = 2 log tan(pi u / 2).
/// </summary>
public sealed class CosineSchedule : NoiseSchedule
{
    // The angle pi u / 2 at both ends.
    private readonly double _from, _span;

    /// <summary>A schedule between two levels.</summary>
    /// <inheritdoc cref="NoiseSchedule(double, double)"/>
    public CosineSchedule(double first, double last)
        : base(first, last)
    {
        _from = PortableMath.Atan(PortableMath.Exp(first / 2));
        _span = PortableMath.Atan(PortableMath.Exp(last / 2)) - _from;
    }

    /// <inheritdoc/>
    public override Tensor Gamma(Tensor time)
    {
        Tensor angle = Angle(time);
        return (angle.Sin() / angle.Cos()).Log() * 2;
    }

    /// <inheritdoc/>
    public override Tensor Slope(Tensor time) => 4 * _span / (Angle(time) * 2).Sin();

    private Tensor Angle(Tensor time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return time.Affine(_span, _from);
    }
}

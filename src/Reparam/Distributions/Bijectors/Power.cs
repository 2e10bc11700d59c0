using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>y = x^k for x > 0 and k not 0: log dy/dx = log |k| + (k - 1) log x.</summary>
public sealed class Power : ElementwiseBijector
{
    private readonly double _exponent, _logFactor;

    /// <summary>Creates the map with exponent k.</summary>
    /// <exception cref="ArgumentOutOfRangeException">k is 0 or not finite.</exception>
    public Power(double exponent)
    {
        if (exponent == 0 || !double.IsFinite(exponent))
        {
            throw new ArgumentOutOfRangeException(
                nameof(exponent), exponent, "The exponent must be finite and not 0.");
        }

        (_exponent, _logFactor) = (exponent, PortableMath.Log(Math.Abs(exponent)));
    }

    /// <inheritdoc/>
    protected override Tensor Image(Tensor x) => (x.Log() * _exponent).Exp();

    /// <inheritdoc/>
    protected override Tensor Preimage(Tensor y) => (y.Log() / _exponent).Exp();

    /// <inheritdoc/>
    protected override Tensor LogSlope(Tensor x) => x.Log() * (_exponent - 1) + _logFactor;
}

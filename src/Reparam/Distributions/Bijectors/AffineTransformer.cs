using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// y = x exp(s) + m with s = c tanh(raw / c), which keeps |s| below c (2 by default), so that no scale explodes.
/// RealNVP (Dinh, Sohl-Dickstein and Bengio 2017), MAF (Papamakarios et al. 2017) and IAF (Kingma et al. 2016) use this
/// transformer.
/// </summary>
public sealed class AffineTransformer : Transformer
{
    private readonly double _limit;

    /// <summary>Creates a transformer with scales between exp(-limit) and exp(limit).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive and finite.</exception>
    public AffineTransformer(double limit = 2)
    {
        if (!(limit > 0) || !double.IsFinite(limit))
        {
            throw new ArgumentOutOfRangeException(
                nameof(limit), limit, "The limit of the log-scale must be positive and finite.");
        }

        _limit = limit;
    }

    /// <summary>2: the shift and the log-scale.</summary>
    public override int Parameters => 2;

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogSlope) Forward(Tensor x, Tensor parameters)
    {
        (Tensor shift, Tensor logScale) = Split(parameters);
        return (x * logScale.Exp() + shift, logScale);
    }

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogSlope) Inverse(Tensor y, Tensor parameters)
    {
        (Tensor shift, Tensor logScale) = Split(parameters);
        return ((y - shift) * (-logScale).Exp(), -logScale);
    }

    private (Tensor Shift, Tensor LogScale) Split(Tensor parameters)
    {
        Shape outer = parameters.Shape[..^1];
        return (parameters.Slice(^1, 0, 1).Reshape(outer),
            (parameters.Slice(^1, 1, 1).Reshape(outer) / _limit).Tanh() * _limit);
    }
}

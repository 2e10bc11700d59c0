using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>y = loc + scale x elementwise, where scale is not 0: log |dy/dx| = log |scale|.</summary>
public sealed class Affine : ElementwiseBijector
{
    private readonly Tensor _loc, _scale;

    /// <summary>Creates the map from an offset and a factor, which broadcast against x.</summary>
    /// <exception cref="ArgumentException">A factor is 0.</exception>
    public Affine(Tensor loc, Tensor scale)
    {
        for (int i = 0; scale.HasElements && i < scale.Size; i++)
        {
            if (scale.At(i) == 0)
            {
                throw new ArgumentException(
                    $"scale must not be 0 (element {i} of shape {scale.Shape}): the map would have no inverse.",
                    nameof(scale));
            }
        }

        (_loc, _scale) = (loc, scale);
    }

    /// <inheritdoc/>
    protected override Tensor Image(Tensor x) => _loc + _scale * x;

    /// <inheritdoc/>
    protected override Tensor Preimage(Tensor y) => (y - _loc) / _scale;

    /// <inheritdoc/>
    protected override Tensor LogSlope(Tensor x) => _scale.Abs().Log() + Tensor.Zeros(x.Shape, x.DType);
}

using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// A map of single elements. Its log-determinant is the logarithm of the absolute value of its slope.
/// </summary>
public abstract class ElementwiseBijector : Bijector
{
    /// <summary>Creates a map of single elements.</summary>
    protected ElementwiseBijector()
        : base(0)
    {
    }

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y)
    {
        Tensor x = Preimage(y);
        return (x, -LogSlope(x));
    }

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x) => (Image(x), LogSlope(x));

    /// <summary>f(x).</summary>
    protected abstract Tensor Image(Tensor x);

    /// <summary>f^-1(y).</summary>
    protected abstract Tensor Preimage(Tensor y);

    /// <summary>log |f'(x)|.</summary>
    protected abstract Tensor LogSlope(Tensor x);
}

using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// A monotone rational-quadratic spline with K bins on [-bound, bound]; outside it is the identity (Durkan et al. 2019,
/// "Neural spline flows"). Each element has K parameters for the widths of the bins and K for their heights, each
/// through a softmax with a lower bound, and K - 1 for the slopes at the inner knots, through a softplus with a lower
/// bound. The slopes at the ends are 1. With all parameters 0 the spline is nearly the identity.
/// </summary>
public sealed class SplineTransformer : Transformer
{
    private const double LeastSize = 1e-3, LeastSlope = 1e-3;

    // With this offset, softplus(x + SlopeOffset) + LeastSlope is 1 at x = 0.
    private static readonly double SlopeOffset = PortableMath.Log(PortableMath.ExpM1(1 - LeastSlope));

    private readonly int _bins;
    private readonly double _bound;

    /// <summary>Creates a transformer with K bins between -bound and bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 or more than 500 bins, or the bound is not
    /// positive and finite.</exception>
    public SplineTransformer(int bins = 8, double bound = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 500);
        if (!(bound > 0) || !double.IsFinite(bound))
        {
            throw new ArgumentOutOfRangeException(
                nameof(bound), bound, "The bound of a spline must be positive and finite.");
        }

        (_bins, _bound) = (bins, bound);
    }

    /// <summary>3 K - 1.</summary>
    public override int Parameters => 3 * _bins - 1;

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogSlope) Forward(Tensor x, Tensor parameters)
    {
        (Tensor inside, Tensor within) = Inside(x);
        Bin bin = Find(within, parameters, byHeight: false);
        Tensor t = (within - bin.X) / bin.Width, u = t * (1 - t), s = bin.Height / bin.Width;
        Tensor denominator = s + (bin.SlopeRight + bin.SlopeLeft - s * 2) * u;
        Tensor y = bin.Y + bin.Height * (s * t.Square() + bin.SlopeLeft * u) / denominator;
        return (Tensor.Where(inside, y, x), Tensor.Where(inside, LogSlope(bin, t, u, s, denominator), 0));
    }

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogSlope) Inverse(Tensor y, Tensor parameters)
    {
        (Tensor inside, Tensor within) = Inside(y);
        Bin bin = Find(within, parameters, byHeight: true);
        Tensor s = bin.Height / bin.Width, rise = within - bin.Y, bend = bin.SlopeRight + bin.SlopeLeft - s * 2;
        Tensor a = bin.Height * (s - bin.SlopeLeft) + rise * bend, b = bin.Height * bin.SlopeLeft - rise * bend,
            c = -s * rise;
        // The root of a t^2 + b t + c in [0, 1], in the form that does not cancel for the sign of b. Rounding could
        // make the discriminant negative, so it is kept at 0 or more.
        Tensor discriminant = Tensor.Maximum(b.Square() - a * c * 4, Tensor.Scalar(0, y.DType));
        Tensor root = (discriminant + 1e-30).Sqrt();
        Tensor falling = Tensor.Less(b, 0), one = Tensor.Scalar(1, y.DType);
        Tensor t = Tensor.Where(
            falling, (root - b) / (Tensor.Where(falling, a, one) * 2), c * -2 / Tensor.Where(falling, one, b + root));
        Tensor u = t * (1 - t), denominator = s + bend * u;
        return (Tensor.Where(inside, bin.X + t * bin.Width, y),
            Tensor.Where(inside, -LogSlope(bin, t, u, s, denominator), 0));
    }

    private static Tensor LogSlope(Bin bin, Tensor t, Tensor u, Tensor s, Tensor denominator) =>
        s.Log() * 2 + (bin.SlopeRight * t.Square() + s * u * 2 + bin.SlopeLeft * (1 - t).Square()).Log()
            - denominator.Log() * 2;

    /// <summary>
    /// Inside is 1 where the spline applies. Within is the argument, with the middle of the interval in place of
    /// arguments outside, so that nothing outside reaches a gradient.
    /// </summary>
    private (Tensor Inside, Tensor Within) Inside(Tensor x)
    {
        Tensor inside = Formulas.Within(x, -_bound, _bound);
        return (inside, Tensor.Where(inside, x, 0));
    }

    private Bin Find(Tensor value, Tensor parameters, bool byHeight)
    {
        (Tensor left, Tensor widths) = Knots(parameters.Slice(^1, 0, _bins));
        (Tensor bottom, Tensor heights) = Knots(parameters.Slice(^1, _bins, _bins));
        Tensor ends = Tensor.Ones(parameters.Shape[..^1] + [1], parameters.DType);
        Tensor inner = (parameters.Slice(^1, 2 * _bins, _bins - 1) + SlopeOffset).SoftPlus() + LeastSlope;
        Tensor slopes = Tensor.Concat(^1, ends, inner, ends);
        // 1 for each bin that begins at or before the value. The last of these bins contains the value.
        Tensor begun = Tensor.GreaterOrEqual(value.Reshape(value.Shape + [1]), byHeight ? bottom : left);
        begun = Tensor.Maximum(begun, Tensor.Arange(_bins, value.DType).OneHot(_bins).Slice(0, 0, 1).Reshape([_bins]));
        Tensor later = Tensor.Concat(
            ^1, begun.Slice(^1, 1, _bins - 1), Tensor.Zeros(begun.Shape[..^1] + [1], value.DType));
        Tensor chosen = (begun - later).Detach();
        Tensor Pick(Tensor options) => (chosen * options).Sum(^1);
        return new Bin(Pick(left), Pick(widths), Pick(bottom), Pick(heights), Pick(slopes.Slice(^1, 0, _bins)),
            Pick(slopes.Slice(^1, 1, _bins)));
    }

    /// <summary>The left end and the size of each bin.</summary>
    private (Tensor Left, Tensor Size) Knots(Tensor raw)
    {
        Tensor sizes = (raw.SoftMax(^1) * (1 - LeastSize * _bins) + LeastSize) * (2 * _bound);
        // The sum of the sizes of the bins before, computed as a product with a strict triangle.
        Tensor rows = sizes.Reshape([sizes.Size / _bins, _bins]);
        Tensor before = Tensor.MatMul(rows, Tensor.Ones([_bins, _bins], raw.DType).Tril(-1), transposeB: true).Reshape(
            sizes.Shape);
        return (before - _bound, sizes);
    }

    private readonly record struct Bin(
        Tensor X, Tensor Width, Tensor Y, Tensor Height, Tensor SlopeLeft, Tensor SlopeRight);
}

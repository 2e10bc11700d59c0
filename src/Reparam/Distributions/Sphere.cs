using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>The unit sphere in m dimensions, in Float64. The families on the sphere share this code.</summary>
internal static class Sphere
{
    /// <summary>log(2 pi^(m/2) / Gamma(m/2)), the logarithm of the area of the sphere.</summary>
    public static double LogArea(int dimension) =>
        0.69314718055994530942 + 0.5 * dimension * 1.1447298858494001741 - Tensor.Scalar(
            0.5 * dimension, DType.Float64).LogGamma().Item();

    /// <summary>The batch shape of directions [..., m] and concentrations [...], after a check of both.</summary>
    /// <exception cref="ArgumentException">The shapes or element types do not fit, m is below 2, a direction is 0 or
    /// infinite, or a concentration is negative or infinite.</exception>
    public static Shape Batch(Tensor direction, Tensor concentration)
    {
        ArgumentNullException.ThrowIfNull(direction);
        ArgumentNullException.ThrowIfNull(concentration);
        if (direction.DType != concentration.DType)
        {
            throw new ArgumentException("direction and concentration must have one element type, got " +
                $"{direction.DType} and {concentration.DType}. Convert one with To(DType).");
        }

        if (direction.Rank < 1 || direction.Shape[^1] < 2)
        {
            throw new ArgumentException("direction must have at least two coordinates along its last axis; got shape " +
                $"{direction.Shape}.", nameof(direction));
        }

        Tensor norms = SquaredNorm(direction.Detach().To(DType.Float64));
        for (int i = 0; norms.HasElements && i < norms.Size; i++)
        {
            if (norms.At(i) is 0 or double.PositiveInfinity)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"direction must be a finite " +
                    $"vector other than 0; vector {i} is not (shape {direction.Shape})."), nameof(direction));
            }
        }

        Checked.NonNegative(concentration);
        for (int i = 0; concentration.HasElements && i < concentration.Size; i++)
        {
            if (double.IsInfinity(concentration.At(i)))
            {
                throw new ArgumentException($"concentration must be finite, got infinity at element {i} of shape " +
                    $"{concentration.Shape}.", nameof(concentration));
            }
        }

        return Checked.Join(direction.Shape[..^1], concentration.Shape, "the batch of direction", "concentration");
    }

    /// <summary>Vectors scaled to length 1, in Float64.</summary>
    public static Tensor Unit(Tensor x)
    {
        Tensor wide = x.To(DType.Float64);
        return wide / SquaredNorm(wide).Sqrt();
    }

    /// <summary>
    /// Height is |x - y|^2 / 2 = 1 - cos of the angle between a value and unit vectors. The value need not have length
    /// 1. HasDirection is 1 where the value is not the vector 0, which has no direction.
    /// </summary>
    /// <exception cref="ArgumentException">The value has another number of coordinates.</exception>
    public static (Tensor Height, Tensor HasDirection) HeightOf(Tensor value, Tensor unit)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Rank < 1 || value.Shape[^1] != unit.Shape[^1])
        {
            throw new ArgumentException($"A value must have {unit.Shape[^1]} coordinates along its last axis; got " +
                $"shape {value.Shape}.", nameof(value));
        }

        Tensor wide = value.To(DType.Float64), norm = SquaredNorm(wide.Detach());
        Tensor some = Tensor.Less(Tensor.Scalar(0, DType.Float64), norm) + Formulas.IsNaN(norm);
        return (Height(Unit(Tensor.Where(some, wide, 1)), unit), some.Reshape(some.Shape[..^1]).To(value.DType));
    }

    /// <summary>
    /// |x - y|^2 / 2 = 1 - cos of the angle between unit vectors. It keeps its digits where the vectors are close.
    /// </summary>
    public static Tensor Height(Tensor x, Tensor y) => (x - y).Square().Sum(^1) * 0.5;

    /// <summary>Uniform unit vectors [..., m] from normal noise [..., m].</summary>
    public static Tensor Uniform(Tensor noise)
    {
        // In one dimension the result is a sign. Box-Muller noise may be 0 there, but not in two neighbouring
        // coordinates.
        return noise.Shape[^1] == 1 ? Tensor.GreaterOrEqual(noise, 0) * 2 - 1 : noise / SquaredNorm(noise).Sqrt();
    }

    /// <summary>
    /// The unit vectors cos x direction + sin x v, where v is uniform and orthogonal to the direction. They are (-s cos
    /// x, sin x w), with w uniform in m - 1 dimensions, after a reflection that maps -s e_1 to the direction. s is the
    /// sign of the first coordinate of the direction. The reflection is along direction + s e_1, which is never short.
    /// It changes smoothly with the direction until s changes.
    /// </summary>
    /// <param name="direction">Unit vectors, batch + [m].</param>
    /// <param name="cosine">cos x, sample + batch.</param>
    /// <param name="sine">sin x, not negative, sample + batch.</param>
    /// <param name="noise">Normal noise, sample + batch + [m - 1].</param>
    public static Tensor Around(Tensor direction, Tensor cosine, Tensor sine, Tensor noise)
    {
        int m = direction.Shape[^1];
        Shape column = cosine.Shape + [1];
        Tensor sign = (Tensor.GreaterOrEqual(direction.Slice(^1, 0, 1), 0) * 2 - 1).Detach();
        Tensor axis = direction + sign * Tensor.Concat(
            0, Tensor.Ones([1], DType.Float64), Tensor.Zeros([m - 1], DType.Float64));
        Tensor about = Tensor.Concat(^1, -(cosine.Reshape(column) * sign), sine.Reshape(column) * Uniform(noise));
        return about - axis * ((axis * about).Sum(^1, keepAxis: true) / SquaredNorm(axis) * 2);
    }

    private static Tensor SquaredNorm(Tensor x) => x.Square().Sum(^1, keepAxis: true);
}

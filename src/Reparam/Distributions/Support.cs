using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The set where a distribution has its mass: a kind of set and, where the elements lie on the line, the ends between
/// which each element lies.
/// </summary>
/// <param name="Kind">The kind of set.</param>
/// <param name="Low">The lower end of each element. It broadcasts against the batch and the event. It is -infinity
/// where there is no lower end.</param>
/// <param name="High">The upper end of each element. It is infinity where there is no upper end.</param>
public sealed record Support(SupportKind Kind, Tensor Low, Tensor High)
{
    /// <summary>Whether the set is discrete.</summary>
    public bool IsDiscrete => Kind is SupportKind.WholeNumbers or SupportKind.Levels or SupportKind.OneHot
        or SupportKind.Points or SupportKind.Point;

    /// <summary>The real line.</summary>
    public static Support Real(DType dtype) => Interval(double.NegativeInfinity, double.PositiveInfinity, dtype);

    /// <summary>The positive half-line, from 0 to infinity.</summary>
    public static Support Positive(DType dtype) => Interval(0, double.PositiveInfinity, dtype);

    /// <summary>The interval from 0 to 1.</summary>
    public static Support UnitInterval(DType dtype) => Interval(0, 1, dtype);

    /// <summary>The interval from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public static Support Interval(double low, double high, DType dtype) => Of(SupportKind.Interval, low, high, dtype);

    /// <summary>A set of the given <paramref name="kind"/> between fixed ends.</summary>
    public static Support Of(SupportKind kind, double low, double high, DType dtype) =>
        new(kind, Tensor.Scalar(low, dtype), Tensor.Scalar(high, dtype));

    /// <summary>
    /// 1 where an element lies between the ends, and is a whole number if the kind is whole numbers or one-hot vectors;
    /// 0 elsewhere. The sums and lengths of vectors are not checked.
    /// </summary>
    public Tensor Contains(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Tensor inside = Formulas.Within(value, Low, High);
        return Kind is SupportKind.WholeNumbers or SupportKind.OneHot ? inside * Formulas.IsWhole(value) : inside;
    }

    /// <summary>
    /// 1 where all of this support lies within the other support; 0 where some mass of this support lies outside. It is
    /// null where the kinds differ and the relation is not known.
    /// </summary>
    internal Tensor? Within(Support other)
    {
        if (Kind != other.Kind && !(Kind == SupportKind.OneHot && other.Kind == SupportKind.WholeNumbers))
        {
            // Points, given values and grey levels may lie inside other sets or not, depending on their values. All
            // other pairs of different kinds share no mass.
            return Kind is SupportKind.Point or SupportKind.Points or SupportKind.Levels || other.Kind
                is SupportKind.Point or SupportKind.Points or SupportKind.Levels ? null : Tensor.Zeros([], Low.DType);
        }

        return Tensor.GreaterOrEqual(Low, other.Low) * Tensor.GreaterOrEqual(other.High, High);
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        SupportKind.Interval => $"the interval from {End(Low)} to {End(High)}",
        SupportKind.WholeNumbers => $"whole numbers from {End(Low)} to {End(High)}",
        SupportKind.Levels => "256 levels from 0 to 1",
        SupportKind.Simplex => "the simplex",
        SupportKind.OneHot => "one-hot vectors",
        SupportKind.Sphere => "the unit sphere",
        SupportKind.PositiveDefinite => "positive-definite matrices",
        SupportKind.CorrelationCholesky => "Cholesky factors of correlation matrices",
        SupportKind.Points => "given values",
        _ => "one point",
    };

    private static string End(Tensor end) => end.Size == 1 ? end.Item().ToString(CultureInfo.InvariantCulture)
        : "its parameter";
}

using System.Globalization;
using System.Runtime.CompilerServices;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Checks the parameters of distributions and broadcasts them to one shape. NaN passes the checks: if training
/// diverges, the trainer reports the layer and the step. The density of NaN parameters is NaN, or -infinity where the
/// parameter is an end of the support.
/// </summary>
internal static class Checked
{
    /// <summary>Broadcasts both parameters to their joint shape.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static (Tensor A, Tensor B) Broadcast(
        Tensor a, Tensor b, [CallerArgumentExpression(nameof(a))] string nameA = "",
        [CallerArgumentExpression(nameof(b))] string nameB = "")
    {
        ArgumentNullException.ThrowIfNull(a, nameA);
        ArgumentNullException.ThrowIfNull(b, nameB);
        if (a.DType != b.DType)
        {
            throw new ArgumentException($"{nameA} and {nameB} must have one element type, got {a.DType} and " +
                $"{b.DType}. Convert one with To(DType).");
        }

        Shape shape = Join(a.Shape, b.Shape, nameA, nameB);
        return (To(a, shape), To(b, shape));
    }

    /// <summary>Broadcasts three parameters to their joint shape.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static (Tensor A, Tensor B, Tensor C) Broadcast(
        Tensor a, Tensor b, Tensor c, [CallerArgumentExpression(nameof(a))] string nameA = "",
        [CallerArgumentExpression(nameof(b))] string nameB = "",
        [CallerArgumentExpression(nameof(c))] string nameC = "")
    {
        (a, b) = Broadcast(a, b, nameA, nameB);
        (c, a) = Broadcast(c, a, nameC, $"{nameA}, {nameB}");
        return (a, To(b, a.Shape), c);
    }

    /// <summary>The joint shape of two shapes that broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast. The message names both.</exception>
    public static Shape Join(Shape a, Shape b, string nameA, string nameB)
    {
        int[] joint = new int[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= joint.Length; i++)
        {
            int x = i <= a.Rank ? a[^i] : 1, y = i <= b.Rank ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
                throw new ArgumentException($"{nameA} and {nameB} must broadcast to one shape, got {a} and {b}.");
            joint[^i] = x == 1 ? y : x;
        }

        return Shape.Create(joint);
    }

    /// <summary>
    /// The tensor broadcast to the shape. If it has that shape already, the tensor itself is returned and nothing is
    /// recorded.
    /// </summary>
    public static Tensor To(Tensor x, Shape shape) => x.Shape == shape ? x : x.BroadcastTo(shape);

    /// <summary>Checks that every element is above 0.</summary>
    /// <exception cref="ArgumentException">An element is not above 0.</exception>
    public static Tensor Positive(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "") =>
        InRange(x, 0, double.PositiveInfinity, "positive", true, name);

    /// <summary>Checks that every element is 0 or more.</summary>
    /// <exception cref="ArgumentException">An element is negative.</exception>
    public static Tensor NonNegative(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "") =>
        InRange(x, 0, double.PositiveInfinity, "not negative", false, name);

    /// <summary>Checks that every element lies between 0 and 1.</summary>
    /// <exception cref="ArgumentException">An element lies outside [0, 1].</exception>
    public static Tensor Probability(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "") =>
        InRange(x, 0, 1, "between 0 and 1", false, name);

    /// <summary>Checks that every element is a number of trials: finite, whole and not negative.</summary>
    /// <exception cref="ArgumentException">An element is not a finite whole number of 0 or more.</exception>
    public static Tensor Count(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "") =>
        NotNull(x, name) is var y && First(y, v => v < 0 || v != Math.Floor(v) || double.IsPositiveInfinity(
            v)) is { } at ? throw Refusal(y, at, "a finite whole number, not negative", name) : y;

    /// <summary>
    /// Checks that matrices [..., n, n] equal their transposes up to rounding. The check is needed because a
    /// factorisation reads only one triangle.
    /// </summary>
    /// <exception cref="ArgumentException">The matrices are not square, or two mirrored elements differ by more than
    /// rounding. The message names both elements.</exception>
    public static Tensor Symmetric(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(x, name);
        int n = x.Rank < 2 ? 0 : x.Shape[^1];
        if (x.Rank < 2 || x.Shape[^2] != n)
            throw new ArgumentException($"{name} must be square matrices, got shape {x.Shape}.", name);
        if (!x.HasElements) return x;
        // The two orders of a product of n terms differ by a few roundings of the scale of the product.
        double rounding = 100 * (x.DType == DType.Float32 ? 1.2e-7 : 2.3e-16);
        for (int matrix = 0; matrix < x.Size; matrix += n * n)
        {
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double lower = x.At(matrix + i * n + j), upper = x.At(matrix + j * n + i);
                    double scale = Math.Sqrt(Math.Abs(x.At(matrix + i * n + i) * x.At(matrix + j * n + j)));
                    if (Math.Abs(lower - upper) > rounding * Math.Max(scale, Math.Abs(lower)))
                    {
                        throw new ArgumentException(
                            string.Create(CultureInfo.InvariantCulture,
                                $"{name} must be symmetric, got {lower} at [{i}, {j}] and {upper} at [{j}, {i}]."),
                            name);
                    }
                }
            }
        }

        return x;
    }

    /// <summary>
    /// Returns the argument if it is not null. Constructors use it to check an argument before they call the base
    /// class.
    /// </summary>
    /// <exception cref="ArgumentNullException">The argument is null.</exception>
    public static T NotNull<T>(T x, [CallerArgumentExpression(nameof(x))] string name = "")
        where T : class
    {
        ArgumentNullException.ThrowIfNull(x, name);
        return x;
    }

    /// <summary>
    /// Checks that every element of the lower end lies strictly below the same element of the upper end. Both have one
    /// shape.
    /// </summary>
    /// <exception cref="ArgumentException">An element of the lower end is not below the upper end.</exception>
    public static void Below(Tensor low, Tensor high, [CallerArgumentExpression(nameof(low))] string lowName = "",
        [CallerArgumentExpression(nameof(high))] string highName = "")
    {
        if (!low.HasElements || !high.HasElements) return;
        for (int i = 0; i < low.Size; i++)
        {
            if (low.At(i) >= high.At(i))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{lowName} must lie below " +
                    $"{highName}, got {low.At(i)} and {high.At(i)} at element {i}."));
            }
        }
    }

    private static Tensor InRange(Tensor x, double low, double high, string words, bool open, string name)
    {
        ArgumentNullException.ThrowIfNull(x, name);
        return First(x, v => v < low || v > high || (open && v == low)) is { } at
            ? throw Refusal(x, at, words, name) : x;
    }

    private static int? First(Tensor x, Func<double, bool> refused)
    {
        if (!x.HasElements) return null;
        if (x.DType == DType.Float32)
        {
            ReadOnlySpan<float> values = x.AsSpan<float>();
            for (int i = 0; i < values.Length; i++)
            {
                if (refused(values[i])) return i;
            }
        }
        else
        {
            ReadOnlySpan<double> values = x.AsSpan<double>();
            for (int i = 0; i < values.Length; i++)
            {
                if (refused(values[i])) return i;
            }
        }

        return null;
    }

    private static ArgumentException Refusal(Tensor x, int at, string words, string name) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name} must be {words}, got {x.At(at)} at element {at} of " +
            $"shape {x.Shape}."), name);
}

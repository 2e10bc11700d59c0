using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>Formulas that several families share. Each formula is accurate where the obvious formula is not.</summary>
internal static class Formulas
{
    /// <summary>Euler's constant.</summary>
    public const double EulerGamma = 0.57721566490153286061;

    public const double Ln2 = 0.69314718055994530942;

    /// <summary>
    /// log(1 - e^-x) for x > 0, and -infinity at 0 (Maechler 2012, "Accurately computing log(1 - exp(-|a|))").
    /// </summary>
    public static Tensor Log1mExp(this Tensor x)
    {
        Tensor small = Tensor.Less(x, Ln2);
        Tensor near = (-(-Tensor.Where(small, x, Ln2)).ExpM1()).Log();
        Tensor far = (-(-Tensor.Where(small, Tensor.Scalar(Ln2, x.DType), x)).Exp()).LogP1();
        return Tensor.Where(small, near, far);
    }

    /// <summary>
    /// log(x^(a - 1) (1 - x)^(b - 1) / B(a, b)), the log-density at x of a beta variable with parameters a and b, given
    /// <paramref name="logit"/> = logit x. Near the mode of large parameters nothing cancels.
    /// </summary>
    public static Tensor LogBetaDensityAt(Tensor a, Tensor b, Tensor logit)
    {
        // Far out, x or 1 - x is tiny. The powers are then not large numbers that cancel.
        Tensor inner = Tensor.Less(logit.Abs(), 30), held = Tensor.Where(inner, logit, 0), near = Tensor.Less(held, 0);
        Tensor density = Tensor.LogBetaDensity(
            Tensor.Where(near, a, b), Tensor.Where(near, b, a), Tensor.Where(near, held, -held).Sigmoid());
        Tensor powers = (1 - a) * (-logit).SoftPlus() + (1 - b) * logit.SoftPlus() - Tensor.LogBeta(a, b);
        return Tensor.Where(inner, density, powers);
    }

    /// <summary>
    /// log I_x(a, b), or log(1 - I_x(a, b)), given <paramref name="logit"/> = logit x. It is computed from the smaller
    /// of x and 1 - x.
    /// </summary>
    public static Tensor LogRegularizedBetaAt(Tensor a, Tensor b, Tensor logit, bool complement)
    {
        Tensor near = Tensor.Less(logit, 0), x = Tensor.Where(near, logit, 0).Sigmoid();
        Tensor rest = Tensor.Where(near, Tensor.Scalar(0, logit.DType), -logit).Sigmoid();
        return complement
            ? Tensor.Where(near, Tensor.LogRegularizedBetaComplement(a, b, x), Tensor.LogRegularizedBeta(b, a, rest))
            : Tensor.Where(near, Tensor.LogRegularizedBeta(a, b, x), Tensor.LogRegularizedBetaComplement(b, a, rest));
    }

    /// <summary>log(y / x) of positive numbers. It is accurate where x and y are close.</summary>
    public static Tensor LogRatio(Tensor y, Tensor x)
    {
        Tensor excess = (y - x) / x, near = Tensor.Less(excess.Abs(), 0.5), far = 1 - near;
        return Tensor.Where(
            near, Tensor.Where(near, excess, 0).LogP1(), Tensor.Where(far, y, 1).Log() - Tensor.Where(far, x, 1).Log());
    }

    /// <summary>e^a (e^b - 1) for b >= 0, where one factor alone may overflow or underflow.</summary>
    public static Tensor ExpTimesExpM1(Tensor a, Tensor b)
    {
        Tensor small = Tensor.Less(b, 1), large = Tensor.Where(small, Tensor.Scalar(1, b.DType), b);
        return Tensor.Where(small, a.Exp() * Tensor.Where(small, b, 0).ExpM1(), (a + large).Exp() * -(-large).ExpM1());
    }

    /// <summary>x log y, and 0 where both x and y are 0.</summary>
    public static Tensor XLogY(Tensor x, Tensor y) => TimesLog(x, y, IsZero(y), t => t.Log(), 1);

    /// <summary>x log(1 + y), and 0 where x is 0 and y is -1.</summary>
    public static Tensor XLogP1Y(Tensor x, Tensor y) => TimesLog(x, y, IsZero(y + 1), t => t.LogP1(), 0);

    /// <summary>1 where x is 0, otherwise 0.</summary>
    public static Tensor IsZero(Tensor x) =>
        Tensor.GreaterOrEqual(x, 0) * (1 - Tensor.Less(Tensor.Scalar(0, x.DType), x));

    /// <summary>1 where x is NaN, otherwise 0.</summary>
    public static Tensor IsNaN(Tensor x) => 1 - Tensor.GreaterOrEqual(x, x);

    /// <summary>1 where x is neither infinite nor NaN, otherwise 0.</summary>
    public static Tensor IsFinite(Tensor x) => Tensor.Less(x.Abs(), double.PositiveInfinity);

    /// <summary>log(e^a + e^b), also where a or b or both are -infinity.</summary>
    public static Tensor LogAddExp(Tensor a, Tensor b)
    {
        Tensor below = Tensor.Less(a, b), larger = Tensor.Where(below, b, a), smaller = Tensor.Where(below, a, b);
        Tensor both = IsAboveNegativeInfinity(smaller),
            gap = Tensor.Where(both, smaller, -1) - Tensor.Where(both, larger, 0);
        return KeepNaN(Tensor.Where(both, larger + gap.SoftPlus(), larger), a + b);
    }

    /// <summary>The result, but NaN where the value is NaN.</summary>
    public static Tensor KeepNaN(Tensor result, Tensor value) => Tensor.Where(1 - IsNaN(value), result, double.NaN);

    /// <summary>1 where low &lt;= x &lt;= high, otherwise 0.</summary>
    public static Tensor Within(Tensor x, Tensor low, Tensor high) =>
        Tensor.GreaterOrEqual(x, low) * Tensor.GreaterOrEqual(high, x);

    /// <summary>1 where 0 &lt; x &lt; 1, otherwise 0.</summary>
    public static Tensor InUnitInterval(Tensor x) => Tensor.Less(Tensor.Scalar(0, x.DType), x) * Tensor.Less(x, 1);

    /// <inheritdoc cref="Within(Tensor, Tensor, Tensor)"/>
    public static Tensor Within(Tensor x, double low, double high) =>
        Within(x, Tensor.Scalar(low, x.DType), Tensor.Scalar(high, x.DType));

    /// <summary>
    /// 1 where a log-probability is above -infinity, so that the event is possible. A comparison with the smallest
    /// finite double is not enough, because in Float32 that number is -infinity.
    /// </summary>
    public static Tensor IsAboveNegativeInfinity(Tensor x) =>
        Tensor.Less(Tensor.Scalar(double.NegativeInfinity, x.DType), x);

    /// <summary>The smallest positive normal number of an element type, and the largest number below 1.</summary>
    public static (double Smallest, double BelowOne) Edges(DType dtype) =>
        dtype == DType.Float32 ? (1.1754943508222875e-38, 1 - 5.9604644775390625e-08)
            : (2.2250738585072014e-308, 1 - 1.1102230246251565e-16);

    /// <summary>1 where x is a whole number, otherwise 0.</summary>
    public static Tensor IsWhole(Tensor x) => IsZero(x - x.Floor());

    private static Tensor TimesLog(Tensor x, Tensor y, Tensor atPole, Func<Tensor, Tensor> log, double standIn)
    {
        // Only where both are 0. Elsewhere the derivative with respect to x is the logarithm, also at x = 0.
        Tensor both = IsZero(x) * atPole;
        return Tensor.Where(
            both, Tensor.Scalar(0, x.DType), x * log(Tensor.Where(both, Tensor.Scalar(standIn, y.DType), y)));
    }
}

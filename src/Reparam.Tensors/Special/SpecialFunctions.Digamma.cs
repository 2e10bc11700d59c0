using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>
    /// psi(x) = d/dx log Gamma(x). -infinity at 0, NaN at the negative integers, +infinity at infinity. Error 1e-14;
    /// near the zero at 1.4616 the absolute error is 2e-15. d/dx is <see cref="Trigamma"/>.
    /// </summary>
    /// <remarks>The recurrence (DLMF 5.5.2) up to x = 10, the asymptotic series (DLMF 5.11.2) from there on, reflection
    /// below 0 (DLMF 5.5.4).</remarks>
    public static double Digamma(double x)
    {
        if (x == 0) return double.NegativeInfinity;
        if (x < 0)
        {
            double r = x - Math.Round(x);
            return r == 0 || double.IsInfinity(x) ? double.NaN
                : Digamma(1 - x) - Math.PI * Cos(Math.PI * r) / Sin(Math.PI * r);
        }

        double steps = 0;
        for (; x < Asymptotic; x++) steps += 1 / x;
        return double.IsPositiveInfinity(x) ? x : Log(x) - LogMinusDigamma(x) - steps;
    }

    /// <summary>
    /// psi'(x), the derivative of <see cref="Digamma"/>. +infinity at 0 and the negative integers, 0 at infinity. Error
    /// 1e-14.
    /// </summary>
    /// <remarks>The recurrence (DLMF 5.15.5) up to x = 10, the asymptotic series (DLMF 5.15.8) from there on,
    /// reflection below 0 (DLMF 5.15.6).</remarks>
    public static double Trigamma(double x)
    {
        if (x == 0) return double.PositiveInfinity;
        if (x < 0)
        {
            if (double.IsInfinity(x)) return double.NaN;
            double sine = Sin(Math.PI * (x - Math.Round(x))) / Math.PI;
            return 1 / (sine * sine) - Trigamma(1 - x);
        }

        double steps = 0;
        for (; x < Asymptotic; x++) steps += 1 / (x * x);
        return steps + (1 / x + TrigammaMinusReciprocal(x));
    }

    /// <summary>psi'(x) - 1/x for x >= 10, without cancellation (DLMF 5.15.8).</summary>
    internal static double TrigammaMinusReciprocal(double x)
    {
        double y = 1 / x, z = y * y;
        double p = -7.092156862745098;
        p = p * z + 1.1666666666666667;
        p = p * z - 0.2531135531135531;
        p = p * z + 0.07575757575757576;
        p = p * z - 0.03333333333333333;
        p = p * z + 0.023809523809523808;
        p = p * z - 0.03333333333333333;
        p = p * z + 0.16666666666666666;
        return 0.5 * z + y * z * p;
    }

    /// <summary>
    /// psi(x + d) - psi(x) for x > 0 and d >= 0, with a relative error of 2e-12 for every d, however small (DLMF 5.5.2,
    /// 5.11.2). NaN outside the domain.
    /// </summary>
    public static double DigammaDifference(double x, double d)
    {
        if (!(x > 0 && d >= 0)) return double.NaN;
        double steps = 0;
        for (; x < Asymptotic; x++) steps += d / x / (x + d);
        return steps
            + (d < 5e-5 ? d * Trigamma(x + 0.5 * d) : LogP1(d / x) + (LogMinusDigamma(x) - LogMinusDigamma(x + d)));
    }

    /// <summary>log(x) - psi(x) for x >= 10, without cancellation (DLMF 5.11.2).</summary>
    internal static double LogMinusDigamma(double x)
    {
        double y = 1 / x, z = y * y;
        double p = 0.08333333333333333;
        p = p * z - 0.021092796092796094;
        p = p * z + 0.007575757575757576;
        p = p * z - 0.004166666666666667;
        p = p * z + 0.003968253968253968;
        p = p * z - 0.008333333333333333;
        p = p * z + 0.08333333333333333;
        return 0.5 * y + z * p;
    }
}

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>
    /// log I_v(x) of the modified Bessel function of the first kind (DLMF 10.25), for a real order v >= 0 and x >= 0;
    /// NaN elsewhere. At x = 0 it is 0 for v = 0 and -infinity for v > 0. Error 1e-14, for v up to 1000 and beyond and
    /// x up to 1e6; near a zero, the absolute error is 1e-15 times the largest of 1, v and x. d/dx is
    /// <see cref="BesselIRatio"/> + v / x.
    /// </summary>
    /// <remarks>The power series for x up to 20, Debye's expansion and the recurrence for larger x (see
    /// <see cref="BesselI"/>).</remarks>
    public static double LogBesselI(double v, double x)
    {
        if (!(v >= 0 && x >= 0) || double.IsInfinity(v)) return double.NaN;
        if (x == 0) return v == 0 ? 0 : double.NegativeInfinity;
        return double.IsInfinity(x) ? x : BesselI.Log(v, x);
    }

    /// <summary>
    /// log(Gamma(v + 1) (2 / x)^v I_v(x)) for a real order v >= 0 and x >= 0: log I_v(x) without its behaviour x^v at
    /// 0. It is the logarithm of 0F1(; v + 1; x^2 / 4) (DLMF 10.39.9). For v = d/2 - 1 it is log E[e^(x u)], where u is
    /// a coordinate of a uniformly distributed point on the unit sphere in d dimensions. 0 at x = 0, NaN outside the
    /// domain. Error 1e-14, and 1e-15 times the larger of v and x if x^2 exceeds 80 (v + 1). d/dx is
    /// <see cref="BesselIRatio"/>.
    /// </summary>
    public static double LogBesselIReduced(double v, double x)
    {
        if (!(v >= 0 && x >= 0) || double.IsInfinity(v)) return double.NaN;
        if (double.IsInfinity(x)) return x;
        return BesselI.HasShortSeries(v, x) ? BesselI.LogSeries(v, x)
            : BesselI.Log(v, x) + (v == 0 ? 0 : LogGamma(v + 1) - v * PortableMath.Log(0.5 * x));
    }

    /// <summary>
    /// I_(v + 1)(x) / I_v(x) for a real order v >= 0 and x >= 0, from 0 at x = 0 to 1 at infinity; NaN elsewhere. For v
    /// = d/2 - 1 it is the mean resultant length of a von Mises-Fisher variable in d dimensions. Error 1e-14. For the
    /// ratio r, d/dx is 1 - (2 v + 1) r / x - r^2.
    /// </summary>
    public static double BesselIRatio(double v, double x)
    {
        if (!(v >= 0 && x >= 0) || double.IsInfinity(v)) return double.NaN;
        return x == 0 ? 0 : double.IsInfinity(x) ? 1 : BesselI.Ratio(v, x, out _);
    }

    /// <summary>d/dx of <see cref="LogBesselI"/>.</summary>
    internal static double LogBesselISlope(double v, double x) => v == 0 ? BesselIRatio(v, x)
        : BesselIRatio(v, x) + v / x;

    /// <summary>d/dx of <see cref="BesselIRatio"/>, without the cancellation of its formula, in which numbers of size 1
    /// give a result of order 1 / x^2.</summary>
    internal static double BesselIRatioSlope(double v, double x)
    {
        if (!(v >= 0 && x >= 0) || double.IsInfinity(v)) return double.NaN;
        if (x == 0) return 0.5 / (v + 1);
        if (double.IsInfinity(x)) return 0;
        BesselI.Ratio(v, x, out double slope);
        return slope;
    }
}

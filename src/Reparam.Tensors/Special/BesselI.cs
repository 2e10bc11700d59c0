using static Reparam.Tensors.PortableMath;
using static Reparam.Tensors.Special.SpecialFunctions;

namespace Reparam.Tensors.Special;

/// <summary>
/// The modified Bessel function of the first kind for orders v >= 0 and finite x > 0. Debye's expansion, which is
/// uniform in x (DLMF 10.41.3), is used for orders from 40 on. Lower orders follow by the recurrence (DLMF 10.29.1),
/// whose terms are positive and which reduces errors towards lower orders.
/// </summary>
internal static class BesselI
{
    private const double DebyeOrder = 40, SeriesLimit = 20;

    /// <summary>If the recurrence starts with a guess of the ratio at least this number of orders above x / 1.5, the
    /// error of the guess vanishes.</summary>
    private const int Forgetting = 24;

    /// <summary>
    /// The functions L_k, k = 1 to 8, of log I_v(v z) = v eta - log(2 pi v) / 2 - log(1 + z^2) / 4 + the sum of L_k(p)
    /// / v^k with p = 1 / sqrt(1 + z^2). L_k is p^k times a polynomial in p^2 with these coefficients. The L_k are the
    /// terms of the logarithm of the series of U_k (DLMF 10.41.9); the coefficients were computed as exact fractions.
    /// </summary>
    private static ReadOnlySpan<double> Debye =>
    [
        0.125, -0.20833333333333334,
        0.0625, -0.375, 0.3125,
        0.06510416666666667, -0.8296875, 1.7265625, -0.9592013888888888,
        0.1015625, -2.21875, 8.296875, -10.59375, 4.4140625,
        0.2095703125, -6.982282366071429, 40.542751736111114, -87.693359375, 80.8837890625, -26.961263020833332,
        0.5364583333333334, -25.3125, 209.625, -673.625, 1021.640625, -737.8125, 204.94791666666666,
        1.6380658830915178, -103.97592163085938, 1160.8294372558594, -5140.211273193359, 11304.659503173829,
        -13184.767364501953, 7824.899444580078, -1863.07129632859,
        5.809814453125, -477.615234375, 6904.2763671875, -40090.447265625, 119071.95263671875, -198321.806640625,
        187801.9013671875, -94603.037109375, 19708.966064453125,
    ];

    /// <summary>log I_v(x).</summary>
    public static double Log(double v, double x)
    {
        if (x <= SeriesLimit) return LogBySeries(v, x);
        double n = Raised(v), product = 1, ratio = RatioAt(n, x, out double slope);
        for (; n > v + 0.5; n--)
        {
            (ratio, slope) = Down(n, x, ratio, slope);
            product *= ratio;
        }

        n = Raised(v);
        double h = Hypotenuse(n, x);
        // h - n log((n + h) / x) - x.
        double exponent = n * (n / (h + x)) - n * LogP1((n + n * (n / (h + x))) / x);
        return x + (exponent - HalfLogTwoPi - 0.5 * PortableMath.Log(h) + DebyeSum(
            n, n / h, out _, out _) - PortableMath.Log(product));
    }

    /// <summary>I_(v + 1)(x) / I_v(x), and its derivative with respect to x.</summary>
    public static double Ratio(double v, double x, out double slope)
    {
        double n = Raised(v), ratio = RatioAt(n, x, out slope);
        for (; n > v + 0.5; n--) (ratio, slope) = Down(n, x, ratio, slope);
        return ratio;
    }

    /// <summary>The first of v, v + 1, ... for which Debye's expansion is used.</summary>
    private static double Raised(double v) => v >= DebyeOrder ? v : v + Math.Ceiling(DebyeOrder - v);

    private static double Hypotenuse(double v, double x) => x > 1e8 * v ? x : Math.Sqrt(v * v + x * x);

    /// <summary>The ratio of order n - 1 from the ratio r of order n, 1 / (2 n / x + r), and its derivative.</summary>
    private static (double Ratio, double Slope) Down(double n, double x, double ratio, double slope)
    {
        double next = 1 / (2 * n / x + ratio), perX = next / x;
        return (next, 2 * n * perX * perX - next * next * slope);
    }

    /// <summary>The ratio for an order of at least 40: for x above 1.5 times the order from the derivative of Debye's
    /// expansion, for smaller x by its continued fraction (DLMF 10.33.1).</summary>
    private static double RatioAt(double v, double x, out double slope)
    {
        if (x <= 1.5 * v)
        {
            // The initial ratio is the lower bound of Amos (1974).
            double start = v + Forgetting, root = Hypotenuse(start + 1.5, x), ratio = x / (start + 0.5 + root);
            slope = ratio / x * (1 - x / root * ratio);
            for (double n = start; n > v + 0.5; n--) (ratio, slope) = Down(n, x, ratio, slope);
            return ratio;
        }

        double h = Hypotenuse(v, x), p = v / h, q = x / h * (x / h);
        DebyeSum(v, p, out double first, out double second);
        // With w = x I'/I = v + x r and x dp/dx = -p q.
        double excess = x * (x / (h + v)) - q * (0.5 + first);
        slope = (v * (x / (h + v)) * (x / h) + q * ((0.5 + first) * (1 - 2 * p * p) + q * second)) / x / x;
        return excess / x;
    }

    /// <summary>The sum of L_k(p) / v^k, and the results of applying p d/dp to it once and twice.</summary>
    private static double DebyeSum(double v, double p, out double first, out double second)
    {
        ReadOnlySpan<double> debye = Debye;
        double sum = 0, square = p * p, power = 1;
        first = second = 0;
        for (int k = 1, at = 0; k <= 8; k++)
        {
            power *= p / v;
            double term = power;
            for (int j = 0; j <= k; j++, at++, term *= square)
            {
                double value = debye[at] * term;
                int degree = k + 2 * j;
                sum += value;
                first += degree * value;
                second += degree * degree * value;
            }
        }

        return sum;
    }

    /// <summary>Whether the first terms of the power series are sufficient for the sum, with no term above
    /// e^20.</summary>
    public static bool HasShortSeries(double v, double x) => x <= SeriesLimit || x * x <= 80 * (v + 1);

    /// <summary>The logarithm of a sum of positive terms, 1 + ... (DLMF 10.25.2 without the power before it).</summary>
    public static double LogSeries(double v, double x)
    {
        double quarter = 0.25 * x * x, term = 1, sum = 0;
        for (int k = 1; k <= 100; k++)
        {
            term *= quarter / (k * (v + k));
            sum += term;
            if (term < 1e-17 * sum) break;
        }

        return LogP1(sum);
    }

    /// <summary>The logarithm of (x/2)^v / Gamma(v + 1) times the sum of <see cref="LogSeries"/>.</summary>
    private static double LogBySeries(double v, double x) =>
        (v == 0 ? 0 : v * (PortableMath.Log(x) - 0.6931471805599453) - (v <= 1 ? LogGammaP1(v) : LogGamma(v + 1)))
            + LogSeries(v, x);
}

using Reparam.Tensors.Special;
using Reparam.Testing;

namespace Reparam.Tensors.Tests.Special;

public sealed class VonMisesTests
{
    private const string Table = "special_von_mises.json";

    private static readonly double[] s_concentrations = [0, 1e-9, 0.01, 0.3, 1, 3, 18, 25, 100, 1e3, 1e5, 1e7];

    /// <summary>The exponent of a tail, up to 650, carries the rounding of 1 - cos x; beside pi the width of what is
    /// left is that of a rounded angle.</summary>
    [Theory]
    [InlineData("VonMisesCdf", 2e-13)]
    [InlineData("VonMisesPathwise", 1e-14)]
    public void Functions_match_the_table(string function, double tolerance)
    {
        Func<double, double, double> f = function == "VonMisesCdf" ? SpecialFunctions.VonMisesCdf
            : SpecialFunctions.VonMisesPathwise;
        IReadOnlyList<SpecialTable.Row> rows = SpecialTable.Load(Table, function);
        Assert.Null(SpecialTable.Worst(rows, x => f(x[0], x[1]), tolerance));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0], x[1]) * (1 + 1e-12), tolerance));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0] * (1 + 1e-9), x[1]), tolerance));
    }

    [Fact]
    public void The_CDF_is_symmetric_and_the_constant_of_the_density_is_that_of_Bessel()
    {
        foreach (double k in s_concentrations)
        {
            for (double x = 0.001; x < 3.1; x *= 1.5)
            {
                Assert.Equal(1, SpecialFunctions.VonMisesCdf(k, x) + SpecialFunctions.VonMisesCdf(k, -x), 1e-15);
                Assert.Equal(-SpecialFunctions.VonMisesPathwise(k, x), SpecialFunctions.VonMisesPathwise(k, -x));
            }

            double log = -Math.Log(2 * Math.PI) - (SpecialFunctions.LogBesselI(0, k) - k);
            Close.Require(1, SpecialFunctions.VonMisesDensity(k, 0) / Math.Exp(log), 1e-14 + 4e-16 * k, $"{k}");
        }
    }

    [Fact]
    public void Quantiles_invert_the_CDF()
    {
        foreach (double k in s_concentrations)
        {
            foreach (double p in (
                double[])[1e-300, 1e-100, 1e-12, 1e-5, 0.01, 0.1, 0.3, 0.49, 0.499999999, 0.5, 0.6, 0.9, 0.99999])
            {
                double x = SpecialFunctions.VonMisesQuantile(k, p), tail = p <= 0.5 ? p : 1 - p, angle = Math.Abs(x);
                // So close to pi an angle has no digits to invert.
                if (Math.PI - angle < 1e-3) continue;
                double actual = SpecialFunctions.VonMisesCdf(k, -angle);
                // One rounding of x moves log F by x p(x) / F of them.
                double tolerance = 1e-13 + 2e-16 * angle * SpecialFunctions.VonMisesDensity(k, x) / tail;
                Assert.True(
                    Math.Abs(actual / tail - 1) <= tolerance && (p <= 0.5) == (x <= 0), $"{k} {p}: {x} gives {actual}");
            }
        }
    }

    [Fact]
    public void Pathwise_derivatives_pull_every_draw_to_the_mean()
    {
        var rng = new Rng(3);
        for (int i = 0; i < 10000; i++)
        {
            double k = Math.Exp(-7 + 21 * rng.NextDouble()), x = SpecialFunctions.VonMisesQuantile(k, rng.NextDouble()),
                derivative = SpecialFunctions.VonMisesPathwise(k, x);
            Assert.True(double.IsFinite(derivative) && derivative * x <= 0, $"{k} {x}: {derivative}");
        }
    }

    [Fact]
    public void Limits_are_exact_and_NaN_gives_NaN()
    {
        foreach (double k in s_concentrations)
        {
            Assert.Equal(0, SpecialFunctions.VonMisesCdf(k, -4));
            Assert.Equal(1, SpecialFunctions.VonMisesCdf(k, Math.PI));
            Assert.Equal(0.5, SpecialFunctions.VonMisesCdf(k, 0), 1e-15);
            Assert.Equal(-Math.PI, SpecialFunctions.VonMisesQuantile(k, 0));
            Assert.Equal(Math.PI, SpecialFunctions.VonMisesQuantile(k, 1));
            Assert.Equal(0, SpecialFunctions.VonMisesQuantile(k, 0.5));
            Assert.Equal(0, SpecialFunctions.VonMisesPathwise(k, Math.PI));
            Assert.Equal(0, SpecialFunctions.VonMisesCdfByConcentration(k, 5));
        }

        Func<double, double, double>[] functions =
        [
            SpecialFunctions.VonMisesCdf, SpecialFunctions.VonMisesDensity, SpecialFunctions.VonMisesCdfByConcentration,
            SpecialFunctions.VonMisesPathwise, SpecialFunctions.VonMisesQuantile,
        ];
        foreach (Func<double, double, double> f in functions)
        {
            Assert.True(double.IsNaN(f(double.NaN, 0.5)) && double.IsNaN(f(1, double.NaN)) && double.IsNaN(f(-1, 0.5))
                && double.IsNaN(f(double.PositiveInfinity, 0.5)));
        }
    }
}

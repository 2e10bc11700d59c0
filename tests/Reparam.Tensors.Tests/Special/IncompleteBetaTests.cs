using Reparam.Tensors.Special;
using Reparam.Testing;

namespace Reparam.Tensors.Tests.Special;

public sealed class IncompleteBetaTests
{
    private const string Table = "special_beta.json";

    private static readonly double[] s_shapes = [1e-3, 0.1, 0.7, 1, 1.5, 9, 10.5, 300, 1e4, 1e6];

    /// <summary>
    /// The logarithm of a tail carries the rounding of x^a y^b / B(a, b), some 1e-16 of its largest term, and enters
    /// the complement relatively: log I is I - 1 where that is tiny, with the terms up to 700 of a table down to
    /// 1e-290. The derivatives take the difference of two digammas, to 1e-12 where it is a millionth.
    /// </summary>
    [Theory]
    [InlineData("LogRegularizedBeta", 2e-13)]
    [InlineData("LogRegularizedBetaComplement", 2e-13)]
    [InlineData("BetaPathwiseA", 5e-13)]
    [InlineData("BetaPathwiseB", 5e-13)]
    public void Functions_match_the_table(string function, double tolerance)
    {
        Func<double, double, double, double> f = function switch
        {
            "LogRegularizedBeta" => SpecialFunctions.LogRegularizedBeta,
            "LogRegularizedBetaComplement" => SpecialFunctions.LogRegularizedBetaComplement,
            "BetaPathwiseA" => SpecialFunctions.BetaPathwiseA,
            _ => SpecialFunctions.BetaPathwiseB,
        };
        IReadOnlyList<SpecialTable.Row> rows = SpecialTable.Load(Table, function);
        Assert.Null(SpecialTable.Worst(rows, x => f(x[0], x[1], x[2]), tolerance));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0], x[1], x[2]) * (1 + 1e-12), tolerance));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0] * (1 + 1e-9), x[1], x[2]), tolerance));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0], x[1] * (1 + 1e-9), x[2]), tolerance));
    }

    [Fact]
    public void Tails_are_the_exponentials_and_add_up_to_one()
    {
        foreach (SpecialTable.Row row in SpecialTable.Load(Table, "LogRegularizedBeta"))
        {
            (double a, double b, double x) = (row.Arguments[0], row.Arguments[1], row.Arguments[2]);
            Close.Require(1, SpecialFunctions.RegularizedBeta(a, b, x) + SpecialFunctions.RegularizedBetaComplement(
                a, b, x), 1e-15, $"{a} {b} {x}");
            Close.Require(1, SpecialFunctions.RegularizedBeta(a, b, x) / Math.Exp(row.Value), 2e-13, $"{a} {b} {x}");
        }
    }

    [Fact]
    public void Quantiles_invert_the_smaller_tail()
    {
        foreach (double a in s_shapes)
        {
            foreach (double b in s_shapes)
            {
                foreach (double p in (double[])[1e-100, 1e-12, 1e-3, 0.2, 0.5, 0.6, 0.97, 1 - 1e-9])
                {
                    double x = SpecialFunctions.BetaQuantile(a, b, p), tail = p <= 0.5 ? p : 1 - p;
                    Assert.InRange(x, 0, 1);
                    // At the ends of the doubles there are no digits to invert.
                    if (x < 1e-300 || x == 1) continue;
                    double actual = p <= 0.5 ? SpecialFunctions.RegularizedBeta(a, b, x)
                        : SpecialFunctions.RegularizedBetaComplement(a, b, x);
                    // One rounding of x moves log I by x p(x) / I of them.
                    double tolerance = 5e-13 + 2e-16 * x * SpecialFunctions.BetaDensity(a, b, x) / tail;
                    Assert.True(Math.Abs(actual / tail - 1) <= tolerance, $"{a} {b} {p}: {x} gives {actual}");
                    if (x < 0.999 && a <= 1e4 && b <= 1e4 && p >= 1e-12)
                        Assert.InRange(actual / tail, 1 - 1e-11, 1 + 1e-11);
                }
            }
        }
    }

    [Fact]
    public void Quantiles_approach_one_and_zero_where_small_shapes_put_the_mass()
    {
        Assert.Equal(1, SpecialFunctions.BetaQuantile(1, 1e-3, 0.5));
        Assert.Equal(1, SpecialFunctions.BetaQuantile(3, 1e-8, 0.5));
        Assert.Equal(0, SpecialFunctions.BetaQuantile(1e-8, 3, 0.5));
        // I = 1 - (1 - x)^b for a = 1, x^a for b = 1.
        Close.Require(1, SpecialFunctions.BetaQuantile(1e-3, 1, 0.5) / Math.Pow(0.5, 1000), 1e-12, "a power");
        Close.Require(1, SpecialFunctions.BetaQuantile(1, 1e6, 1e-300) / 1e-306, 1e-12, "a deep tail");
    }

    [Fact]
    public void I_increases_with_x_and_b_and_falls_with_a()
    {
        foreach (double a in s_shapes)
        {
            foreach (double b in s_shapes)
            {
                double before = double.NegativeInfinity, mean = a / (a + b),
                    spread = Math.Sqrt(mean * (1 - mean) / (a + b + 1));
                for (double z = -6; z <= 6; z += 0.125)
                {
                    double x = mean + z * spread;
                    if (x is <= 0 or >= 1) continue;
                    double log = SpecialFunctions.LogRegularizedBeta(
                        a, b, x) - SpecialFunctions.LogRegularizedBetaComplement(a, b, x);
                    Assert.True(log > before, $"{a} {b} {x}");
                    Assert.True(SpecialFunctions.RegularizedBetaByA(a, b, x) <= 0
                        && SpecialFunctions.RegularizedBetaByB(a, b, x) >= 0, $"{a} {b} {x}");
                    before = log;
                }
            }
        }
    }

    [Fact]
    public void Derivatives_by_the_shapes_are_the_density_times_the_pathwise_derivatives()
    {
        foreach (string function in (string[])["BetaPathwiseA", "BetaPathwiseB"])
        {
            foreach (SpecialTable.Row row in SpecialTable.Load(Table, function))
            {
                (double a, double b, double x) = (row.Arguments[0], row.Arguments[1], row.Arguments[2]);
                double expected = -SpecialFunctions.BetaDensity(a, b, x) * row.Value;
                if (!double.IsFinite(expected) || Math.Abs(expected) < 1e-300) continue;
                double actual = function == "BetaPathwiseA" ? SpecialFunctions.RegularizedBetaByA(a, b, x)
                    : SpecialFunctions.RegularizedBetaByB(a, b, x);
                Close.Require(1, actual / expected, 2e-12, $"{a} {b} {x}");
            }
        }
    }

    [Fact]
    public void Pathwise_derivatives_are_numbers_at_every_draw()
    {
        var rng = new Rng(3);
        for (int i = 0; i < 10000; i++)
        {
            double a = Math.Exp(-7 + 21 * rng.NextDouble()), b = Math.Exp(-7 + 21 * rng.NextDouble()),
                x = SpecialFunctions.BetaQuantile(a, b, rng.NextDouble());
            double byA = SpecialFunctions.BetaPathwiseA(a, b, x), byB = SpecialFunctions.BetaPathwiseB(a, b, x);
            Assert.True(
                double.IsFinite(byA) && byA >= 0 && double.IsFinite(byB) && byB <= 0, $"{a} {b} {x}: {byA} {byB}");
        }
    }

    [Fact]
    public void Limits_are_exact_and_NaN_gives_NaN()
    {
        foreach (double a in s_shapes)
        {
            foreach (double b in s_shapes)
            {
                Assert.Equal(0, SpecialFunctions.RegularizedBeta(a, b, 0));
                Assert.Equal(1, SpecialFunctions.RegularizedBeta(a, b, 1));
                Assert.Equal(1, SpecialFunctions.RegularizedBetaComplement(a, b, 0));
                Assert.Equal(0, SpecialFunctions.RegularizedBetaComplement(a, b, 1));
                Assert.Equal(0, SpecialFunctions.BetaQuantile(a, b, 0));
                Assert.Equal(1, SpecialFunctions.BetaQuantile(a, b, 1));
                Assert.Equal(0, SpecialFunctions.BetaPathwiseA(a, b, 0));
                Assert.Equal(0, SpecialFunctions.BetaPathwiseB(a, b, 1));
            }
        }

        Assert.Equal(3, SpecialFunctions.BetaDensity(1, 3, 0));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.BetaDensity(2, 0.5, 1));
        Func<double, double, double, double>[] functions =
        [
            SpecialFunctions.RegularizedBeta, SpecialFunctions.RegularizedBetaComplement,
            SpecialFunctions.RegularizedBetaByA, SpecialFunctions.RegularizedBetaByB,
            SpecialFunctions.BetaDensity, SpecialFunctions.BetaQuantile, SpecialFunctions.BetaPathwiseA,
            SpecialFunctions.BetaPathwiseB,
        ];
        foreach (Func<double, double, double, double> f in functions)
        {
            Assert.True(double.IsNaN(f(double.NaN, 1, 0.5)) && double.IsNaN(f(1, double.NaN, 0.5))
                && double.IsNaN(f(1, 1, double.NaN)));
            Assert.True(double.IsNaN(f(-1, 1, 0.5)) && double.IsNaN(f(1, 0, 0.5)) && double.IsNaN(f(1, 1, -0.5))
                && double.IsNaN(f(1, 1, 1.5)));
        }
    }
}

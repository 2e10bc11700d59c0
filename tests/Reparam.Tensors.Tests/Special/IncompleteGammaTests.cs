using Reparam.Tensors.Special;
using Reparam.Testing;

namespace Reparam.Tensors.Tests.Special;

public sealed class IncompleteGammaTests
{
    private const string Table = "special_incomplete_gamma.json";

    private static readonly double[] s_shapes = [1e-8, 1e-3, 0.1, 0.7, 1, 1.5, 9, 10.5, 300, 1e5, 1e8];

    /// <summary>
    /// The tail's logarithm carries the rounding of x^a e^-x / Gamma(a), some 1e-16 of its largest term, which enters
    /// the complement relatively: log P is -Q where Q is tiny. A quantile adds log x, up to 700, whose rounding exp
    /// magnifies.
    /// </summary>
    [Theory]
    [InlineData("LogRegularizedGammaP", 1e-13)]
    [InlineData("LogRegularizedGammaQ", 1e-13)]
    [InlineData("GammaPathwise", 2e-13)]
    [InlineData("GammaQuantile", 2e-13)]
    public void Functions_match_the_table(string function, double tolerance)
    {
        Func<double, double, double> f = function switch
        {
            "LogRegularizedGammaP" => SpecialFunctions.LogRegularizedGammaP,
            "LogRegularizedGammaQ" => SpecialFunctions.LogRegularizedGammaQ,
            "GammaPathwise" => SpecialFunctions.GammaPathwise,
            _ => SpecialFunctions.GammaQuantile,
        };
        IReadOnlyList<SpecialTable.Row> rows = SpecialTable.Load(Table, function);
        Assert.Null(SpecialTable.Worst(rows, x => f(x[0], x[1]), tolerance));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0], x[1]) * (1 + 1e-12), tolerance));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0] * (1 + 1e-9), x[1]), tolerance));
    }

    [Fact]
    public void P_and_Q_are_the_exponentials_and_add_up_to_one()
    {
        foreach (SpecialTable.Row row in SpecialTable.Load(Table, "LogRegularizedGammaP"))
        {
            (double a, double x) = (row.Arguments[0], row.Arguments[1]);
            Close.Require(1, SpecialFunctions.RegularizedGammaP(a, x) + SpecialFunctions.RegularizedGammaQ(a, x), 1e-15,
                $"{a} {x}");
            Close.Require(Math.Exp(row.Value), SpecialFunctions.RegularizedGammaP(a, x), 1e-12, $"{a} {x}");
        }
    }

    [Fact]
    public void Quantiles_invert_either_tail()
    {
        foreach (double a in s_shapes)
        {
            foreach (double p in (double[])[1e-12, 1e-3, 0.2, 0.5, 0.6, 0.97])
            {
                double low = SpecialFunctions.GammaQuantile(a, p), high = SpecialFunctions.GammaQuantileUpper(a, p);
                // Below the smallest normal number a quantile has no digits to invert.
                // One rounding of x moves log P by the hazard x p(x) / P, up to sqrt(a) and log(1/p) of them.
                double tolerance = 1e-14 * (100 + Math.Sqrt(a));
                if (low > 1e-300)
                    Close.Require(1, SpecialFunctions.RegularizedGammaP(a, low) / p, tolerance, $"{a} {p}");
                if (high > 1e-300)
                    Close.Require(1, SpecialFunctions.RegularizedGammaQ(a, high) / p, tolerance, $"{a} {p} upper");
            }
        }
    }

    [Fact]
    public void P_increases_with_x_and_falls_with_the_shape()
    {
        foreach (double a in s_shapes)
        {
            double before = double.NegativeInfinity;
            for (double z = -4; z <= 4; z += 0.125)
            {
                double root = 1 - 1 / (9 * a) + z / (3 * Math.Sqrt(a));
                if (root <= 0) continue;
                double x = a * root * root * root, p = SpecialFunctions.LogRegularizedGammaP(a, x);
                Assert.True(p > before || p == 0, $"{a} {x}");
                Assert.True(SpecialFunctions.RegularizedGammaPByShape(a, x) <= 0
                    && SpecialFunctions.GammaPathwise(a, x) > 0, $"{a} {x}");
                before = p;
            }
        }
    }

    [Fact]
    public void Derivative_by_the_shape_is_the_density_times_the_pathwise_derivative()
    {
        foreach (SpecialTable.Row row in SpecialTable.Load(Table, "GammaPathwise"))
        {
            (double a, double x) = (row.Arguments[0], row.Arguments[1]);
            double expected = -SpecialFunctions.GammaDensity(a, x) * row.Value;
            if (!double.IsFinite(expected) || Math.Abs(expected) < 1e-300) continue;
            Close.Require(1, SpecialFunctions.RegularizedGammaPByShape(a, x) / expected, 2e-12, $"{a} {x}");
        }
    }

    [Fact]
    public void Pathwise_derivative_is_a_number_at_every_draw()
    {
        var rng = new Rng(3);
        for (int i = 0; i < 20000; i++)
        {
            double a = Math.Exp(-7 + 21 * rng.NextDouble()), x = SpecialFunctions.GammaQuantile(a, rng.NextDouble());
            double derivative = SpecialFunctions.GammaPathwise(a, x);
            Assert.True(double.IsFinite(derivative) && derivative >= 0, $"{a} {x}: {derivative}");
        }
    }

    [Fact]
    public void Limits_are_exact_and_NaN_gives_NaN()
    {
        foreach (double a in s_shapes)
        {
            Assert.Equal(0, SpecialFunctions.RegularizedGammaP(a, 0));
            Assert.Equal(1, SpecialFunctions.RegularizedGammaP(a, double.PositiveInfinity));
            Assert.Equal(1, SpecialFunctions.RegularizedGammaQ(a, 0));
            Assert.Equal(0, SpecialFunctions.RegularizedGammaQ(a, double.PositiveInfinity));
            Assert.Equal(0, SpecialFunctions.GammaQuantile(a, 0));
            Assert.Equal(double.PositiveInfinity, SpecialFunctions.GammaQuantile(a, 1));
            Assert.Equal(0, SpecialFunctions.GammaPathwise(a, 0));
        }

        Func<double, double, double>[] functions =
        [
            SpecialFunctions.RegularizedGammaP, SpecialFunctions.RegularizedGammaQ, SpecialFunctions.GammaDensity,
            SpecialFunctions.GammaQuantile, SpecialFunctions.GammaQuantileUpper,
            SpecialFunctions.GammaPathwise, SpecialFunctions.RegularizedGammaPByShape,
        ];
        foreach (Func<double, double, double> f in functions)
        {
            Assert.True(double.IsNaN(f(double.NaN, 0.5)) && double.IsNaN(f(1, double.NaN)) && double.IsNaN(f(-1, 0.5))
                && double.IsNaN(f(1, -0.5)));
        }
    }
}

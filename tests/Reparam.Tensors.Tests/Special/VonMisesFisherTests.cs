using Reparam.Tensors.Special;
using Reparam.Testing;

namespace Reparam.Tensors.Tests.Special;

public sealed class VonMisesFisherTests
{
    private const string Table = "special_von_mises_fisher.json";

    private static readonly double[] s_dimensions = [2, 3, 4, 20, 500, 10_000],
        s_concentrations = [0, 1e-9, 0.01, 1, 18, 1e3, 1e5, 1e8];

    /// <summary>A sine is taken to the power d - 2, up to 998, which multiplies its rounding, and a derivative is a
    /// difference of two integrals of some ten times its size.</summary>
    [Theory]
    [InlineData("VonMisesFisherCdf", 1e-12)]
    [InlineData("VonMisesFisherPathwise", 2e-12)]
    public void Functions_match_the_table(string function, double tolerance)
    {
        Func<double, double, double, double> f = function == "VonMisesFisherCdf" ? SpecialFunctions.VonMisesFisherCdf
            : SpecialFunctions.VonMisesFisherPathwise;
        IReadOnlyList<SpecialTable.Row> rows = SpecialTable.Load(Table, function);
        Assert.Null(SpecialTable.Worst(rows, x => f(x[0], x[1], x[2]), tolerance));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0], x[1], x[2]) * (1 + 1e-11), tolerance));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0], x[1] * (1 + 1e-8), x[2]), tolerance));
    }

    [Fact]
    public void The_circle_and_the_ordinary_sphere_are_elementary()
    {
        foreach (double k in (double[])[1e-6, 0.3, 1, 20, 1e4])
        {
            for (double x = 1e-4; x < 3.1; x *= 1.4)
            {
                // Both directions away from the mean of a von Mises variable; on the sphere cos x is exponential.
                Close.Require(2 * SpecialFunctions.VonMisesCdf(k, x) - 1, SpecialFunctions.VonMisesFisherCdf(2, k, x),
                    1e-14, $"circle {k} {x}");
                double drop = 2 * Math.Sin(x / 2) * Math.Sin(x / 2);
                Close.Require(PortableMath.ExpM1(-k * drop) / PortableMath.ExpM1(-2 * k),
                    SpecialFunctions.VonMisesFisherCdf(3, k, x), 1e-14, $"sphere {k} {x}");
            }
        }
    }

    [Fact]
    public void Quantiles_invert_the_CDF()
    {
        foreach (double d in s_dimensions)
        {
            foreach (double k in s_concentrations)
            {
                foreach (double p in (
                    double[])[1e-300, 1e-100, 1e-16, 1e-5, 0.01, 0.3, 0.49999, 0.5, 0.6, 0.9, 0.99999, 1 - 1e-12])
                {
                    double x = SpecialFunctions.VonMisesFisherQuantile(d, k, p),
                        actual = SpecialFunctions.VonMisesFisherCdf(d, k, x);
                    // One rounding of x moves F by x p(x) of them; the density of many dimensions carries d roundings
                    // of a sine.
                    double tolerance = 1e-12 + 3e-16 * x * SpecialFunctions.VonMisesFisherDensity(
                        d, k, x) / p + 1e-15 * d;
                    Assert.True(Math.Abs(actual / p - 1) <= tolerance, $"{d} {k} {p}: {x} gives {actual}");
                }
            }
        }
    }

    [Fact]
    public void Pathwise_derivatives_pull_every_draw_to_the_mean_direction()
    {
        var rng = new Rng(3);
        for (int i = 0; i < 5000; i++)
        {
            double d = 2 + Math.Floor(Math.Exp(7 * rng.NextDouble()) - 1), k = Math.Exp(-7 + 25 * rng.NextDouble());
            double x = SpecialFunctions.VonMisesFisherQuantile(d, k, rng.NextDouble()),
                derivative = SpecialFunctions.VonMisesFisherPathwise(d, k, x);
            Assert.True(double.IsFinite(derivative) && derivative <= 0, $"{d} {k} {x}: {derivative}");
        }
    }

    [Fact]
    public void Density_integrates_to_the_CDF()
    {
        foreach ((double d, double k) in ((double, double)[])[(2, 0.5), (3, 4), (7, 30), (60, 2)])
        {
            // The midpoint rule over 4000 pieces: its error is the square of a piece's share.
            const int Pieces = 4000;
            double low = SpecialFunctions.VonMisesFisherQuantile(d, k, 0.1),
                high = SpecialFunctions.VonMisesFisherQuantile(d, k, 0.7), piece = (high - low) / Pieces, sum = 0;
            for (int i = 0; i < Pieces; i++)
                sum += SpecialFunctions.VonMisesFisherDensity(d, k, low + (i + 0.5) * piece) * piece;
            Close.Require(0.6, sum, 1e-7, $"{d} {k}");
        }
    }

    [Fact]
    public void Limits_are_exact_and_what_is_no_parameter_gives_NaN()
    {
        foreach (double d in s_dimensions)
        {
            foreach (double k in s_concentrations)
            {
                Assert.Equal(0, SpecialFunctions.VonMisesFisherCdf(d, k, 0));
                Assert.Equal(1, SpecialFunctions.VonMisesFisherCdf(d, k, Math.PI));
                Assert.Equal(0, SpecialFunctions.VonMisesFisherQuantile(d, k, 0));
                Assert.Equal(Math.PI, SpecialFunctions.VonMisesFisherQuantile(d, k, 1));
                Assert.Equal(0, SpecialFunctions.VonMisesFisherPathwise(d, k, Math.PI));
                Assert.Equal(0, SpecialFunctions.VonMisesFisherDensity(d, k, -0.1));
            }
        }

        Assert.True(double.IsNaN(SpecialFunctions.VonMisesFisherQuantile(1, 1, 0.5)));
        Assert.True(double.IsNaN(SpecialFunctions.VonMisesFisherQuantile(3, -1, 0.5)));
        Assert.True(double.IsNaN(SpecialFunctions.VonMisesFisherQuantile(3, double.PositiveInfinity, 0.5)));
        Assert.True(double.IsNaN(SpecialFunctions.VonMisesFisherPathwise(3, 1, double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Tensor.VonMisesFisherQuantile(1, Tensor.Ones([]), Tensor.Full([], 0.5)));
    }
}

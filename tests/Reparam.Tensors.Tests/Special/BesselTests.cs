using Reparam.Tensors.Special;
using Reparam.Testing;

namespace Reparam.Tensors.Tests.Special;

public sealed class BesselTests
{
    private const string Table = "special_bessel.json";

    /// <summary>A ratio is one rounding of a recurrence that forgets, forty where x is large; a logarithm that of terms
    /// of the size of its order, the floor beside a zero. The reduced logarithm is a difference of numbers up to 7000
    /// where the order is 1000. The slope is a difference of numbers forty times its size.</summary>
    [Theory]
    [InlineData("LogBesselI", 5e-15, 1)]
    [InlineData("LogBesselIReduced", 2e-12, 1)]
    [InlineData("BesselIRatio", 5e-15, 0)]
    [InlineData("BesselIRatioSlope", 5e-12, 0)]
    public void Functions_match_the_table(string function, double tolerance, double floor)
    {
        Func<double, double, double> f = function switch
        {
            "LogBesselI" => SpecialFunctions.LogBesselI,
            "LogBesselIReduced" => SpecialFunctions.LogBesselIReduced,
            "BesselIRatio" => SpecialFunctions.BesselIRatio,
            _ => SpecialFunctions.BesselIRatioSlope,
        };
        IReadOnlyList<SpecialTable.Row> rows = SpecialTable.Load(Table, function);
        Assert.Null(SpecialTable.Worst(rows, x => f(x[0], x[1]), tolerance, floor));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0], x[1]) * (1 + 1e-11), tolerance, floor));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0], x[1] * (1 + 1e-9)), tolerance, floor));
    }

    /// <summary>I_(1/2)(x) = sqrt(2 / (pi x)) sinh x, and log I_0(x) is x^2 / 4 where x is small.</summary>
    [Fact]
    public void Half_orders_are_elementary_and_a_small_logarithm_keeps_its_digits()
    {
        for (double x = 0.01; x < 300; x *= 1.1)
        {
            double sinh = 0.5 * (Math.Exp(x) - Math.Exp(-x)), expected = Math.Log(Math.Sqrt(2 / (Math.PI * x)) * sinh);
            Close.Require(expected, SpecialFunctions.LogBesselI(0.5, x), 1e-14 * (1 + x), $"{x}");
            Close.Require(1 / Math.Tanh(x) - 1 / x, SpecialFunctions.BesselIRatio(0.5, x), 1e-13 / x, $"{x}");
        }

        Close.Require(1, SpecialFunctions.LogBesselI(0, 1e-6) / 2.5e-13, 1e-12, "x^2 / 4");
    }

    [Fact]
    public void The_logarithm_and_the_ratio_are_smooth_across_the_borders_of_their_algorithms()
    {
        foreach (double v in (double[])[0, 0.3, 5, 39.999, 40, 100])
        {
            foreach (double border in (double[])[20, 60, 1.5 * Math.Max(v, 40)])
            {
                double low = border * (1 - 1e-13), high = border * (1 + 1e-13);
                Close.Require(
                    SpecialFunctions.LogBesselI(v, low), SpecialFunctions.LogBesselI(v, high), 1e-11, $"{v} {border}");
                Close.Require(SpecialFunctions.BesselIRatio(v, low), SpecialFunctions.BesselIRatio(v, high), 1e-13,
                    $"{v} {border}");
            }
        }
    }

    [Fact]
    public void Limits_are_exact_and_NaN_gives_NaN()
    {
        Assert.Equal(0, SpecialFunctions.LogBesselI(0, 0));
        Assert.Equal(double.NegativeInfinity, SpecialFunctions.LogBesselI(2, 0));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.LogBesselI(2, double.PositiveInfinity));
        Assert.Equal(0, SpecialFunctions.BesselIRatio(0, 0));
        Assert.Equal(1, SpecialFunctions.BesselIRatio(3, double.PositiveInfinity));
        Assert.Equal(1, SpecialFunctions.BesselIRatio(3, 1e200));
        Assert.Equal(1e200, SpecialFunctions.LogBesselI(3, 1e200));
        Assert.Equal(0.25, SpecialFunctions.BesselIRatioSlope(1, 0));
        Assert.Equal(0, SpecialFunctions.LogBesselISlope(0, 0));
        Func<double, double, double>[] functions = [SpecialFunctions.LogBesselI, SpecialFunctions.BesselIRatio,
            SpecialFunctions.BesselIRatioSlope, SpecialFunctions.LogBesselISlope];
        foreach (Func<double, double, double> f in functions)
        {
            Assert.True(double.IsNaN(f(double.NaN, 1)) && double.IsNaN(f(1, double.NaN)) && double.IsNaN(f(-1, 1))
                && double.IsNaN(f(1, -1)));
        }
    }
}

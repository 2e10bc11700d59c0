using Reparam.Tensors.Special;
using Reparam.Testing;

namespace Reparam.Tensors.Tests.Special;

public sealed class GammaFunctionTests
{
    private const string Table = "special_gamma.json";

    /// <summary>A few roundings of the largest term; the floor is where terms of size 1 cancel beside a zero on the
    /// negative axis or at psi's at 1.46.</summary>
    [Theory]
    [InlineData("LogGamma", 2e-15, 0)]
    [InlineData("Digamma", 2e-14, 1)]
    [InlineData("Trigamma", 2e-15, 0)]
    [InlineData("NormalCdf", 2e-15, 0)]
    [InlineData("LogNormalCdf", 2e-15, 0)]
    [InlineData("InverseMillsRatio", 2e-15, 0)]
    [InlineData("NormalQuantileOfLog", 5e-15, 1)]
    public void Functions_of_one_argument_match_the_table(string function, double tolerance, double floor)
    {
        Func<double, double> f = function switch
        {
            "LogGamma" => SpecialFunctions.LogGamma,
            "Digamma" => SpecialFunctions.Digamma,
            "Trigamma" => SpecialFunctions.Trigamma,
            "NormalCdf" => SpecialFunctions.NormalCdf,
            "LogNormalCdf" => SpecialFunctions.LogNormalCdf,
            "InverseMillsRatio" => SpecialFunctions.InverseMillsRatio,
            _ => SpecialFunctions.NormalQuantileOfLog,
        };
        IReadOnlyList<SpecialTable.Row> rows = SpecialTable.Load(Table, function);
        Assert.Null(SpecialTable.Worst(rows, x => f(x[0]), tolerance, floor));
        // The comparison is not vacuous: a part in 1e12 is seen.
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0]) * (1 + 1e-12), tolerance, floor));
    }

    /// <summary>Differences of logarithms are exact to the rounding of the smaller argument's terms: absolute below
    /// 1.</summary>
    [Theory]
    [InlineData("LogBeta", 5e-15)]
    [InlineData("LogPochhammer", 5e-15)]
    public void Functions_of_two_arguments_match_the_table(string function, double tolerance)
    {
        Func<double, double, double> f = function == "LogBeta" ? SpecialFunctions.LogBeta
            : SpecialFunctions.LogPochhammer;
        IReadOnlyList<SpecialTable.Row> rows = SpecialTable.Load(Table, function);
        Assert.Null(SpecialTable.Worst(rows, x => f(x[0], x[1]), tolerance, 1));
        Assert.NotNull(SpecialTable.Worst(rows, x => f(x[0], x[1]) * (1 + 1e-12), tolerance, 1));
    }

    [Fact]
    public void Poles_and_limits_are_exact()
    {
        Assert.Equal(0, SpecialFunctions.LogGamma(1));
        Assert.Equal(0, SpecialFunctions.LogGamma(2));
        foreach (double x in (double[])[0, -1, -7, double.PositiveInfinity, double.NegativeInfinity])
            Assert.Equal(double.PositiveInfinity, SpecialFunctions.LogGamma(x));
        Assert.Equal(double.NegativeInfinity, SpecialFunctions.Digamma(0));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Digamma(double.PositiveInfinity));
        Assert.True(double.IsNaN(SpecialFunctions.Digamma(-3))
            && double.IsNaN(SpecialFunctions.Digamma(double.NegativeInfinity)));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Trigamma(0));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Trigamma(-2));
        Assert.Equal(0, SpecialFunctions.Trigamma(double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.LogBeta(0, 3));
        Assert.Equal(double.NegativeInfinity, SpecialFunctions.LogBeta(double.PositiveInfinity, 3));
        Assert.Equal(0, SpecialFunctions.NormalCdf(double.NegativeInfinity));
        Assert.Equal(1, SpecialFunctions.NormalCdf(double.PositiveInfinity));
        Assert.Equal(double.NegativeInfinity, SpecialFunctions.LogNormalCdf(double.NegativeInfinity));
        Assert.Equal(0, SpecialFunctions.LogNormalCdf(double.PositiveInfinity));
        Assert.Equal(0, SpecialFunctions.InverseMillsRatio(double.PositiveInfinity));
        Assert.Equal(double.NegativeInfinity, SpecialFunctions.NormalQuantileOfLog(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.NormalQuantileOfLog(0));
        Assert.True(double.IsNaN(SpecialFunctions.NormalQuantileOfLog(0.1)));
    }

    [Fact]
    public void NaN_gives_NaN()
    {
        Func<double, double>[] functions =
        [
            SpecialFunctions.LogGamma, SpecialFunctions.Digamma, SpecialFunctions.Trigamma, SpecialFunctions.NormalCdf,
            SpecialFunctions.NormalDensity, SpecialFunctions.LogNormalCdf,
            SpecialFunctions.InverseMillsRatio, SpecialFunctions.NormalQuantileOfLog,
            x => SpecialFunctions.LogBeta(x, 1), x => SpecialFunctions.LogBeta(1, x),
            x => SpecialFunctions.LogPochhammer(x, 1), x => SpecialFunctions.LogPochhammer(1, x),
        ];
        for (int i = 0; i < functions.Length; i++) Assert.True(double.IsNaN(functions[i](double.NaN)), $"function {i}");
    }

    /// <summary>The regions of an algorithm meet: the function climbs over every border as over everything
    /// else.</summary>
    [Fact]
    public void Digamma_and_LogNormalCdf_increase_across_the_borders_of_their_algorithms()
    {
        for (double x = 9.99; x < 10.01; x += 1e-5)
            Assert.True(SpecialFunctions.Digamma(x + 1e-5) > SpecialFunctions.Digamma(x));
        for (double x = -10.01; x < -9.99; x += 1e-5)
            Assert.True(SpecialFunctions.LogNormalCdf(x + 1e-5) > SpecialFunctions.LogNormalCdf(x));
    }
}

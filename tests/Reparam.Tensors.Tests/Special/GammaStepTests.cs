using Reparam.Tensors.Special;
using Reparam.Testing;

namespace Reparam.Tensors.Tests.Special;

/// <summary>
/// Functions whose large parts cancel before they are computed, against mpmath in 120 digits
/// (tests/data/make_special.py).
/// </summary>
public sealed class GammaStepTests
{
    private const string Table = "special_gamma_steps.json";

    /// <summary>
    /// Errors relative to the value, beside a zero of the value to 1: log-densities of shapes of 1e15 are of the order
    /// of 10 at their mode, and of
    /// 1e15 far from it.
    /// </summary>
    [Theory]
    [InlineData("LogPochhammer", 2e-14)]
    [InlineData("DigammaDifference", 5e-12)]
    [InlineData("LogGammaDivergence", 2e-12)]
    [InlineData("GammaEntropy", 2e-14)]
    [InlineData("GammaEntropySlope", 2e-13)]
    [InlineData("LogGammaDensity", 2e-14)]
    [InlineData("LogBetaDensity", 2e-13)]
    public void Functions_match_the_table(string function, double tolerance)
    {
        Func<double[], double> f = function switch
        {
            "LogPochhammer" => x => SpecialFunctions.LogPochhammer(x[0], x[1]),
            "DigammaDifference" => x => SpecialFunctions.DigammaDifference(x[0], x[1]),
            "LogGammaDivergence" => x => SpecialFunctions.LogGammaDivergence(x[0], x[1]),
            "GammaEntropy" => x => SpecialFunctions.GammaEntropy(x[0]),
            "GammaEntropySlope" => x => SpecialFunctions.GammaEntropySlope(x[0]),
            "LogGammaDensity" => x => SpecialFunctions.LogGammaDensity(x[0], x[1]),
            _ => x => SpecialFunctions.LogBetaDensity(x[0], x[1], x[2]),
        };
        // Of these nothing is a difference of like numbers, so the error is relative however small the value.
        bool relative = function is "LogPochhammer" or "DigammaDifference" or "LogGammaDivergence"
            or "GammaEntropySlope";
        List<string> problems = [];
        foreach (SpecialTable.Row row in SpecialTable.Load(Table, function))
        {
            double actual = f([.. row.Arguments]), scale = relative ? Math.Abs(row.Value)
                : Math.Max(1, Math.Abs(row.Value));
            // Beside the zero of psi the value is far smaller than the step, to which the error is relative.
            if (function == "LogPochhammer") scale = Math.Max(scale, 0.1 * row.Arguments[1]);
            if (!(Math.Abs(actual - row.Value) <= tolerance * scale))
                problems.Add($"{function}({string.Join(", ", row.Arguments)}) = {actual:R} for {row.Value:R}");
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }
}

using System.Globalization;

namespace Reparam.Testing;

/// <summary>
/// A reference table of special functions (tests/data/make_special.py): for each function its arguments, column by
/// column, and last its value.
/// </summary>
public static class SpecialTable
{
    /// <summary>One evaluation: the arguments and the true value.</summary>
    public sealed record Row(double[] Arguments, double Value);

    /// <summary>The rows of a function.</summary>
    public static IReadOnlyList<Row> Load(string file, string function)
    {
        double[][] columns =
            [.. ReferenceTable.Load(file).Root.GetProperty(function).EnumerateArray().Select(ReferenceTable.NumbersOf)];
        Assert.NotEmpty(columns[0]);
        return [.. Enumerable.Range(0, columns[0].Length).Select(
            i => new Row([.. columns[..^1].Select(c => c[i])], columns[^1][i]))];
    }

    /// <summary>The row whose error is the largest, in words, where any error is above the tolerance; null where none
    /// is. An error is |f - value| / (|value| + floor).</summary>
    public static string? Worst(
        IEnumerable<Row> rows, Func<double[], double> function, double tolerance, double floor = 0)
    {
        (Row Row, double Actual, double Error) worst = rows.Select(row =>
        {
            double actual = function(row.Arguments);
            double error = actual.Equals(row.Value) ? 0 : Math.Abs(actual - row.Value) / (Math.Abs(row.Value) + floor);
            // An error that is no number is the worst.
            return (row, actual, double.IsNaN(error) ? double.PositiveInfinity : error);
        }).MaxBy(r => r.Item3);
        IEnumerable<string> arguments = worst.Row.Arguments.Select(a => a.ToString("R", CultureInfo.InvariantCulture));
        return worst.Error <= tolerance ? null : string.Create(CultureInfo.InvariantCulture,
            $"f({string.Join(", ", arguments)}) = {worst.Actual:R}, not {worst.Row.Value:R}: error {worst.Error:E2}, " +
                $"allowed {tolerance:E0}");
    }
}

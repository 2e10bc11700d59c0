namespace Reparam.Tabular;

/// <summary>What the cells of one column of a table are like.</summary>
/// <param name="Mean">The mean of numbers; NaN for a category. The mean of dates is in seconds since 1970.</param>
/// <param name="StandardDeviation">The standard deviation of numbers (with 1/(N - 1)); NaN for a category.</param>
/// <param name="Level">The most frequent level of a category; null for numbers and without a cell.</param>
/// <param name="LevelShare">Its share of the cells that are not missing; NaN for numbers.</param>
/// <param name="Missing">The share of missing cells.</param>
public readonly record struct ColumnSummary(
    double Mean, double StandardDeviation, string? Level, double LevelShare, double Missing)
{
    internal static ColumnSummary Of(ComparedColumn column, double[] cells)
    {
        double[] known = ComparedColumn.Known(cells);
        double missing = (double)(cells.Length - known.Length) / cells.Length;
        if (column.HasLevels)
        {
            int[] counts = column.Counts(cells);
            int most = Array.IndexOf(counts, counts.Max());
            return known.Length == 0 ? new ColumnSummary(double.NaN, double.NaN, null, double.NaN, missing)
                : new ColumnSummary(double.NaN, double.NaN, column.LevelText(most),
                    (double)counts[most] / known.Length, missing);
        }

        double mean = 0, squares = 0;
        for (int i = 0; i < known.Length; i++)
        {
            double deviation = known[i] - mean;
            mean += deviation / (i + 1);
            squares += deviation * (known[i] - mean);
        }

        return new ColumnSummary(known.Length > 0 ? mean : double.NaN,
            known.Length > 1 ? Math.Sqrt(squares / (known.Length - 1)) : double.NaN, null, double.NaN, missing);
    }
}

using System.Globalization;
using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>The shares of the cells of a column in bins, for a picture.</summary>
/// <param name="Labels">What each bin holds.</param>
/// <param name="Real">The share of real cells in each bin, of those that are not missing.</param>
/// <param name="Synthetic">The share of synthetic cells.</param>
internal sealed record ColumnHistogram(string[] Labels, double[] Real, double[] Synthetic)
{
    private const int Bins = 24, MostWhole = 32, MostLevels = 12;

    public static ColumnHistogram Of(ComparedColumn column) =>
        column.HasLevels ? OfLevels(column) : OfNumbers(column);

    private static ColumnHistogram OfLevels(ComparedColumn column)
    {
        int[] real = column.Counts(column.Real), synthetic = column.Counts(column.Synthetic);
        int[] order = [.. Enumerable.Range(0, real.Length).Where(l => real[l] + synthetic[l] > 0)];
        // The levels in their order; of many, the most frequent ones and one bin for the others.
        int[] shown = order.Length <= MostLevels ? order
            : [.. order.OrderByDescending(l => real[l]).Take(MostLevels - 1).Order()];
        int[] others = [.. order.Except(shown)];
        string[] labels = [.. shown.Select(column.LevelText)];
        return new ColumnHistogram(others.Length == 0 ? labels
            : [.. labels, string.Create(CultureInfo.InvariantCulture, $"{others.Length:N0} others")],
            Shares(real), Shares(synthetic));

        double[] Shares(int[] counts)
        {
            double total = Math.Max(1, counts.Sum());
            double[] shares = [.. shown.Select(l => counts[l] / total)];
            return others.Length == 0 ? shares : [.. shares, others.Sum(l => counts[l]) / total];
        }
    }

    private static ColumnHistogram OfNumbers(ComparedColumn column)
    {
        double[] real = ComparedColumn.Known(column.Real), synthetic = ComparedColumn.Known(column.Synthetic);
        double[] all = [.. real.Concat(synthetic).Order()];
        if (all.Length == 0) return new ColumnHistogram([], [], []);
        // The outermost bins also hold the numbers beyond them.
        double low = all[all.Length / 200], high = all[all.Length - 1 - all.Length / 200];
        bool isLogarithmic = column.Column.Kind == ColumnKind.Positive && low > 0 && high > low;
        if (isLogarithmic) (low, high) = (PortableMath.Log(low), PortableMath.Log(high));
        bool isWhole = !isLogarithmic && column.Column is { Decimals: 0, Kind: not ColumnKind.Date }
            && high - low < MostWhole;
        if (isWhole) (low, high) = (Math.Round(low) - 0.5, Math.Round(high) + 0.5);
        int bins = isWhole ? (int)(high - low) : high > low ? Bins : 1;
        return new ColumnHistogram([.. Enumerable.Range(0, bins).Select(Label)], Shares(real), Shares(synthetic));

        double Edge(int bin) => low + (high - low) * bin / bins;

        double Number(double at) => isLogarithmic ? PortableMath.Exp(at) : at;

        string Label(int bin) => isWhole ? column.Column.Brief(Edge(bin) + 0.5)
            : $"{column.Column.Brief(Number(Edge(bin)))} to {column.Column.Brief(Number(Edge(bin + 1)))}";

        double[] Shares(double[] values)
        {
            double[] shares = new double[bins];
            foreach (double value in values)
            {
                double place = isLogarithmic ? value > 0 ? PortableMath.Log(value) : low : value;
                int bin = high > low ? (int)Math.Clamp((place - low) / (high - low) * bins, 0, bins - 1) : 0;
                shares[bin] += 1.0 / values.Length;
            }

            return shares;
        }
    }
}

using System.Globalization;
using Reparam.Rendering;

namespace Reparam.Tabular;

/// <summary>The picture of a comparison: a small histogram of each column, and a map of the distances of
/// pairs.</summary>
internal static class ComparisonPicture
{
    private const int Left = 20, Across = 4, PanelWidth = 230, PanelHeight = 160, PlotWidth = 206, PlotHeight = 80;
    private const int Legend = 36, MostMapped = 60, LabelWidth = 110;

    // The distance of the darkest cell, at least.
    private const double Darkest = 0.2;

    // Between the light and the dark background.
    private const string Real = "#2F8FD0";
    private const double RealOpacity = 0.6;

    private static readonly string s_synthetic = SvgText.Colour(1);

    public static string Svg(TableComparison comparison)
    {
        int panels = (comparison.Columns.Count + Across - 1) / Across;
        string[] mapped =
            [.. comparison.Pairs.SelectMany(p => (string[])[p.First, p.Second]).Distinct().Take(MostMapped)];
        int cell = mapped.Length == 0 ? 0 : Math.Clamp(600 / mapped.Length, 10, 40);
        int mapTop = Legend + panels * PanelHeight;
        int height = mapTop + (mapped.Length == 0 ? 0 : 60 + LabelWidth + mapped.Length * cell + 20);
        int width = Math.Max(Left + Across * PanelWidth, Left + LabelWidth + mapped.Length * cell + 20);
        var svg = SvgText.Adaptive(width, height);
        svg.Box(Left, 12, 14, 12, Real, RealOpacity, "real");
        svg.Label(Left + 20, 22, FormattableString.Invariant($"real, {comparison.RealRows:N0} rows"), "start");
        svg.Line(Left + 180, 18, Left + 194, 18, s_synthetic, 2);
        svg.Label(Left + 200, 22,
            FormattableString.Invariant($"synthetic, {comparison.SyntheticRows:N0} rows"), "start");
        for (int c = 0; c < comparison.Columns.Count; c++)
        {
            Panel(svg, comparison.Columns[c], ColumnHistogram.Of(comparison.Cells[c]),
                Left + c % Across * PanelWidth, Legend + c / Across * PanelHeight);
        }

        if (mapped.Length > 0) Map(svg, comparison, mapped, cell, mapTop);
        return svg.ToString();
    }

    private static void Panel(SvgText svg, ColumnDistance column, ColumnHistogram histogram, double x, double y)
    {
        svg.Label(x, y + 16, Short(column.Column.Name, 22), "start", "font-weight=\"bold\"");
        svg.Label(x + PlotWidth, y + 16, string.Create(CultureInfo.InvariantCulture,
            $"{(column.IsCategory ? "TV" : "KS")} {column.Distance:F3}"), "end");
        double bottom = y + 28 + PlotHeight, step = (double)PlotWidth / Math.Max(1, histogram.Labels.Length);
        double most = histogram.Real.Concat(histogram.Synthetic).DefaultIfEmpty(0).Max();
        double scale = most > 0 ? PlotHeight / most : 0;
        List<(double, double)> outline = [(x, bottom)];
        int letters = (int)(step / 6);
        for (int b = 0; b < histogram.Labels.Length; b++)
        {
            double left = x + b * step, up = bottom - scale * histogram.Synthetic[b];
            double real = histogram.Real[b], synthetic = histogram.Synthetic[b];
            string title = string.Create(CultureInfo.InvariantCulture, $"{column.Column.Name}, " +
                $"{histogram.Labels[b]}: real {100 * real:F1} %, synthetic {100 * synthetic:F1} %");
            svg.Box(left, bottom - scale * real, step, scale * real, Real, RealOpacity, title);
            outline.AddRange([(left, up), (left + step, up)]);
            if (column.IsCategory && letters >= 3)
            {
                svg.Label(left + step / 2, bottom + 14, Short(histogram.Labels[b], letters), "middle",
                    $"font-size=\"{(step < 30 ? 8 : 10)}\"");
            }
        }

        svg.Polyline([.. outline, (x + PlotWidth, bottom)], s_synthetic);
        svg.Line(x, bottom, x + PlotWidth, bottom, SvgText.Ink);
        if (column.IsCategory || histogram.Labels.Length == 0) return;
        svg.Label(x, bottom + 14, histogram.Labels[0].Split(" to ")[0], "start", "font-size=\"10\"");
        svg.Label(x + PlotWidth, bottom + 14, histogram.Labels[^1].Split(" to ")[^1], "end", "font-size=\"10\"");
    }

    private static void Map(SvgText svg, TableComparison comparison, string[] names, int cell, int top)
    {
        double most = Math.Max(Darkest, comparison.Pairs.Max(p => p.Distance));
        svg.Label(Left, top + 20, "Pairs of columns", "start", "font-weight=\"bold\" font-size=\"14\"");
        svg.Label(Left, top + 40, string.Create(CultureInfo.InvariantCulture, $"Below the diagonal: the distance of " +
            $"each pair, from 0 (no colour) to {most:F2} (full colour). Above it: the same by chance alone."), "start");
        double left = Left + LabelWidth, up = top + 50 + LabelWidth;
        Dictionary<string, int> places = names.Index().ToDictionary(n => n.Item, n => n.Index);
        for (int i = 0; i < names.Length; i++)
        {
            double middle = (i + 0.5) * cell;
            svg.Label(left - 6, up + middle + 4, Short(names[i], 16), "end", "font-size=\"11\"");
            svg.Label(0, 0, Short(names[i], 16), "start", string.Create(CultureInfo.InvariantCulture,
                $"font-size=\"11\" transform=\"translate({left + middle + 4:F1} {up - 6:F1}) rotate(-90)\""));
        }

        foreach (PairDistance pair in comparison.Pairs)
        {
            if (!places.TryGetValue(pair.First, out int i) || !places.TryGetValue(pair.Second, out int j)) continue;
            string name = $"{pair.First} and {pair.Second}";
            Cell(i, j, pair.Distance, string.Create(CultureInfo.InvariantCulture, $"{name}: {pair.Distance:F3} " +
                $"({(pair.AreNumbers ? "rank correlation" : "association")} {pair.Real:F2} real, {pair.Synthetic:F2} " +
                $"synthetic)"));
            Cell(j, i, pair.Chance, string.Create(CultureInfo.InvariantCulture, $"{name}: {pair.Chance:F3} by chance"));
        }

        svg.Area([(left, up), (left + names.Length * cell, up), (left + names.Length * cell, up + names.Length * cell),
            (left, up + names.Length * cell)], SvgText.Ink, 0.04);

        void Cell(int column, int row, double distance, string title) => svg.Box(left + column * cell + 0.5,
            up + row * cell + 0.5, cell - 1, cell - 1, s_synthetic, Math.Min(1, distance / most), title);
    }

    private static string Short(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}

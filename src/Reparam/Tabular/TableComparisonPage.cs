using System.Globalization;
using System.Net;
using System.Text;
using Reparam.Serialization;

namespace Reparam.Tabular;

/// <summary>
/// A comparison of tables as a picture or as a page: a histogram of each column, a map of the distances of pairs and,
/// on the page, the numbers. A page is one file without a script or another file, and both follow the light or dark
/// appearance that the viewer prefers.
/// </summary>
public sealed class TableComparisonPage
{
    private const int MostPairs = 30;

    private const string Style = """
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 62em; padding: 0 1em; background: #ffffff;
          color: #1f2328; }
        table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums; }
        th, td { padding: 0.15em 0.8em 0.15em 0; text-align: left; border-bottom: 1px solid #8886; }
        .fault { border-left: 4px solid #d55e00; padding-left: 0.8em; }
        svg { max-width: 100%; height: auto; }
        @media (prefers-color-scheme: dark) { body { background: #0d1117; color: #e6edf3; } }
        """;

    private readonly TableComparison _comparison;

    /// <summary>The page of a comparison.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="title">The title of the page.</param>
    public TableComparisonPage(TableComparison comparison, string title)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(title);
        (_comparison, Title) = (comparison, title);
        Svg = ComparisonPicture.Svg(comparison);
    }

    /// <summary>The title.</summary>
    public string Title { get; }

    /// <summary>The picture as SVG text.</summary>
    public string Svg { get; }

    /// <summary>The page as HTML text, with the picture in it.</summary>
    public string Html
    {
        get
        {
            var html = new StringBuilder($"""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>{Escaped(Title)}</title>
                <style>
                {Style}
                </style>
                </head>
                <body>
                <h1>{Escaped(Title)}</h1>

                """);
            foreach (string fault in _comparison.Faults)
                html.Append(CultureInfo.InvariantCulture, $"<p class=\"fault\">{Escaped(fault)}</p>\n");
            Table(html, ["what", "number", "ideal"], Numbers());
            html.Append(Svg);
            Table(html, ["column", "kind", "distance", "by chance", "outside", "missing, real", "missing, synthetic"],
                _comparison.Columns.Select(c => (string[])[c.Column.Name, c.Column.Kind.ToString().ToLowerInvariant(),
                    Three(c.Distance), Three(c.Chance), Share(c.Outside), Share(c.Real.Missing),
                    Share(c.Synthetic.Missing)]));
            Table(html, ["pair", "distance", "by chance", "association, real", "association, synthetic"],
                _comparison.WorstPairs.Take(MostPairs).Select(p => (string[])[$"{p.First} and {p.Second}",
                    Three(p.Distance), Three(p.Chance), Three(p.Real), Three(p.Synthetic)]));
            if (_comparison.Tables.LeftOut.Count > 0)
            {
                Table(html, ["column that is left out", "why"],
                    _comparison.Tables.LeftOut.Select(l => (string[])[l.Column, l.Reason]));
            }

            return html.Append("</body>\n</html>\n").ToString();
        }
    }

    /// <summary>Writes the page, or the picture alone to a path that ends in .svg, completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteAllText(path, path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase) ? Svg : Html);
    }

    private IEnumerable<string[]> Numbers()
    {
        (TwoSampleTest test, RowPrivacy privacy) = (_comparison.Classifier, _comparison.Privacy);
        string fresh = privacy.UsesHeldOut ? "held-out rows" : "real rows, from other real rows";
        yield return ["mean distance of columns", Three(_comparison.Columns.Average(c => c.Distance)),
            $"{Three(_comparison.Columns.Average(c => c.Chance))} (by chance)"];
        if (_comparison.Pairs.Count > 0)
        {
            yield return ["mean distance of pairs", Three(_comparison.Pairs.Average(p => p.Distance)),
                $"{Three(_comparison.Pairs.Average(p => p.Chance))} (by chance)"];
        }

        yield return ["ROC AUC of a classifier", string.Create(CultureInfo.InvariantCulture,
            $"{test.RocAuc:F3} ± {test.StandardError:F3}"), "0.5"];
        if (_comparison.Target is { } target)
        {
            string score = target.IsAccuracy ? "accuracy" : "R²";
            yield return [$"{score} for {target.Column}, trained on synthetic rows", Three(target.Synthetic.Mean),
                $"{Three(target.Real.Mean)} (trained on real rows)"];
        }

        yield return ["distance from the nearest real row, 5th percentile", Three(privacy.Fifth),
            $"{Three(privacy.ExpectedFifth)} ({fresh})"];
        yield return ["distance from the nearest real row, median", Three(privacy.Median),
            $"{Three(privacy.ExpectedMedian)} ({fresh})"];
        yield return ["exact copies of real rows", Share(privacy.Copies.Mean),
            $"{Share(privacy.ExpectedCopies.Mean)} ({fresh})"];
        if (privacy.NearerToReal is { } share)
            yield return ["rows nearer to a real than to a held-out row", Share(share.Mean), "50.0 %"];
    }

    private static void Table(StringBuilder html, string[] headings, IEnumerable<string[]> rows)
    {
        html.Append("<table>\n<tr>").AppendJoin("", headings.Select(h => $"<th>{Escaped(h)}</th>")).Append("</tr>\n");
        foreach (string[] row in rows)
            html.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Escaped(cell)}</td>")).Append("</tr>\n");
        html.Append("</table>\n");
    }

    private static string Three(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}

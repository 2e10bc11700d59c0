using System.Globalization;
using System.Security;
using System.Text;
using Reparam.Serialization;

namespace Reparam.Rendering;

/// <summary>A plot with logarithmic axes as SVG: text a person can read and a browser can show, the same for the same numbers on every machine.</summary>
public sealed class LogPlot
{
    private const int Left = 80, Top = 40, Width = 520, Height = 340, Row = 20;

    // Colours that differ in lightness too, after the palette of Okabe and Ito (2008).
    private static readonly string[] s_colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#8C564B", "#7F7F7F", "#BCBD22", "#17BECF"];

    private LogPlot(string svg) => Svg = svg;

    /// <summary>The picture.</summary>
    public string Svg { get; }

    /// <summary>Draws series over axes that span the powers of ten around them.</summary>
    /// <param name="title">The title.</param>
    /// <param name="xLabel">What the horizontal axis shows, with its unit.</param>
    /// <param name="yLabel">What the vertical axis shows, with its unit.</param>
    /// <param name="series">The points, all positive and finite.</param>
    /// <param name="joined">Whether lines join the points of a series.</param>
    /// <exception cref="ArgumentException">There is no point, or one is not positive and finite.</exception>
    public static LogPlot Draw(string title, string xLabel, string yLabel, IReadOnlyList<PlotSeries> series, bool joined)
    {
        ArgumentNullException.ThrowIfNull(series);
        (double X, double Y)[] points = [.. series.SelectMany(s => s.Points)];
        if (points.Length == 0 || !points.All(p => p is { X: > 0, Y: > 0 } && double.IsFinite(p.X) && double.IsFinite(p.Y)))
            throw new ArgumentException("Logarithmic axes show at least one point, and positive finite numbers alone.", nameof(series));
        (int x0, int x1) = Decades(points.Select(p => p.X));
        (int y0, int y1) = Decades(points.Select(p => p.Y));
        double X(double x) => Left + Width * (Math.Log10(x) - x0) / (x1 - x0);
        double Y(double y) => Top + Height - Height * (Math.Log10(y) - y0) / (y1 - y0);

        var svg = new StringBuilder();
        int legend = Left + Width + 20, longest = series.Max(s => s.Name.Length);
        int wide = legend + 30 + longest * 7, high = Math.Max(Top + Height + 60, Top + series.Count * Row + 20);
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{wide}\" height=\"{high}\" fill=\"white\"/>\n");
        Label(svg, Left + Width / 2.0, 20, title, "middle", "font-size=\"14\" font-weight=\"bold\"");
        for (int decade = x0; decade <= x1; decade++)
        {
            double at = Left + (double)Width * (decade - x0) / (x1 - x0);
            Line(svg, at, Top, at, Top + Height, "#dddddd");
            Label(svg, at, Top + Height + 18, Power(decade), "middle");
        }

        for (int decade = y0; decade <= y1; decade++)
        {
            double at = Top + Height - (double)Height * (decade - y0) / (y1 - y0);
            Line(svg, Left, at, Left + Width, at, "#dddddd");
            Label(svg, Left - 8, at + 4, Power(decade), "end");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{Top}\" width=\"{Width}\" height=\"{Height}\" fill=\"none\" stroke=\"black\"/>\n");
        Label(svg, Left + Width / 2.0, Top + Height + 42, xLabel, "middle");
        Label(svg, 0, 0, yLabel, "middle", FormattableString.Invariant($"transform=\"translate(18 {Top + Height / 2}) rotate(-90)\""));
        for (int i = 0; i < series.Count; i++)
        {
            string colour = s_colours[i % s_colours.Length];
            if (joined && series[i].Points.Count > 1)
            {
                string path = string.Join(' ', series[i].Points.Select(p => FormattableString.Invariant($"{X(p.X):F1},{Y(p.Y):F1}")));
                svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n");
            }

            foreach ((double x, double y) in series[i].Points) Dot(svg, X(x), Y(y), colour);
            Dot(svg, legend + 6, Top + 8 + i * Row, colour);
            Label(svg, legend + 18, Top + 12 + i * Row, series[i].Name, "start");
        }

        svg.Append("</svg>\n");
        return new LogPlot(svg.ToString());
    }

    /// <summary>Writes the picture, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Svg)));

    /// <summary>The powers of ten around some numbers, at least one decade apart.</summary>
    private static (int Low, int High) Decades(IEnumerable<double> values)
    {
        double[] logs = [.. values.Select(Math.Log10)];
        int low = (int)Math.Floor(logs.Min()), high = (int)Math.Ceiling(logs.Max());
        return (low, Math.Max(high, low + 1));
    }

    private static string Power(int decade) => decade is >= -3 and <= 4 ? Math.Pow(10, decade).ToString("0.###", CultureInfo.InvariantCulture) : FormattableString.Invariant($"1e{decade}");

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string colour) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\" stroke=\"{colour}\"/>\n");

    private static void Dot(StringBuilder svg, double x, double y, string colour) =>
        svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"4\" fill=\"{colour}\"/>\n");

    private static void Label(StringBuilder svg, double x, double y, string text, string anchor, string more = "") =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\" {more}>{SecurityElement.Escape(text)}</text>\n");
}

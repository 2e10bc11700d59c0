using System.Globalization;
using System.Text;
using Reparam.Serialization;

namespace Reparam.Rendering;

/// <summary>A plot with logarithmic axes as SVG. The same numbers give the same text on every machine.</summary>
public sealed class LogPlot
{
    private const int Left = 80, Top = 40, Width = 520, Height = 340, Row = 20;

    private LogPlot(string svg) => Svg = svg;

    /// <summary>The plot as SVG text.</summary>
    public string Svg { get; }

    /// <summary>Draws series of points. Each axis spans the powers of ten around the points.</summary>
    /// <param name="title">The title.</param>
    /// <param name="xLabel">What the horizontal axis shows, with its unit.</param>
    /// <param name="yLabel">What the vertical axis shows, with its unit.</param>
    /// <param name="series">The points, all positive and finite.</param>
    /// <param name="joined">Whether lines join the points of a series.</param>
    /// <exception cref="ArgumentException">There is no point, or a number is not positive and finite.</exception>
    public static LogPlot Draw(
        string title, string xLabel, string yLabel, IReadOnlyList<PlotSeries> series, bool joined)
    {
        ArgumentNullException.ThrowIfNull(series);
        (double X, double Y)[] points = [.. series.SelectMany(s => s.Points)];
        if (points.Length == 0
            || !points.All(p => p is { X: > 0, Y: > 0 } && double.IsFinite(p.X) && double.IsFinite(p.Y)))
        {
            throw new ArgumentException(
                "Logarithmic axes need at least one point, and all numbers must be positive and finite. Leave out " +
                "points with 0, a negative number, NaN or infinity.", nameof(series));
        }

        (int x0, int x1) = Decades(points.Select(p => p.X));
        (int y0, int y1) = Decades(points.Select(p => p.Y));
        double X(double x) => Left + Width * (Math.Log10(x) - x0) / (x1 - x0);
        double Y(double y) => Top + Height - Height * (Math.Log10(y) - y0) / (y1 - y0);

        int legend = Left + Width + 20, longest = series.Max(s => s.Name.Length);
        var svg = new SvgText(legend + 30 + longest * 7, Math.Max(Top + Height + 60, Top + series.Count * Row + 20));
        svg.Label(Left + Width / 2.0, 20, title, "middle", "font-size=\"14\" font-weight=\"bold\"");
        for (int decade = x0; decade <= x1; decade++)
        {
            double at = Left + (double)Width * (decade - x0) / (x1 - x0);
            svg.Line(at, Top, at, Top + Height, "#dddddd");
            svg.Label(at, Top + Height + 18, Power(decade), "middle");
        }

        for (int decade = y0; decade <= y1; decade++)
        {
            double at = Top + Height - (double)Height * (decade - y0) / (y1 - y0);
            svg.Line(Left, at, Left + Width, at, "#dddddd");
            svg.Label(Left - 8, at + 4, Power(decade), "end");
        }

        svg.Frame(Left, Top, Width, Height, xLabel, yLabel);
        for (int i = 0; i < series.Count; i++)
        {
            string colour = SvgText.Colour(i);
            if (joined && series[i].Points.Count > 1)
                svg.Polyline(series[i].Points.Select(p => (X(p.X), Y(p.Y))), colour);
            foreach ((double x, double y) in series[i].Points) svg.Dot(X(x), Y(y), colour);
            svg.Dot(legend + 6, Top + 8 + i * Row, colour);
            svg.Label(legend + 18, Top + 12 + i * Row, series[i].Name, "start");
        }

        return new LogPlot(svg.ToString());
    }

    /// <summary>Writes the plot to a file completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Svg)));

    /// <summary>The exponents of the powers of ten around numbers, at least one decade apart.</summary>
    private static (int Low, int High) Decades(IEnumerable<double> values)
    {
        double[] logs = [.. values.Select(Math.Log10)];
        int low = (int)Math.Floor(logs.Min()), high = (int)Math.Ceiling(logs.Max());
        return (low, Math.Max(high, low + 1));
    }

    private static string Power(int decade) => decade is >= -3 and <= 4 ? Math.Pow(10, decade).ToString(
        "0.###", CultureInfo.InvariantCulture) : FormattableString.Invariant($"1e{decade}");
}

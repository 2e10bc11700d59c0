using System.Globalization;
using System.Text;
using Reparam.Serialization;

namespace Reparam.Rendering;

/// <summary>A plot with linear axes as SVG: filled bands, lines above the bands, and points above both. The same
/// numbers give the same text on every machine.</summary>
public sealed class LinePlot
{
    private const int Left = 80, Top = 40, Width = 520, Height = 340, Row = 20, Ticks = 6;

    // The opacity of one band. Overlapping bands are darker.
    private const double Opacity = 0.22;

    private LinePlot(string svg) => Svg = svg;

    /// <summary>The plot as SVG text.</summary>
    public string Svg { get; }

    /// <summary>Draws a plot. The axes span all bands, lines and points.</summary>
    /// <param name="title">The title.</param>
    /// <param name="xLabel">What the horizontal axis shows, with its unit.</param>
    /// <param name="yLabel">What the vertical axis shows, with its unit.</param>
    /// <param name="bands">The bands, all in one colour. Wider bands come first, so that the shades in the legend match
    /// the shades in the plot.</param>
    /// <param name="lines">The lines, each in a different colour. The first line has the colour of the bands.</param>
    /// <param name="points">The points, in the colours that follow the colours of the lines.</param>
    /// <exception cref="ArgumentException">There is nothing to draw, or a number is not finite.</exception>
    public static LinePlot Draw(string title, string xLabel, string yLabel, IReadOnlyList<PlotBand> bands,
        IReadOnlyList<PlotSeries> lines, IReadOnlyList<PlotSeries> points)
    {
        ArgumentNullException.ThrowIfNull(bands);
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(points);
        (double X, double Y)[] all = [.. bands.SelectMany(b => b.Points).SelectMany(
            p => new[] { (p.X, p.Low), (p.X, p.High) }), .. lines.Concat(points).SelectMany(s => s.Points)];
        if (all.Length == 0 || !all.All(p => double.IsFinite(p.X) && double.IsFinite(p.Y)))
            throw new ArgumentException("A plot needs a point, and all numbers must be finite.", nameof(points));
        Axis across = Axis.Of([.. all.Select(p => p.X)], tight: true),
            up = Axis.Of([.. all.Select(p => p.Y)], tight: false);
        (double X, double Y) At(double x, double y) => (Left + Width * (x - across.Low) / (across.High - across.Low),
            Top + Height - Height * (y - up.Low) / (up.High - up.Low));

        string[] names = [.. bands.Select(b => b.Name), .. lines.Concat(points).Select(s => s.Name)];
        int legend = Left + Width + 20;
        var svg = new SvgText(
            legend + 40 + names.Max(n => n.Length) * 7, Math.Max(Top + Height + 60, Top + names.Length * Row + 20));
        svg.Label(Left + Width / 2.0, 20, title, "middle", "font-size=\"14\" font-weight=\"bold\"");
        foreach (double tick in across.Ticks)
        {
            (double x, _) = At(tick, up.Low);
            svg.Line(x, Top, x, Top + Height, "#e4e4e4");
            svg.Label(x, Top + Height + 18, across.Text(tick), "middle");
        }

        foreach (double tick in up.Ticks)
        {
            (_, double y) = At(across.Low, tick);
            svg.Line(Left, y, Left + Width, y, "#e4e4e4");
            svg.Label(Left - 8, y + 4, up.Text(tick), "end");
        }

        foreach (PlotBand band in bands)
        {
            svg.Area(
                [.. band.Points.Select(p => At(p.X, p.High)), .. band.Points.Reverse().Select(p => At(p.X, p.Low))],
                SvgText.Colour(0), Opacity);
        }

        for (int i = 0; i < lines.Count; i++)
            svg.Polyline(lines[i].Points.Select(p => At(p.X, p.Y)), SvgText.Colour(i));
        for (int i = 0; i < points.Count; i++)
        {
            foreach ((double x, double y) in points[i].Points.Select(p => At(p.X, p.Y)))
                svg.Dot(x, y, SvgText.Colour(lines.Count + i));
        }

        svg.Frame(Left, Top, Width, Height, xLabel, yLabel);
        for (int row = 0; row < names.Length; row++)
        {
            double y = Top + 8 + row * Row;
            if (row < bands.Count)
            {
                // As dark as the overlap of this band and all wider bands.
                for (int over = 0; over <= row; over++)
                {
                    svg.Area([(legend, y - 6), (legend + 20, y - 6), (legend + 20, y + 6), (legend, y + 6)],
                        SvgText.Colour(0), Opacity);
                }
            }
            else if (row < bands.Count + lines.Count)
            {
                svg.Line(legend, y, legend + 20, y, SvgText.Colour(row - bands.Count), 2);
            }
            else
            {
                svg.Dot(legend + 10, y, SvgText.Colour(row - bands.Count));
            }

            svg.Label(legend + 28, y + 4, names[row], "start");
        }

        return new LinePlot(svg.ToString());
    }

    /// <summary>Writes the plot to a file completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Svg)));

    /// <summary>The range of an axis and its ticks: multiples of 1, 2 or 5 times a power of ten.</summary>
    private sealed record Axis(double Low, double High, double Step)
    {
        public IEnumerable<double> Ticks
        {
            get
            {
                // The tolerance prevents the loss of the first or last tick by a rounding error.
                long first = (long)Math.Ceiling(Low / Step - 1e-9), last = (long)Math.Floor(High / Step + 1e-9);
                for (long i = first; i <= last; i++) yield return i * Step;
            }
        }

        /// <summary>An axis that spans exactly the values if <paramref name="tight"/>, else up to the nearest ticks
        /// around the values.</summary>
        public static Axis Of(double[] values, bool tight)
        {
            double low = values.Min(), high = values.Max();
            if (!(high > low))
                (low, high) = (low - 0.5 * Math.Max(1, Math.Abs(low)), high + 0.5 * Math.Max(1, Math.Abs(high)));
            double raw = (high - low) / LinePlot.Ticks, power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
            double step = power * ((raw / power - 1e-9) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
            return tight ? new Axis(low, high, step)
                : new Axis(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step);
        }

        public string Text(double tick)
        {
            int decimals = Math.Clamp(-(int)Math.Floor(Math.Log10(Step) + 1e-9), 0, 15);
            return Step is >= 1e-4 and < 1e6 ? (tick + 0.0).ToString(
                "F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                : tick.ToString("G3", CultureInfo.InvariantCulture);
        }
    }
}

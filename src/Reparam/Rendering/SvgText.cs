using System.Globalization;
using System.Security;
using System.Text;

namespace Reparam.Rendering;

/// <summary>The text of an SVG image. Coordinates have one decimal.</summary>
internal sealed class SvgText
{
    // Colours that also differ in lightness, based on the palette of Okabe and Ito (2008).
    private static readonly string[] s_colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00",
        "#000000", "#8C564B", "#7F7F7F", "#BCBD22", "#17BECF"];

    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;

    private readonly StringBuilder _text = new();

    /// <summary>Starts a white image of a size in pixels.</summary>
    public SvgText(int width, int height)
    {
        _text.Append(s_culture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" " +
            $"font-family=\"sans-serif\" font-size=\"12\">\n");
        _text.Append(s_culture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n");
    }

    /// <summary>Starts an image of a size in pixels whose background and texts follow the light or dark appearance that
    /// the viewer prefers. Texts and lines without a colour of their own have <see cref="Ink"/>.</summary>
    public static SvgText Adaptive(int width, int height) => new(string.Create(s_culture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" " +
        $"viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"{Ink}\">\n" +
        $"<style>svg {{ color: #1f2328; background: #ffffff; }} @media (prefers-color-scheme: dark) " +
        $"{{ svg {{ color: #e6edf3; background: #0d1117; }} }}</style>\n"));

    private SvgText(string head) => _text.Append(head);

    /// <summary>The colour of texts in an image that follows the appearance of its viewer.</summary>
    public const string Ink = "currentColor";

    /// <summary>The colour of the series with an index.</summary>
    public static string Colour(int series) => s_colours[series % s_colours.Length];

    public void Line(double x1, double y1, double x2, double y2, string colour, double width = 1) =>
        _text.Append(s_culture, $"<line x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\" " +
            $"stroke=\"{colour}\"{Width(width)}/>\n");

    public void Polyline(IEnumerable<(double X, double Y)> points, string colour) =>
        _text.Append(
            s_culture, $"<polyline points=\"{Text(points)}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n");

    /// <summary>Adds a filled area that is partly transparent.</summary>
    public void Area(IEnumerable<(double X, double Y)> outline, string colour, double opacity) =>
        _text.Append(
            s_culture, $"<polygon points=\"{Text(outline)}\" fill=\"{colour}\" fill-opacity=\"{opacity}\"/>\n");

    /// <summary>Adds a filled rectangle that is partly transparent.</summary>
    /// <param name="x">The left side.</param>
    /// <param name="y">The upper side.</param>
    /// <param name="width">The width.</param>
    /// <param name="height">The height.</param>
    /// <param name="colour">The colour.</param>
    /// <param name="opacity">The opacity, from 0 to 1.</param>
    /// <param name="title">What a browser shows while the pointer is on the rectangle.</param>
    public void Box(double x, double y, double width, double height, string colour, double opacity, string title) =>
        _text.Append(s_culture,
            $"<rect x=\"{x:F1}\" y=\"{y:F1}\" width=\"{width:F1}\" height=\"{height:F1}\" fill=\"{colour}\" " +
            $"fill-opacity=\"{opacity:F2}\"><title>{SecurityElement.Escape(title)}</title></rect>\n");

    public void Dot(double x, double y, string colour) =>
        _text.Append(s_culture, $"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"4\" fill=\"{colour}\"/>\n");

    public void Label(double x, double y, string text, string anchor, string more = "") =>
        _text.Append(s_culture,
            $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\" {more}>{SecurityElement.Escape(text)}</text>\n");

    /// <summary>Adds the box around the plot and the labels of the axes.</summary>
    public void Frame(int left, int top, int width, int height, string xLabel, string yLabel)
    {
        _text.Append(s_culture,
            $"<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"black\"/>\n");
        Label(left + width / 2.0, top + height + 42, xLabel, "middle");
        Label(0, 0, yLabel, "middle",
            FormattableString.Invariant($"transform=\"translate(18 {top + height / 2}) rotate(-90)\""));
    }

    /// <summary>The complete SVG text.</summary>
    public override string ToString() => $"{_text}</svg>\n";

    private static string Width(double width) =>
        width == 1 ? "" : FormattableString.Invariant($" stroke-width=\"{width}\"");

    private static string Text(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(p => FormattableString.Invariant($"{p.X:F1},{p.Y:F1}")));
}

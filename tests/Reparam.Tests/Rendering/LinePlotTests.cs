using System.Globalization;
using System.Xml.Linq;
using Reparam.Rendering;

namespace Reparam.Tests.Rendering;

public sealed class LinePlotTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    private static double[][] Points(XElement shape) => [.. shape.Attribute("points")!.Value.Split(' ').Select(
        p => p.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())];

    [Fact]
    public void Band_line_and_points_lie_where_their_numbers_say()
    {
        XElement root = XDocument.Parse(LinePlot.Draw(
            "a < b & c", "x", "y", [new PlotBand("band", [(0, -1, 1), (10, -2, 4)])],
            [new PlotSeries("line", [(0, 0), (5, 1), (10, 2)])], [new PlotSeries("points", [(5, 1)])]).Svg).Root!;
        double[][] line = Points(root.Element(s_svg + "polyline")!),
            band = Points(root.Elements(s_svg + "polygon").First());
        // Equal steps in both directions; y grows upwards.
        Assert.Equal(line[1][0] - line[0][0], line[2][0] - line[1][0], 0.11);
        Assert.Equal(line[1][1] - line[0][1], line[2][1] - line[1][1], 0.11);
        Assert.True(line[1][1] < line[0][1]);
        // Along the upper curve and back along the lower one, each where the line would be with these numbers.
        double nat = line[0][1] - line[1][1];
        double[] expected = [line[0][1] - nat, line[0][1] - 4 * nat, line[0][1] + 2 * nat, line[0][1] + nat];
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(i is 0 or 3 ? line[0][0] : line[2][0], band[i][0], 0.11);
            // One decimal of each coordinate, times the multiples of a step.
            Assert.Equal(expected[i], band[i][1], 0.5);
        }

        XElement dot = root.Elements(s_svg + "circle").First();
        Assert.Equal(line[1][0], double.Parse(dot.Attribute("cx")!.Value, CultureInfo.InvariantCulture), 0.11);
        Assert.Equal(line[1][1], double.Parse(dot.Attribute("cy")!.Value, CultureInfo.InvariantCulture), 0.11);
        string[] texts = [.. root.Elements(s_svg + "text").Select(t => t.Value)];
        foreach (string text in new[] { "a < b & c", "x", "y", "band", "line", "points", "0", "10", "-2", "4" })
            Assert.Contains(text, texts);
    }

    [Theory]
    [InlineData(0.0, 0.03, "0.000", "0.005")]
    [InlineData(-3.0, 3.0, "-3", "2")]
    [InlineData(0.0, 4000.0, "1000", "4000")]
    [InlineData(5.0, 5.0, "3", "7")]
    public void Ticks_are_round_numbers_within_the_axis(double low, double high, params string[] expected)
    {
        XElement root = XDocument.Parse(
            LinePlot.Draw("t", "x", "y", [], [], [new PlotSeries("s", [(low, 0), (high, 1)])]).Svg).Root!;
        string[] texts = [.. root.Elements(s_svg + "text").Where(
            t => t.Attribute("text-anchor")!.Value == "middle").Select(t => t.Value)];
        foreach (string text in expected) Assert.Contains(text, texts);
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused()
    {
        foreach ((double, double)[] points in new (
            double, double)[][] { [], [(0, double.NaN)], [(double.PositiveInfinity, 1)] })
            Assert.Throws<ArgumentException>(() => LinePlot.Draw("t", "x", "y", [], [], [new PlotSeries("s", points)]));
        Assert.Throws<ArgumentException>(
            () => LinePlot.Draw("t", "x", "y", [new PlotBand("b", [(0, 0, double.NaN)])], [], []));
    }
}

using System.Xml.Linq;
using Reparam.Rendering;

namespace Reparam.Tests.Rendering;

public sealed class LogPlotTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Plot_is_well_formed_and_points_lie_where_their_logarithms_say()
    {
        XElement root = XDocument.Parse(LogPlot.Draw(
            "a < b & c", "x", "y", [new PlotSeries("one", [(1, 10), (10, 1000), (100, 10)])], joined: true).Svg).Root!;
        string[] points = root.Element(s_svg + "polyline")!.Attribute("points")!.Value.Split(' ');
        double[][] at = [.. points.Select(p => p.Split(',').Select(
            v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        // Two decades across, two up: the middle point is in the middle and at the top.
        Assert.Equal(at[1][0] - at[0][0], at[2][0] - at[1][0], 1e-6);
        Assert.Equal(at[0][1], at[2][1], 1e-6);
        Assert.True(at[1][1] < at[0][1]);
        Assert.Contains(root.Elements(s_svg + "text"), t => t.Value == "a < b & c");
        Assert.Contains(root.Elements(s_svg + "text"), t => t.Value == "1000");
    }

    [Fact]
    public void Same_numbers_give_the_same_text() => Assert.Equal(
        LogPlot.Draw("t", "x", "y", [new PlotSeries("s", [(3, 4)])], joined: false).Svg,
        LogPlot.Draw("t", "x", "y", [new PlotSeries("s", [(3, 4)])], joined: false).Svg);

    [Fact]
    public void What_has_no_logarithm_is_refused()
    {
        foreach ((double, double)[] points in new (
            double, double)[][] { [], [(0, 1)], [(1, -1)], [(1, double.NaN)], [(double.PositiveInfinity, 1)] })
        {
            Assert.Throws<ArgumentException>(
                () => LogPlot.Draw("t", "x", "y", [new PlotSeries("s", points)], joined: false));
        }
    }
}

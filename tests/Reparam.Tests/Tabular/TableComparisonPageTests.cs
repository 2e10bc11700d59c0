using System.Globalization;
using System.Xml.Linq;
using Reparam.Tabular;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Data.Tables;

namespace Reparam.Tests.Tabular;

public sealed class TableComparisonPageTests
{
    private const string Sharp = "<a> & \"b\"";

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    /// <summary>A page whose names and levels hold what HTML would read as tags. A fourth of the real rows and half of
    /// the synthetic ones have the sharp level.</summary>
    private static TableComparisonPage Page()
    {
        static MemoryTable Table(int part) => new([Sharp, "number", "day"], [.. Enumerable.Range(0, 80).Select(
            i => (string[])[i % part == 0 ? Sharp : "plain", $"{i * 37 % 80}.5", $"2026-01-{1 + i % 28:D2}"])]);
        var tables = ComparedTables.Read(Table(4), Table(2));
        return new TableComparisonPage(TableComparison.Of(tables, new Rng(0)), "real <and> synthetic");
    }

    [Fact]
    public void Picture_is_well_formed_and_its_bars_have_the_heights_of_the_shares()
    {
        XElement root = XDocument.Parse(Page().Svg).Root!;
        XElement[] bars = [.. root.Elements(s_svg + "rect").Where(r => r.Value.StartsWith(Sharp + ", ",
            StringComparison.Ordinal))];
        Assert.Equal(2, bars.Length);
        Assert.Equal($"{Sharp}, {Sharp}: real 25.0 %, synthetic 50.0 %", bars[0].Value);
        double[] heights = [.. bars.Select(b => double.Parse(
            b.Attribute("height")!.Value, CultureInfo.InvariantCulture))];
        Assert.Equal(3, heights[1] / heights[0], 0.02);
        // A histogram of each column and, of three pairs, a cell for each with one for chance.
        Assert.Equal(3, root.Elements(s_svg + "polyline").Count());
        Assert.Equal(3, root.Elements(s_svg + "rect").Count(r => r.Value.EndsWith("by chance",
            StringComparison.Ordinal)));
    }

    [Fact]
    public void Page_is_one_file_that_follows_the_appearance_of_its_viewer()
    {
        string html = Page().Html;
        Assert.DoesNotContain("<a>", html, StringComparison.Ordinal);
        Assert.Contains("real &lt;and&gt; synthetic", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        foreach (string part in (string[])["<script", "src=", "href=", "@import", "url("])
            Assert.DoesNotContain(part, html, StringComparison.Ordinal);
        Assert.Contains("class=\"fault\"", html, StringComparison.Ordinal);
        // Well formed but for the two elements of the head that HTML leaves open.
        string body = html[html.IndexOf("<body>", StringComparison.Ordinal)..].Replace("</html>", "",
            StringComparison.Ordinal);
        Assert.Equal(4, XDocument.Parse(body).Root!.Elements("table").Count()
            + XDocument.Parse(body).Root!.Elements("h1").Count());
    }

    [Fact]
    public void Name_of_the_file_chooses_the_picture_or_the_page()
    {
        using var folder = new TemporaryFolder();
        TableComparisonPage page = Page();
        page.Save(folder.File("c.svg"));
        page.Save(folder.File("c.html"));
        Assert.Equal(page.Svg, File.ReadAllText(folder.File("c.svg")));
        Assert.Equal(page.Html, File.ReadAllText(folder.File("c.html")));
        Assert.Throws<IOException>(() => page.Save(folder.File("none/c.svg")));
    }
}

using System.Globalization;
using System.Xml.Linq;
using Reparam.Examples;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Examples;

public sealed class ExampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Regression_draws_bands_around_its_mean_and_the_data()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        Regression.Run(_folder.Path, quick: true, output);
        Assert.Contains("bound on log p(D)", output.ToString(), StringComparison.Ordinal);
        XElement[] shapes =
            [.. XDocument.Parse(File.ReadAllText(Path.Combine(_folder.Path, "regression.svg"))).Root!.Elements()];
        // Two bands and three swatches of the legend, the mean and the truth, sixty data and their swatch.
        Assert.Equal((5, 2, 61), (shapes.Count(s => s.Name.LocalName == "polygon"),
            shapes.Count(s => s.Name.LocalName == "polyline"), shapes.Count(s => s.Name.LocalName == "circle")));
    }

    [Fact]
    public void What_is_no_example_is_answered_with_the_list()
    {
        Assert.Equal(2, Reparam.Examples.Program.Main(["regresion"]));
        Assert.Equal(2, Reparam.Examples.Program.Main([]));
        Assert.Equal(2, Reparam.Examples.Program.Main(["regression", "--fast"]));
    }
}

using System.Text.RegularExpressions;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Tables;

/// <summary>The commands of the pages run as they stand, in order, with the data of the checkout and a folder of
/// pictures.</summary>
public sealed partial class HowToTests
{
    [Theory]
    [InlineData("anomalies")]
    [InlineData("imputation")]
    [InlineData("synthetic-rows")]
    [InlineData("sensors")]
    [InlineData("scoring-service")]
    [InlineData("generated-media")]
    [InlineData("embeddings")]
    [InlineData("pictures")]
    [InlineData("large-data")]
    public void Commands_of_the_page_run_as_they_stand(string page)
    {
        using var folder = new TemporaryFolder();
        string docs = Path.Combine(Repository.Root, "docs", "how-to");
        Directory.CreateDirectory(folder.File("docs/how-to/data"));
        foreach (string file in Directory.GetFiles(Path.Combine(docs, "data")))
            File.Copy(file, folder.File($"docs/how-to/data/{Path.GetFileName(file)}"));
        WritePhotos(folder);
        WriteRows(folder);
        string text = File.ReadAllText(Path.Combine(docs, page + ".md")).ReplaceLineEndings("\n");
        string[] commands = [.. Block().Matches(text).SelectMany(b => b.Groups[1].Value.Split('\n'))
            .Where(line => line.StartsWith("reparam ", StringComparison.Ordinal))];
        Assert.True(commands.Length >= 2, "The commands were not found.");
        foreach (string command in commands)
        {
            // A shell ignores what follows a space and #.
            string words = command.Split(" #")[0].TrimEnd();
            CommandLine.Run(folder.Path, words.Split(' ')[1..]).Exits(0);
        }
    }

    /// <summary>2,000 rows of numbers, as an array in a file.</summary>
    private static void WriteRows(TemporaryFolder folder)
    {
        float[] rows = [.. Enumerable.Range(0, 2000 * 10).Select(i => (float)Math.Sin(i % 10 + i / 10 % 97))];
        NpyFile.Write(folder.File("large.npy"), NumericArray.FromFloat32([2000, 10], rows));
    }

    /// <summary>200 pictures in two classes. The content of a file decides its format, so a PNG may have any
    /// name.</summary>
    private static void WritePhotos(TemporaryFolder folder)
    {
        var digits = new DigitGenerator(1);
        byte[] image = new byte[DigitGenerator.Pixels];
        for (int i = 0; i < 200; i++)
        {
            digits.Render(i, image);
            string name = folder.File(FormattableString.Invariant(
                $"photos/{(i < 100 ? "cats" : "dogs")}/{i % 100:000}.jpg"));
            Directory.CreateDirectory(Path.GetDirectoryName(name)!);
            new PngImage(DigitGenerator.Side, DigitGenerator.Side, 1, image).Save(name);
        }
    }

    [GeneratedRegex("^```[a-z]*\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}

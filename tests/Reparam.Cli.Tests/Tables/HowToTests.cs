using System.Text.RegularExpressions;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Tables;

/// <summary>The commands of the pages about tables run as they stand, in order, with the data of the
/// checkout.</summary>
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
    public void Commands_of_the_page_run_as_they_stand(string page)
    {
        using var folder = new TemporaryFolder();
        string docs = Path.Combine(Root, "docs", "how-to");
        Directory.CreateDirectory(folder.File("docs/how-to/data"));
        foreach (string file in Directory.GetFiles(Path.Combine(docs, "data")))
            File.Copy(file, folder.File($"docs/how-to/data/{Path.GetFileName(file)}"));
        string text = File.ReadAllText(Path.Combine(docs, page + ".md")).ReplaceLineEndings("\n");
        string[] commands = [.. Block().Matches(text).SelectMany(b => b.Groups[1].Value.Split('\n'))
            .Where(line => line.StartsWith("reparam ", StringComparison.Ordinal))];
        Assert.True(commands.Length >= 2, "The commands were not found.");
        foreach (string command in commands) CommandLine.Run(folder.Path, command.Split(' ')[1..]).Exits(0);
    }

    private static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "Reparam.slnx")))
                folder = Path.GetDirectoryName(folder);
            return folder ?? throw new InvalidOperationException("The tests do not run below the checkout.");
        }
    }

    [GeneratedRegex("^```\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Reparam.Conventions.Tests;

/// <summary>Lines fit beside each other on a screen and in a review.</summary>
public sealed partial class LineLengthTests
{
    private const int Longest = 120;

    [Fact]
    public void Lines_of_code_and_pages_have_at_most_120_characters()
    {
        List<string> longer = [];
        foreach (string path in Sources.Files("*.cs").Concat(Sources.Files("*.py")).Concat(Sources.Files("*.md"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Sources.Root, "eng")))
            .Append(Path.Combine(Sources.Root, ".ci", "run")))
        {
            bool page = path.EndsWith(".md", StringComparison.Ordinal);
            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                // A row of a table, a field that a program reads and an address cannot be broken.
                if (page && (line.StartsWith('|') || Unbreakable().IsMatch(line))) continue;
                if (new StringInfo(line).LengthInTextElements > Longest)
                    longer.Add($"{Sources.Relative(path)}({number}): {line.Length} characters");
            }
        }

        Assert.Empty(longer);
    }

    [GeneratedRegex(@"^\s*(- )?\S*\]\(\S+\)\S*$|^(measures|published): ")]
    private static partial Regex Unbreakable();
}

using System.Text.RegularExpressions;

namespace Reparam.Conventions.Tests.Readme;

/// <summary>The pages that users read, README.md and docs/**/*.md, and the fenced blocks on them.</summary>
internal static partial class Pages
{
    /// <summary>The pages' paths below the repository's root.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Sources.Root, "docs"), "*.md", SearchOption.AllDirectories).Select(
            Sources.Relative).Order(StringComparer.Ordinal),
    ];

    public static string Text(string page) =>
        File.ReadAllText(Path.Combine(Sources.Root, page)).ReplaceLineEndings("\n");

    /// <summary>The fenced blocks of a page's text, in order.</summary>
    public static IEnumerable<Block> Blocks(string text) =>
        Fence().Matches(text).Select(m => new Block(m.Groups["kind"].Value.Trim(), m.Groups["text"].Value, m.Index));

    [GeneratedRegex("^```(?<kind>[^`\n]*)\n(?<text>.*?)^```[ ]*$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    /// <summary>A fenced block.</summary>
    /// <param name="Kind">The word after the fence.</param>
    /// <param name="Text">Its lines, each with its end.</param>
    /// <param name="At">Where it begins in the page.</param>
    internal sealed record Block(string Kind, string Text, int At);
}

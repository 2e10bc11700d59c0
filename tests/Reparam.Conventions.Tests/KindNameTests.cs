using System.Text.RegularExpressions;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Conventions.Tests;

/// <summary>The name of a kind stands in the file that owns the kind; other code asks its settings.</summary>
public sealed class KindNameTests
{
    [Fact]
    public void Names_of_kinds_are_compared_in_no_other_file()
    {
        IReadOnlyList<Kind> kinds = Catalog.BuiltIn.Of<Settings>();
        // A word that a setting takes too, such as auto, may be compared where that setting is read.
        string[] names =
            [.. kinds.Select(k => k.Name).Except(kinds.SelectMany(k => k.Settings).SelectMany(s => s.Choices))];
        List<string> found = [];
        foreach (string path in Sources.CSharp("src"))
        {
            // The first schema is history, with the names that it had.
            if (Path.GetFileName(path) == "FirstSchema.cs") continue;
            string text = File.ReadAllText(path);
            foreach (string name in names)
            {
                if (Owns(text, name)) continue;
                if (Comparison(name).IsMatch(text)) found.Add($"{Sources.Relative(path)}: \"{name}\"");
            }
        }

        Assert.True(found.Count == 0, string.Join("\n", found));
    }

    [Fact]
    public void Reference_page_is_the_catalogue_s()
    {
        string page = Path.Combine(Sources.Root, "docs", "reference.md"),
            received = Path.Combine(AppContext.BaseDirectory, "reference.received.md");
        string text = $"""
            # Reference of a configuration

            All keys of `config.json` and of a file for `train --config`, with the option of `train` for each key.
            A section that has kinds is an object with the key `kind`, or the kind in a word, with its number after a
            colon: `"prior": "vamp:500"`. `reparam train --print-schema` prints the same as a JSON schema, for
            completion in an editor; `reparam train --print-config` prints the resolved configuration. This page is
            generated from the catalogue of kinds, and a test checks it.

            {ReferencePage.Write(RunSettings.Definition, Catalog.BuiltIn)}
            """.ReplaceLineEndings("\n");
        File.WriteAllText(received, text);
        Assert.True(File.Exists(page) && File.ReadAllText(page) == text,
            $"docs/reference.md is not what the catalogue says; copy {received} over it.");
    }

    private static bool Owns(string text, string name) =>
        Regex.IsMatch(text, @"\bOf<\w+>\(\s*""" + Regex.Escape(name) + @""",");

    /// <summary>A comparison with the literal, a pattern or an arm of it.</summary>
    private static Regex Comparison(string name)
    {
        string literal = $"\"{Regex.Escape(name)}\"";
        return new($@"((==|!=|\bis|\bor|\bnot|\bcase)\s*{literal})|({literal}\s*(=>|or\b))");
    }
}

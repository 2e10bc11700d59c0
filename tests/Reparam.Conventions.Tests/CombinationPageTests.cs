using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Reparam.Configuration;
using Reparam.Runs;
using Reparam.Testing;

namespace Reparam.Conventions.Tests;

/// <summary>docs/models/combinations.md is what the library says today.</summary>
public sealed partial class CombinationPageTests
{
    private const string Page = "docs/models/combinations.md";

    [Fact]
    public void Page_of_combinations_is_what_the_library_says()
    {
        string page = Path.Combine(Sources.Root, Page),
            received = Path.Combine(AppContext.BaseDirectory, "combinations.received.md");
        string text = Write();
        File.WriteAllText(received, text);
        Assert.True(File.Exists(page) && File.ReadAllText(page) == text,
            $"{Page} is not what the library says; copy {received} over it.");
    }

    private static string Write()
    {
        List<string> reasons = [];
        var rows = new StringBuilder();
        foreach ((string model, string[] settings) in Combinations.Models)
        {
            rows.Append(CultureInfo.InvariantCulture, $"| {model} |");
            foreach ((_, string[] objective) in Combinations.Objectives)
            {
                string? reason = Reason(Combinations.With(Combinations.Of(settings), objective));
                if (reason is not null && !reasons.Contains(reason)) reasons.Add(reason);
                rows.Append(reason is null ? " |"
                    : string.Create(CultureInfo.InvariantCulture, $" {reasons.IndexOf(reason) + 1} |"));
            }

            rows.Append('\n');
        }

        IEnumerable<string> letters = Combinations.Objectives.Select((_, i) => $"{(char)('A' + i)}");
        IEnumerable<string> columns = letters.Zip(
            Combinations.Objectives, (letter, o) => $"- {letter}: {o.Name}{Words(o.Settings)}");
        return $"""
            # What goes with what

            Each row is a model, each column an objective. A pair with an empty cell trains. A number names the reason
            for which the library refuses the pair before it allocates anything. The table is generated from a rehearsal
            of each pair (`RunFactory.Check`), and a test checks it. Another test trains, saves, loads and evaluates
            every pair with an empty cell.

            Columns:

            {string.Join("\n", columns)}

            | model | {string.Join(" | ", letters)} |
            |---|{string.Concat(Enumerable.Repeat(":-:|", Combinations.Objectives.Count))}
            {rows}
            Reasons:

            {string.Join("\n", reasons.Select((r, i) => Wrapped($"{i + 1}. ", r)))}

            The settings of each row:

            {string.Join("\n", Combinations.Models.Select(m => Wrapped("- ", $"{m.Name}{Words(m.Settings)}")))}

            """.ReplaceLineEndings("\n");
    }

    private static string? Reason(RunSettings settings)
    {
        try
        {
            RunFactory.Check(settings, 60);
            return null;
        }
        catch (InvalidConfigException failure)
        {
            string reason = Prefix().Replace(failure.Message, "");
            // The column says which objective it is.
            return TheObjective().Replace(reason, "$1");
        }
    }

    [GeneratedRegex("([Tt]he (?:objective|penalty)) '[^']*'")]
    private static partial Regex TheObjective();

    [GeneratedRegex("^(The model and the objective do not fit together|A rehearsed training step failed[^:]*): ")]
    private static partial Regex Prefix();

    private static string Words(string[] settings) =>
        settings.Length == 0 ? "" : $" (`{string.Join("`, `", settings)}`)";

    private static string Wrapped(string first, string text)
    {
        var lines = new StringBuilder(first);
        int length = first.Length;
        foreach (string word in text.Split(' '))
        {
            if (length + word.Length + 1 > 120)
            {
                lines.Append('\n').Append(' ', first.Length);
                length = first.Length;
            }
            else if (length > first.Length)
            {
                lines.Append(' ');
                length++;
            }

            lines.Append(word);
            length += word.Length;
        }

        return lines.ToString();
    }
}

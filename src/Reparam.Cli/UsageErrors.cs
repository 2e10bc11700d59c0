using System.CommandLine;
using Reparam.Training.Runs;

namespace Reparam.Cli;

/// <summary>Adds to a parser's complaint what was probably meant.</summary>
internal static class UsageErrors
{
    public static string Explain(string message, ParseResult parsed)
    {
        string? word = parsed.UnmatchedTokens.FirstOrDefault(token => message.Contains($"'{token}'", StringComparison.Ordinal));
        if (word is null) return message;
        Command command = parsed.CommandResult.Command;
        IEnumerable<string> known = word.StartsWith('-')
            ? command.Options.Where(o => !o.Hidden).SelectMany(o => o.Aliases.Prepend(o.Name))
            : command.Subcommands.Select(c => c.Name);
        return known.Any() ? message + Suggestion.For(word, known) : message;
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Reparam.Training.Runs;

namespace Reparam.Cli;

/// <summary>What is wrong with a command line, with what was probably meant.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        // The parser takes a misspelt option for an argument where one is wanted, and then complains about what follows it.
        string[] misspelt = [.. parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash).Where(t => t.Type == TokenType.Argument && IsOption(t.Value)).Select(t => t.Value)];
        return misspelt.Length > 0
            ? [.. misspelt.Select(word => $"Unknown option '{word}'.{Hint(word, parsed)}")]
            : [.. parsed.Errors.Select(error => Explain(error.Message, parsed)).Where(message => !IsEcho(message, parsed))];
    }

    private static string Explain(string message, ParseResult parsed)
    {
        if (Misfit(message, parsed) is { } misfit) return misfit;
        string? word = parsed.UnmatchedTokens.FirstOrDefault(token => message.Contains($"'{token}'", StringComparison.Ordinal));
        return word is null ? message : message + Hint(word, parsed);
    }

    /// <summary>The parser names the .NET type that a number should have had; a person wants to know which numbers fit.</summary>
    private static string? Misfit(string message, ParseResult parsed)
    {
        if (!message.StartsWith("Cannot parse argument", StringComparison.Ordinal)) return null;
        foreach (Option option in parsed.CommandResult.Command.Options)
        {
            if (!message.Contains($"option '{option.Name}'", StringComparison.Ordinal)) continue;
            Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
            string wanted = type == typeof(ulong) ? $"a whole number from 0 to {ulong.MaxValue}" : type == typeof(int) ? "a whole number" : "another kind of value";
            return $"{option.Name} takes {wanted}, not '{(parsed.GetResult(option)?.Tokens is [.., var last] ? last.Value : "")}'.";
        }

        return null;
    }

    /// <summary>After a misspelt verb the parser complains of the missing one too; once is enough.</summary>
    private static bool IsEcho(string message, ParseResult parsed) =>
        parsed.UnmatchedTokens.Count > 0 && message.StartsWith("Required command", StringComparison.Ordinal);

    private static string Hint(string word, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        IEnumerable<string> known = word.StartsWith('-')
            ? command.Options.Where(o => !o.Hidden).SelectMany(o => o.Aliases.Prepend(o.Name))
            : command.Subcommands.Select(c => c.Name);
        string name = word.Split('=', 2)[0];
        return known.Any() ? Suggestion.For(name, known) : "";
    }

    private static bool IsOption(string word) =>
        word.Length > 1 && word[0] == '-' && !double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}

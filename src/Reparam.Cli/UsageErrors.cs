using System.CommandLine;
using System.CommandLine.Parsing;
using Reparam.Cli.Commands;
using Reparam.Cli.Configuration;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli;

/// <summary>The errors of a command line, with a suggestion of what was probably meant.</summary>
internal static class UsageErrors
{
    private static readonly (string Word, string Meaning)[] PathKinds =
        [("DIR", "folder"), ("FILE", "file"), ("PATH", "file")];

    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        // Where the command takes an argument, the parser reads a misspelt option as that argument. Then it complains
        // about the words after it.
        string[] misspelt = [.. parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash).Where(
            t => t.Type == TokenType.Argument && IsOption(t.Value)).Select(t => t.Value)];
        if (misspelt.Length > 0) return [.. misspelt.Select(word => $"Unknown option '{word}'.{Hint(word, parsed)}")];
        return parsed.Errors.Count == 0
            ? [.. EmptyPaths(parsed)]
            : [.. parsed.Errors.Select(error => Explain(error.Message, parsed)).Where(
                message => !IsEcho(message, parsed))];
    }

    /// <summary>Options that take a path and have a blank value.</summary>
    private static IEnumerable<string> EmptyPaths(ParseResult parsed) =>
        from option in parsed.CommandResult.Command.Options.OfType<Option<string>>()
        let kind = PathKinds.FirstOrDefault(
            k => option.HelpName?.Contains(k.Word, StringComparison.Ordinal) == true).Meaning
        where kind is not null && parsed.GetResult(option) is { Implicit: false }
            && string.IsNullOrWhiteSpace(parsed.GetValue(option))
        select $"{option.Name} takes the path of a {kind}, but the path is empty.";

    private static string Explain(string message, ParseResult parsed)
    {
        string? word = parsed.UnmatchedTokens.FirstOrDefault(
            token => message.Contains($"'{token}'", StringComparison.Ordinal));
        return word is null ? message : message + Hint(word, parsed);
    }

    /// <summary>After a misspelt subcommand the parser also reports a missing subcommand. One message is
    /// enough.</summary>
    private static bool IsEcho(string message, ParseResult parsed) =>
        parsed.UnmatchedTokens.Count > 0 && message.StartsWith("Required command", StringComparison.Ordinal);

    private static string Hint(string word, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        IEnumerable<string> known = word.StartsWith('-')
            ? command.Options.Where(o => !o.Hidden).SelectMany(o => o.Aliases.Prepend(o.Name))
            : command.Subcommands.Select(c => c.Name);
        string name = word.Split('=', 2)[0];
        if (word.StartsWith('-') && command.Options.Any(o => o.Name == ConfigResolver.SetName)
            && parsed.RootCommandResult.Command is ReparamCommand { Catalog: var catalog })
        {
            string[] keys = [.. Keys("", [RunSettings.Definition], catalog).Distinct().Where(
                k => name == "--" + k[(k.LastIndexOf('.') + 1)..].Replace('_', '-'))];
            if (keys.Length > 0)
                return $" Set it with {string.Join(" or with ", keys.Select(k => $"--set {k}=VALUE"))}.";
        }

        return known.Any() ? Suggestion.For(name, known) : "";
    }

    /// <summary>The dotted paths of all values of a configuration.</summary>
    private static IEnumerable<string> Keys(string prefix, IEnumerable<Kind> kinds, Catalog catalog) =>
        kinds.SelectMany(k => k.Settings).SelectMany(s => s.IsSection
            ? Keys($"{prefix}{s.Name}.", s.Kinds(catalog), catalog) : [prefix + s.Name]);

    /// <summary>A word that begins with a dash and is not a number, not even a number with a decimal comma.</summary>
    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-' && !NumberText.TryReal(word, out _)
        && NumberText.WithPoint(word) is null;
}

using System.CommandLine;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli.Configuration;

/// <summary>The options of <c>train</c> that stand for one key of the configuration each, made from the catalogue of kinds.</summary>
internal static class ConfigOptions
{
    public static IReadOnlyList<(Flag Flag, Option<string> Option)> All(Catalog catalog) =>
        [.. Flag.Of(RunSettings.Definition, catalog).Select(flag => (flag, Make(flag)))];

    private static Option<string> Make(Flag flag) => new(flag.Name)
    {
        Description = Describe(flag),
        HelpName = flag.Placeholder,
        // A truth is said by naming it.
        Arity = flag.Placeholder == TruthPlaceholder ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };

    /// <summary>What help calls true or false.</summary>
    public const string TruthPlaceholder = "true|false";

    private static string Describe(Flag flag)
    {
        if (flag.Kinds.Count > 0)
            return $"{Sentence(flag.Owners[0].Setting.Help)}: {string.Join(", ", flag.Kinds.Select(k => k.Default.Word))}. Default: {DefaultsOf(flag)}.";
        string choices = flag.Owners[0].Setting.Choices is { Count: > 0 } names ? $": {string.Join(", ", names)}" : "";
        string[] helps = [.. flag.Owners.Select(o => o.Setting.Help).Distinct()];
        string text = helps.Length == 1 ? Sentence(helps[0]) : string.Join("; ", flag.Owners.GroupBy(o => o.Setting.Help).Select(g => $"{g.Key} ({string.Join(", ", g.Select(o => o.Kind.Name))})"));
        return $"{Sentence(text)}{choices}. Default: {DefaultsOf(flag)}.";
    }

    /// <summary>The default, or each one where kinds differ.</summary>
    private static string DefaultsOf(Flag flag)
    {
        IGrouping<string, string>[] defaults = [.. flag.Owners.GroupBy(o => o.Setting.DefaultText(o.Kind), o => o.Kind.Name)];
        return defaults.Length == 1 ? defaults[0].Key : string.Join(", ", defaults.Select(d => $"{d.Key} ({string.Join(", ", d)})"));
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

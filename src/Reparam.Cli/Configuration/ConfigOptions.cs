using System.CommandLine;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli.Configuration;

/// <summary>The options of <c>train</c> that stand for one key of the configuration each, made from the catalogue of
/// kinds.</summary>
internal static class ConfigOptions
{
    public static IReadOnlyList<(Flag Flag, Option<string> Option)> All(Catalog catalog) =>
        [.. Flag.Of(RunSettings.Definition, catalog).Select(flag => (flag, Make(flag)))];

    // More kinds than that are not named one by one.
    private const int MostNamed = 4;

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
        {
            return $"{Sentence(flag.Owners[0].Setting.Help)}: " +
                $"{string.Join(", ", flag.Kinds.Select(k => k.Default.Word))}. Default: {DefaultsOf(flag)}.";
        }

        string[] names = [.. flag.Owners.SelectMany(o => o.Setting.Choices).Distinct()];
        string choices = names.Length > 0 ? $": {string.Join(", ", names)}" : "";
        IGrouping<string, string>[] helps = [.. flag.Owners.GroupBy(o => o.Setting.Help, o => o.Kind.Name)];
        // Kinds are named where not all have the setting, or where it is not the same to them.
        string text = helps.Length == 1
            ? flag.IsOfAll || helps[0].Count() > MostNamed ? helps[0].Key
            : $"{helps[0].Key} ({string.Join(", ", helps[0])})"
            : string.Join(
                "; ", helps.Select(g => $"{g.Key} ({(g.Count() > MostNamed ? "others" : string.Join(", ", g))})"));
        return $"{Sentence(text)}{choices}. Default: {DefaultsOf(flag)}.";
    }

    /// <summary>The default, or each one where kinds differ: that of the first kinds, then the others by their
    /// names.</summary>
    private static string DefaultsOf(Flag flag)
    {
        IGrouping<string, string>[] defaults =
            [.. flag.Owners.GroupBy(o => o.Setting.DefaultText(o.Kind), o => o.Kind.Name)];
        return string.Join("; ", defaults.Select((d, i) => i == 0 ? d.Key : $"{d.Key} ({string.Join(", ", d)})"));
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

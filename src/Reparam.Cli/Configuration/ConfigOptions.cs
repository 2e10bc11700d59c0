using System.CommandLine;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli.Configuration;

/// <summary>The options of <c>train</c> that set one key of the configuration each. They are made from the catalogue of
/// kinds.</summary>
internal static class ConfigOptions
{
    public static IReadOnlyList<(Flag Flag, Option<string> Option)> All(Catalog catalog) =>
        [.. Flag.Of(RunSettings.Definition, catalog).Select(flag => (flag, Make(flag)))];

    // More kinds than this are not listed by name.
    private const int MostNamed = 4;

    private static Option<string> Make(Flag flag) => new(flag.Name)
    {
        Description = Describe(flag),
        HelpName = flag.Placeholder,
        // Naming a true-or-false option without a value sets it to true.
        Arity = flag.Placeholder == TruthPlaceholder ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };

    /// <summary>The placeholder of a true-or-false value in help.</summary>
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
        // The kinds are named if not all of them have the setting, or if its meaning differs between them.
        string text = helps.Length == 1
            ? flag.IsOfAll || helps[0].Count() > MostNamed ? helps[0].Key
            : $"{helps[0].Key} ({string.Join(", ", helps[0])})"
            : string.Join(
                "; ", helps.Select(g => $"{g.Key} ({(g.Count() > MostNamed ? "others" : string.Join(", ", g))})"));
        return $"{Sentence(text)}{choices}. Default: {DefaultsOf(flag)}.";
    }

    /// <summary>The default; if kinds differ, the default of the first kinds, then the other defaults with the names of
    /// their kinds.</summary>
    private static string DefaultsOf(Flag flag)
    {
        IGrouping<string, string>[] defaults =
            [.. flag.Owners.GroupBy(o => o.Setting.DefaultText(o.Kind), o => o.Kind.Name)];
        return string.Join("; ", defaults.Select((d, i) => i == 0 ? d.Key : $"{d.Key} ({string.Join(", ", d)})"));
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

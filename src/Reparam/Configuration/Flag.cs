namespace Reparam.Configuration;

/// <summary>
/// A command-line option for one key of a configuration. Kinds of one section share the option if they have a setting
/// of the same name.
/// </summary>
/// <param name="Name">The option, such as <c>--free-bits</c>.</param>
/// <param name="Path">The dotted path of the key.</param>
/// <param name="Owners">The settings of that name and option, each with the kind that has it.</param>
/// <param name="Kinds">The kinds that the option chooses from, for a section; empty for a value.</param>
/// <param name="IsOfAll">Whether all kinds of the section that contains the key have the setting.</param>
public sealed record Flag(string Name, string Path, IReadOnlyList<(Kind Kind, Setting Setting)> Owners,
    IReadOnlyList<Kind> Kinds, bool IsOfAll)
{
    /// <summary>The group of the option in help texts: the outermost section.</summary>
    public string Group => Path.Split('.')[0];

    /// <summary>The placeholder for the value in help texts.</summary>
    public string Placeholder => Kinds.Count == 0 ? Owners[0].Setting.Placeholder : Kinds.Any(k => k.Number is not null)
        ? "KIND:N" : "KIND";

    /// <summary>All options of a configuration, in the order of its keys.</summary>
    /// <param name="root">The kind of the whole configuration.</param>
    /// <param name="catalog">The kinds that sections may have.</param>
    /// <exception cref="ArgumentException">Two keys have the same option.</exception>
    public static IReadOnlyList<Flag> Of(Kind root, Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(catalog);
        List<Flag> flags = [];
        Add(flags, "", [root], catalog);
        if (flags.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"Option {twice.Key} stands for {string.Join(" and for ", twice.Select(f => f.Path))}; give one of " +
                "them another option with Setting.WithFlag(...).");
        }

        return flags;
    }

    private static void Add(List<Flag> flags, string prefix, IReadOnlyList<Kind> kinds, Catalog catalog)
    {
        foreach (IGrouping<string, (Kind Kind, Setting Setting)> owners in kinds.SelectMany(
            k => k.Settings.Select(s => (Kind: k, Setting: s))).GroupBy(o => o.Setting.Name))
        {
            Setting first = owners.First().Setting;
            string path = Setting.Join(prefix, owners.Key);
            bool isChoice = first.IsSection && first.IsNamed;
            // A kind may give the key after a colon, and another kind may give it with an option.
            string? name = owners.Select(o => o.Setting.Flag).FirstOrDefault(f => f is not null);
            if (name is not null && (isChoice || !first.IsSection))
            {
                (Kind, Setting Setting)[] named = [.. owners.Where(o => o.Setting.Flag == name)];
                flags.Add(new Flag(name, path, named, isChoice ? first.Listed(owners.First().Kind, catalog) : [],
                    named.Length == kinds.Count));
            }

            // A section without an option has none for its keys either: a run fills it in.
            if (first.IsSection && first.Flag is not null)
                Add(flags, path, first.Listed(owners.First().Kind, catalog), catalog);
        }
    }
}

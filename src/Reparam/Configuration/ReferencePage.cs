using System.Text;

namespace Reparam.Configuration;

/// <summary>Writes the reference of a configuration as a Markdown page: the sections, their kinds, and all
/// settings.</summary>
public static class ReferencePage
{
    /// <summary>Writes the page as Markdown text.</summary>
    /// <param name="root">The kind of the whole configuration.</param>
    /// <param name="catalog">The kinds that sections may have.</param>
    public static string Write(Kind root, Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(catalog);
        var page = new StringBuilder();
        AddSections(page, "", [root], catalog);
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void AddSections(StringBuilder page, string prefix, IReadOnlyList<Kind> kinds, Catalog catalog)
    {
        foreach (var section in kinds.SelectMany(k => k.Settings.Select(s => (Owner: k, Setting: s))).Where(
            o => o.Setting.IsSection).GroupBy(o => o.Setting.Name))
        {
            string path = Setting.Join(prefix, section.Key);
            (Kind owner, Setting first) = section.First();
            IReadOnlyList<Kind> inside = first.Listed(owner, catalog);
            page.Append($"## {path}\n\n{Sentence(first.Help)}.");
            if (first.Flag is null)
            {
                page.Append($" Its keys are those of the kind `{inside[0].Name}`.\n\n");
                continue;
            }

            if (first.IsNamed)
            {
                page.Append(
                    $"{(first.Flag is null ? "" : $" Option `{first.Flag}`.")} One of:\n\n| kind | |\n|---|---|\n");
                foreach (Kind kind in inside) page.Append($"| `{kind.Default.Word}` | {Cell(kind.Summary)} |\n");
            }

            page.Append(first.IsNamed ? "\n" : "\n\n");
            AddSettings(page, inside);
            AddSections(page, path, inside, catalog);
        }
    }

    private static void AddSettings(StringBuilder page, IReadOnlyList<Kind> kinds)
    {
        // Settings with the same name and the same help text share one row.
        var rows = kinds.SelectMany(k => k.Settings.Where(s => !s.IsSection).Select(s => (Kind: k, Setting: s)))
            .GroupBy(o => (o.Setting.Name, o.Setting.Help)).ToArray();
        if (rows.Length == 0) return;
        bool several = kinds.Count > 1;
        page.Append(
            $"| key | option | {(several ? "kinds | " : "")}default | |\n|---|---|---|---|{(several ? "---|" : "")}\n");
        foreach (var row in rows)
        {
            Setting setting = row.First().Setting;
            string[] owners = [.. row.Select(o => o.Kind.Name)];
            string kindsCell = !several ? "" : owners.Length == kinds.Count ? "all | "
                : $"{string.Join(", ", owners)} | ";
            IGrouping<string, string>[] defaults =
                [.. row.GroupBy(o => o.Setting.DefaultText(o.Kind), o => o.Kind.Name)];
            string defaultCell = defaults.Length == 1
                ? $"`{defaults[0].Key}`"
                : string.Join(", ", defaults.Select(d => $"`{d.Key}` ({string.Join(", ", d)})"));
            string choices = setting.Choices.Count > 0
                ? $": {string.Join(", ", setting.Choices.Select(c => $"`{c}`"))}" : "";
            string option = setting.IsAfterColon ? "after a colon" : setting.Flag is null ? "" : $"`{setting.Flag}`";
            page.Append(
                $"| `{setting.Name}` | {option} | {kindsCell}{defaultCell} | {Cell(setting.Help)}{choices} |\n");
        }

        page.Append('\n');
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}

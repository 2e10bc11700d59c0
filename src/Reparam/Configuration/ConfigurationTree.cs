using System.Text.Json.Nodes;

namespace Reparam.Configuration;

/// <summary>
/// A configuration that is built from several sources, one after another: defaults, a file, variables, options. A later
/// source overrides an earlier source. A later source may name another kind for a section. The section then keeps the
/// values that were given for settings that both kinds have, and loses the other values of the old kind.
/// </summary>
public sealed class ConfigurationTree
{
    private readonly Kind _root;
    private readonly Catalog _catalog;
    private readonly JsonObject _tree;
    private readonly SortedDictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <summary>A tree that holds the start values only.</summary>
    /// <param name="start">The values that apply where no source gives a value.</param>
    /// <param name="catalog">The kinds that may be named.</param>
    public ConfigurationTree(Settings start, Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(catalog);
        (_root, _catalog, _tree) = (start.Kind, catalog, start.ToJson(named: false));
    }

    /// <summary>The dotted paths of the values that sources gave. Each path maps to the last source that gave its
    /// value.</summary>
    public IReadOnlyDictionary<string, string> Sources => _sources;

    /// <summary>Adds a source, which overrides the values of earlier sources.</summary>
    /// <param name="changes">The values of the source: a part of a configuration.</param>
    /// <param name="source">The name of the source, for error messages.</param>
    /// <exception cref="InvalidConfigException">A key or a kind is unknown, or the value of a section is not an
    /// object.</exception>
    public void Overlay(JsonObject changes, string source) => Overlay(changes, source, saved: false);

    /// <inheritdoc cref="Overlay(JsonObject, string)"/>
    /// <param name="changes">The values of the source.</param>
    /// <param name="source">The name of the source.</param>
    /// <param name="saved">Whether the source is the saved configuration of a run.</param>
    internal void Overlay(JsonObject changes, string source, bool saved)
    {
        ArgumentNullException.ThrowIfNull(changes);
        Overlay(_tree, _root, changes, [], new Place("", source, _catalog, saved));
    }

    /// <summary>Sets values by their dotted paths, as one source. Kinds are set before other values, in any order of
    /// <paramref name="values"/>.</summary>
    /// <param name="values">The path, the text and the source of each value. The text is spelt as the value of an
    /// option.</param>
    /// <exception cref="InvalidConfigException">A path or a kind is unknown, or a text is not a valid value of its
    /// setting.</exception>
    public void Set(IEnumerable<(string Path, string Text, string Source)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        // A kind decides which keys exist below it. So the kind of an outer section is set before the kind of an inner
        // section.
        (string[] Keys, string Text, string Source)[] all =
            [.. values.Select(v => (WithoutKind(v.Path.Split('.')), v.Text, v.Source))];
        foreach ((string[] keys, string text, string source) in all.Where(v => IsSection(v.Keys)).OrderBy(
            v => v.Keys.Length))
            Set(keys, text, source);
        foreach ((string[] keys, string text, string source) in all)
        {
            // The number in a word such as vamp:500 is an ordinary value: the last given value wins.
            if (!IsSection(keys) || (text.Contains(':', StringComparison.Ordinal) && NamesPresentKind(keys, text)))
                Set(keys, text, source);
        }
    }

    /// <summary>Reads the settings from the tree.</summary>
    /// <param name="source">The name of the tree in error messages.</param>
    /// <exception cref="InvalidConfigException">A value has the wrong type for its setting.</exception>
    public Settings Read(string source) => SectionReader.Read(_root, _tree, new Place("", source, _catalog), []);

    private void Set(string[] keys, string text, string source)
    {
        (Setting? setting, IReadOnlyList<Kind> siblings, Kind kind, JsonObject node) = (null, [], _root, _tree);
        for (int i = 0; i < keys.Length; i++)
        {
            var at = new Place(string.Join('.', keys[..i]), source, _catalog);
            if (setting is not null)
            {
                if (!setting.IsSection) throw SectionReader.Unknown(keys[i], kind, siblings, at);
                node = (JsonObject)node[setting.Name]!;
                (siblings, kind) = (setting.IsNamed ? setting.Kinds(_catalog) : [], KindOf(setting, node));
            }

            setting = kind.Find(keys[i]) ?? throw SectionReader.Unknown(keys[i], kind, siblings, at);
        }

        // Wraps the value in an object for its innermost key, then for each outer key.
        JsonNode? value = Parsed(setting!, kind, text, new Place(string.Join('.', keys), source, _catalog));
        for (int i = keys.Length - 1; i >= 0; i--) value = new JsonObject { [keys[i]] = value };
        Overlay((JsonObject)value!, source);
    }

    private void Overlay(JsonObject node, Kind kind, JsonObject changes, IReadOnlyList<Kind> siblings, in Place at)
    {
        foreach ((string key, JsonNode? value) in changes)
        {
            if (key == Kind.Key && siblings.Count > 0) continue;
            Setting setting = kind.Find(key) ?? throw SectionReader.Unknown(key, kind, siblings, at);
            Place inside = at.Inside(key);
            if (setting.IsSection)
            {
                OverlaySection(node, setting, value, inside);
                continue;
            }

            node[key] = value?.DeepClone();
            _sources[inside.Path] = at.Source;
        }
    }

    private void OverlaySection(JsonObject owner, Setting section, JsonNode? value, in Place at)
    {
        if (section.IsNamed && value is JsonValue text && text.TryGetValue(out string? word))
            value = SectionReader.Word(section, word, at);
        if (value is not JsonObject changes)
            throw new InvalidConfigException($"{at.Source}: '{at.Path}' is a section and takes an object.");
        var node = (JsonObject)owner[section.Name]!;
        Kind kind = KindOf(section, node);
        if (section.IsNamed && changes.TryGetPropertyValue(Kind.Key, out JsonNode? named))
        {
            Kind chosen = SectionReader.KindOf(section, named, at.Inside(Kind.Key));
            if (chosen != kind) owner[section.Name] = node = Changed(node, kind, chosen, at.Path);
            kind = chosen;
            _sources[at.Inside(Kind.Key).Path] = at.Source;
        }

        Overlay(node, kind, changes, section.IsNamed ? section.Kinds(_catalog) : [], at);
    }

    /// <summary>
    /// A section after a change of its kind: the defaults of the new kind, and the values of the old kind that sources
    /// gave, that differ from the old kind's defaults, and whose setting has the same name and help text in both kinds.
    /// A number after a colon belongs to the word of the kind, so it is not kept.
    /// </summary>
    private JsonObject Changed(JsonObject old, Kind from, Kind to, string path)
    {
        JsonObject node = to.Default.ToJson(), defaults = from.Default.ToJson();
        foreach (
            string given in (string[])[.. _sources.Keys.Where(p => p.StartsWith(path + ".", StringComparison.Ordinal))])
        {
            string key = given[(path.Length + 1)..].Split('.')[0];
            bool same = from.Find(key) is { IsAfterColon: false } before
                && to.Find(key) is { IsAfterColon: false } after && before.Help == after.Help;
            if (same && old.TryGetPropertyValue(key, out JsonNode? value) && value is not null
                && !JsonNode.DeepEquals(value, defaults[key]))
                node[key] = value.DeepClone();
            else _sources.Remove(given);
        }

        return node;
    }

    private Kind KindOf(Setting section, JsonObject node)
    {
        IReadOnlyList<Kind> kinds = section.Kinds(_catalog);
        return section.IsNamed ? kinds.First(k => k.Name == (string?)node[Kind.Key]) : kinds[0];
    }

    /// <summary>Parses a text as JSON. An error about a text that is not a valid value of the setting names the source
    /// of the text.</summary>
    private static JsonNode? Parsed(Setting setting, Kind kind, string text, in Place at)
    {
        if (setting.IsSection)
        {
            return setting.IsNamed
                ? JsonValue.Create(text)
                : throw new InvalidConfigException($"{at.Source}: '{at.Path}' is a section and takes an object.");
        }

        if (setting.IsReal && NumberText.WithPoint(text) is { } pointed)
        {
            throw new InvalidConfigException(
                $"{at.Source}: {at.Path} '{text}': numbers are written with a point: {pointed}");
        }

        JsonNode? value = setting.Parse(text);
        setting.Read(kind.Default, value, at);
        return value;
    }

    /// <summary>Whether a word names the kind that its section has now.</summary>
    private bool NamesPresentKind(string[] keys, string word)
    {
        JsonNode? node = _tree;
        foreach (string key in keys) node = (node as JsonObject)?[key];
        return (string?)(node as JsonObject)?[Kind.Key] == word.Split(':')[0];
    }

    /// <summary>A path to a section's kind as one to the section.</summary>
    private string[] WithoutKind(string[] keys) => keys is [.. var section, Kind.Key] && IsSection(section)
        ? section : keys;

    /// <summary>Whether a path leads to a section.</summary>
    private bool IsSection(string[] keys)
    {
        IEnumerable<Kind> kinds = [_root];
        Setting? last = null;
        foreach (string key in keys)
        {
            last = kinds.Select(k => k.Find(key)).FirstOrDefault(s => s is not null);
            if (last is null) return false;
            kinds = last.Kinds(_catalog);
        }

        return last?.IsSection == true;
    }
}

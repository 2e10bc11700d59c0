using System.Text.Json.Nodes;

namespace Reparam.Configuration;

/// <summary>Reads a section of a configuration: an object with a kind and the settings of that kind, or a word such as
/// <c>vamp:500</c>.</summary>
internal static class SectionReader
{
    /// <summary>Reads the settings of a section. A section without a kind has the kind of the default
    /// settings.</summary>
    public static Settings Read(Setting section, Settings otherwise, JsonNode? node, in Place at)
    {
        if (node is JsonValue word && section.IsNamed && word.TryGetValue(out string? text))
            node = Word(section, text, at);
        if (node is not JsonObject json)
            throw at.Misfit(section.IsNamed ? "an object or the name of a kind" : "an object", node);
        Kind kind = section.IsNamed && json.TryGetPropertyValue(Kind.Key, out JsonNode? named)
            ? KindOf(section, named, at.Inside(Kind.Key))
            : otherwise.Kind;
        return Read(kind, json, at, section.Kinds(at.Catalog));
    }

    /// <summary>Reads the settings of a kind from an object.</summary>
    public static Settings Read(Kind kind, JsonObject json, in Place at, IReadOnlyList<Kind> siblings)
    {
        Settings settings = kind.Default;
        foreach ((string key, JsonNode? value) in json)
        {
            if (key == Kind.Key && siblings.Count > 0) continue;
            Setting setting = kind.Find(key) ?? throw Unknown(key, kind, siblings, at);
            settings = setting.Read(settings, value, at.Inside(key));
        }

        return settings;
    }

    /// <summary>Converts a word such as <c>vamp:500</c> into an object.</summary>
    public static JsonObject Word(Setting section, string word, in Place at)
    {
        string[] parts = word.Split(':', 2);
        Kind kind = Find(section, parts[0], at) ?? throw UnknownKind(section, word, parts[0], at);
        var json = new JsonObject { [Kind.Key] = kind.Name };
        if (parts.Length == 1) return json;
        if (kind.Number is not { } number)
        {
            string keys = string.Join(" or ", kind.Settings.Select(s => s.Name));
            throw new InvalidConfigException($"{at.Path} '{word}': '{kind.Name}' takes no number; write " +
                $"'{kind.Name}'{(keys.Length == 0 ? "" : $", and set {keys} with --set {at.Path}.KEY=VALUE")}.");
        }

        string wrong = $"{at.Path} '{word}':";
        if (number.IsReal && NumberText.WithPoint(parts[1]) is { } pointed)
            throw new InvalidConfigException($"{wrong} numbers are written with a point: {kind.Name}:{pointed}");
        JsonNode? value = number.Parse(parts[1]);
        try
        {
            number.Require(number.Read(kind.Default, value, at), "");
        }
        catch (InvalidConfigException)
        {
            throw new InvalidConfigException($"{wrong} the {number.Help} {number.Limits}, as in {kind.Default.Word}.");
        }

        json[number.Name] = value;
        return json;
    }

    /// <summary>The kind that a value names.</summary>
    public static Kind KindOf(Setting section, JsonNode? named, in Place at)
    {
        if (named is not JsonValue value || !value.TryGetValue(out string? name)) throw at.Misfit("a text", named);
        return Find(section, name, at) ?? throw UnknownKind(section, name, name, at);
    }

    /// <summary>The error for a key that a kind does not have: the key belongs to other kinds, or to no kind.</summary>
    public static InvalidConfigException Unknown(string key, Kind kind, IReadOnlyList<Kind> siblings, in Place at)
    {
        string path = at.Inside(key).Path;
        string[] owners = [.. siblings.Where(k => k.Find(key) is not null).Select(k => $"'{k.Name}'")];
        return new InvalidConfigException(owners.Length > 0
            ? $"{at.Source}: {path} belongs to {Listed(owners)}, not to '{kind.Name}'; leave it out, or name a kind "
                + "that has it in the same section."
            : $"{at.Source}: unknown key '{path}'.{Suggestion.For(key, kind.Settings.Select(s => s.Name))}");
    }

    /// <summary>The JSON schema of a section.</summary>
    public static JsonObject Schema(Setting section, Settings defaults, Catalog catalog)
    {
        if (!section.IsNamed) return SchemaOf(defaults, named: false, catalog);
        IReadOnlyList<Kind> kinds = section.Kinds(catalog);
        var choices = new JsonArray([.. kinds.Select(k => SchemaOf(k.Default, named: true, catalog))]);
        choices.Add((JsonNode)new JsonObject
        {
            ["type"] = "string",
            ["description"] = "The name of a kind, followed by a colon and its number if the kind has one.",
            ["examples"] = new JsonArray([.. kinds.Select(k => JsonValue.Create(k.Default.Word))]),
        });
        return new JsonObject { ["description"] = section.Help, ["anyOf"] = choices };
    }

    /// <summary>The JSON schema of the settings of a kind.</summary>
    public static JsonObject SchemaOf(Settings defaults, bool named, Catalog catalog)
    {
        var properties = new JsonObject();
        if (named) properties[Kind.Key] = new JsonObject { ["const"] = defaults.Kind.Name };
        foreach (Setting setting in defaults.Kind.Settings)
            properties[setting.Name] = setting.Schema(defaults, catalog);
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["description"] = defaults.Kind.Summary,
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        if (named) schema["required"] = new JsonArray(Kind.Key);
        return schema;
    }

    private static Kind? Find(Setting section, string name, in Place at) =>
        section.Kinds(at.Catalog).FirstOrDefault(k => k.Name == name);

    private static InvalidConfigException UnknownKind(Setting section, string word, string name, in Place at) =>
        new($"{at.Path} '{word}' is unknown.{Suggestion.For(name, section.Kinds(at.Catalog).Select(k => k.Name))}"
            + (at.IsSaved ? " If your own program made this run, read it with that program." : ""));

    private static string Listed(string[] names) =>
        names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
}

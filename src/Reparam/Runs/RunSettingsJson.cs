using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reparam.Configuration;
using Reparam.Models;

namespace Reparam.Runs;

/// <summary>
/// Reads and writes <c>config.json</c>. Reading refuses unknown keys (the message names the nearest known key), wrong
/// types and newer schemas. Writing gives JSON with every value, including defaults.
/// </summary>
public static class RunSettingsJson
{
    private const string SchemaKey = "schema";

    private static readonly JsonDocumentOptions Reading = new()
    {
        CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false, MaxDepth = 16,
    };

    /// <summary>The configuration as JSON text.</summary>
    public static string Write(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var json = new JsonObject { [SchemaKey] = RunSettings.CurrentSchema };
        foreach ((string key, JsonNode? value) in settings.ToJson(named: false)) json[key] = value?.DeepClone();
        return Text(json);
    }

    /// <summary>Reads a complete or partial configuration. Settings that are not given keep their defaults.</summary>
    /// <param name="json">The text; comments are allowed.</param>
    /// <param name="source">The name of the source of the text, for error messages.</param>
    /// <param name="catalog">The kinds that the configuration may name; null for the kinds of the library.</param>
    /// <exception cref="InvalidConfigException">The text is not a valid configuration.</exception>
    public static RunSettings Read(string json, string source, Catalog? catalog = null)
    {
        var tree = new ConfigurationTree(new RunSettings(), catalog ?? Catalog.BuiltIn);
        tree.Overlay(Parse(json, source), source);
        return (RunSettings)tree.Read(source);
    }

    /// <summary>
    /// Reads the saved configuration of a run. A key that is missing because an earlier version did not know it gets
    /// the value that turns the feature off.
    /// </summary>
    /// <exception cref="InvalidConfigException">The text is not a valid configuration.</exception>
    internal static RunSettings ReadSaved(string json, string source, Catalog? catalog = null)
    {
        var tree = new ConfigurationTree(new RunSettings(), catalog ?? Catalog.BuiltIn);
        tree.Overlay(Parse(json, source, saved: true), source, saved: true);
        return (RunSettings)tree.Read(source);
    }

    /// <summary>Parses the text of a file as a part of a configuration. The schema is the current one or an earlier
    /// one, which is converted.</summary>
    /// <exception cref="InvalidConfigException">The text is not a JSON object, contains a key twice, or has a newer
    /// schema.</exception>
    public static JsonObject Parse(string json, string source) => Parse(json, source, saved: false);

    /// <summary>The JSON schema of a configuration. Editors use it to complete and check <c>config.json</c>.</summary>
    /// <param name="catalog">The kinds that the configuration may name; null for the kinds of the library.</param>
    public static string Schema(Catalog? catalog = null)
    {
        JsonObject schema = SectionReader.SchemaOf(new RunSettings(), named: false, catalog ?? Catalog.BuiltIn);
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        schema["title"] = "Configuration of a Reparam run";
        schema["properties"]!["$schema"] = new JsonObject { ["type"] = "string" };
        schema["properties"]![SchemaKey] = new JsonObject { ["const"] = RunSettings.CurrentSchema };
        return Text(schema);
    }

    /// <summary>The keys whose values differ, each with both values: "model.latent 20, not 30".</summary>
    internal static IReadOnlyList<string> Differences(RunSettings kept, RunSettings other)
    {
        List<string> found = [];
        Compare(kept.ToJson(named: false), other.ToJson(named: false), "", found);
        return found;

        static void Compare(JsonNode? kept, JsonNode? other, string path, List<string> found)
        {
            if (JsonNode.DeepEquals(kept, other)) return;
            // Settings of two kinds have different keys, so only the kinds are compared and reported.
            if (kept is JsonObject a && other is JsonObject b
                && JsonNode.DeepEquals(a[Kind.Key], b[Kind.Key]))
            {
                foreach (string key in a.Select(p => p.Key).Union(b.Select(p => p.Key)))
                    Compare(a[key], b[key], path.Length == 0 ? key : $"{path}.{key}", found);
                return;
            }

            found.Add($"{path} {Value(kept)}, not {Value(other)}");
        }

        static string Value(JsonNode? node) =>
            ((node as JsonObject)?[Kind.Key] ?? node)?.ToJsonString() ?? "null";
    }

    /// <summary>An object as indented JSON text.</summary>
    internal static string Text(JsonObject json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true })) json.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static JsonObject Parse(string json, string source, bool saved)
    {
        JsonObject tree;
        try
        {
            tree = JsonNode.Parse(json, documentOptions: Reading) as JsonObject
                ?? throw new InvalidConfigException($"{source}: a configuration is a JSON object.");
        }
        catch (JsonException failure)
        {
            throw new InvalidConfigException($"{source}: not valid JSON: {failure.Message}", failure);
        }

        RequireText(tree, source);
        tree.Remove("$schema"); // for editors
        int schema = RunSettings.CurrentSchema;
        if (tree.TryGetPropertyValue(SchemaKey, out JsonNode? said))
        {
            if (said is not JsonValue value || !value.TryGetValue(out schema))
            {
                throw new InvalidConfigException(
                    $"{source}: '{SchemaKey}' takes a whole number, not {said?.ToJsonString() ?? "null"}.");
            }

            tree.Remove(SchemaKey);
        }

        return schema switch
        {
            RunSettings.CurrentSchema => Renamed(tree, saved),
            1 => Renamed(FirstSchema.Upgrade(tree, source, saved), saved),
            > RunSettings.CurrentSchema => throw new InvalidConfigException($"{source}: schema {schema} is not known " +
                $"to this version, which reads schemas 1 to {RunSettings.CurrentSchema}; use a newer Reparam."),
            _ => throw new InvalidConfigException(
                $"{source}: there is no schema {schema}; the schemas are 1 to {RunSettings.CurrentSchema}."),
        };
    }

    /// <summary>The tree with the keys of today: <c>classes</c> of a VAE was the name of <c>context</c>.</summary>
    private static JsonObject Renamed(JsonObject tree, bool saved)
    {
        const string old = "classes";
        // A part of a configuration may leave its kind, which decides whose key this is, to another source.
        if (tree["model"] is not JsonObject model || !model.TryGetPropertyValue(old, out JsonNode? width)
            || (model[Kind.Key] is { } kind ? !JsonNode.DeepEquals(kind, VaeSettings.Definition.Name) : !saved))
            return tree;
        model.Remove(old);
        model.TryAdd("context", width);
        return tree;
    }

    /// <summary>Throws if a name or a text is not valid Unicode, such as half of a surrogate pair.</summary>
    private static void RequireText(JsonObject tree, string source)
    {
        try
        {
            Visit(tree);
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidConfigException(
                $"{source}: a name or a text is not valid Unicode, because half of a surrogate pair (\\uD800 to " +
                "\\uDFFF) stands alone; write both halves, or another character.", failure);
        }

        static void Visit(JsonNode? node)
        {
            if (node is JsonObject section)
            {
                foreach ((_, JsonNode? value) in section) Visit(value);
            }
            else if (node is JsonArray items)
            {
                foreach (JsonNode? item in items) Visit(item);
            }
            else if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String)
            {
                _ = value.GetValue<string>();
            }
        }
    }
}

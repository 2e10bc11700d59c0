using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Reparam.Training.Runs;

/// <summary>
/// <c>config.json</c>: reading refuses unknown keys (naming the nearest known one), wrong types and newer schemas; writing gives plain JSON with
/// every value spelt out.
/// </summary>
public static class RunConfigJson
{
    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>A value by itself, as an option gives it: nothing beside it.</summary>
    private static readonly JsonDocumentOptions Typed = Reading with { CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Keys that may be null: the architecture chooses.</summary>
    private static readonly string[] Open = ["model.hidden", "model.decoder_hidden", "model.channels", "model.activation", "model.upper", "model.upper_hidden", "objective.discrete", "objective.alpha", "objective.penalty"];

    private static readonly string[] OpenNumbers = ["objective.alpha", "objective.penalty"];

    private static readonly string[] Lists = ["model.event_shape", "model.hidden", "model.decoder_hidden", "model.channels", "model.upper", "model.upper_hidden"];

    /// <summary>The configuration as JSON text.</summary>
    public static string Write(RunConfig config) => ToNode(config).ToJsonString(RunConfigContext.Default.Options) + "\n";

    /// <summary>Reads a complete or partial configuration; what it does not say keeps its default.</summary>
    /// <param name="json">The text; comments are allowed.</param>
    /// <param name="source">Where it is from, for errors.</param>
    /// <exception cref="InvalidConfigException">The text is not a valid configuration.</exception>
    public static RunConfig Read(string json, string source)
    {
        JsonObject tree = ToNode(new RunConfig());
        Overlay(tree, Parse(json, source), source);
        return FromNode(tree, source);
    }

    /// <summary>
    /// Reads the configuration that a run was saved with: what an earlier version did not know, it did not do.
    /// </summary>
    /// <exception cref="InvalidConfigException">The text is not a valid configuration.</exception>
    internal static RunConfig ReadSaved(string json, string source)
    {
        var before = new RunConfig
        {
            Data = new DataConfig { Layout = "channels-first", Levels = "stored", Standardize = "none" },
            Model = new ModelConfig { Likelihood = Models.Likelihood.Bernoulli.Name },
        };
        JsonObject saved = Parse(json, source), tree = ToNode(before);
        // A version that wrote no layout took no parts of a file.
        if (saved["data"] is JsonObject data && !data.ContainsKey("layout")) tree["data"]!["parts"] = "none";
        Overlay(tree, saved, source);
        return FromNode(tree, source);
    }

    /// <summary>The configuration as a tree of JSON values, which flags and settings then change.</summary>
    public static JsonObject ToNode(RunConfig config) => JsonSerializer.SerializeToNode(config, RunConfigContext.Default.RunConfig)!.AsObject();

    /// <summary>The configuration that a tree spells.</summary>
    /// <exception cref="InvalidConfigException">A value has the wrong type, or the schema is newer than this version.</exception>
    public static RunConfig FromNode(JsonObject tree, string source)
    {
        ArgumentNullException.ThrowIfNull(tree);
        RequireFinite(tree, "", source);
        try
        {
            RunConfig config = tree.Deserialize(RunConfigContext.Default.RunConfig)!;
            return config.Schema == RunConfig.CurrentSchema
                ? config
                : throw new InvalidConfigException($"{source}: schema {config.Schema} is not known to this version, which reads schema {RunConfig.CurrentSchema}; use a newer Reparam.");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new InvalidConfigException($"{source}: {Misfit((failure as JsonException)?.Path, tree)}", failure);
        }
    }

    /// <summary>Parses text to an object without checking its keys.</summary>
    /// <exception cref="InvalidConfigException">The text is not a JSON object, or says a key twice.</exception>
    public static JsonObject Parse(string json, string source)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: Reading) as JsonObject ?? throw new InvalidConfigException($"{source}: a configuration is a JSON object.");
        }
        catch (JsonException failure)
        {
            throw new InvalidConfigException($"{source}: not valid JSON: {failure.Message}", failure);
        }
    }

    /// <summary>Puts the values of <paramref name="changes"/> over those of <paramref name="tree"/>, key by key.</summary>
    /// <exception cref="InvalidConfigException">A key is unknown.</exception>
    public static void Overlay(JsonObject tree, JsonObject changes, string source, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(changes);
        foreach ((string key, JsonNode? value) in changes)
        {
            if (!tree.TryGetPropertyValue(key, out JsonNode? known))
                throw new InvalidConfigException($"{source}: unknown key '{prefix}{key}'.{Suggestion.For(key, tree.Select(p => p.Key))}");
            if (known is JsonObject inner)
            {
                Overlay(inner, value as JsonObject ?? throw new InvalidConfigException($"{source}: '{prefix}{key}' is a section and takes an object."), source, $"{prefix}{key}.");
                continue;
            }

            if (value is null && !Open.Contains(prefix + key)) throw new InvalidConfigException($"{source}: '{prefix}{key}' has no value.");
            tree[key] = value?.DeepClone();
        }
    }

    /// <summary>Sets one value by its dotted path; the text is read as JSON where it is that, else as a string.</summary>
    /// <exception cref="InvalidConfigException">The path is unknown.</exception>
    public static void Set(JsonObject tree, string path, string text, string source)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(text);
        JsonNode value = Value(path, text);
        string[] keys = path.Split('.');
        for (int i = keys.Length - 1; i >= 0; i--) value = new JsonObject { [keys[i]] = value };
        Overlay(tree, value.AsObject(), source);
    }

    /// <summary>Whether a key, by its dotted path, takes a number that may have a fraction.</summary>
    public static bool IsReal(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return IsNumber(path) && !IsWhole(path);
    }

    /// <summary>Which value does not fit its key, and what the key takes: the sort of value that its default is.</summary>
    private static string Misfit(string? path, JsonObject tree)
    {
        string key = path?.TrimStart('$', '.').Split('[')[0] ?? "";
        JsonNode? given = tree, known = ToNode(new RunConfig());
        foreach (string name in key.Split('.'))
        {
            given = (given as JsonObject)?[name];
            known = (known as JsonObject)?[name];
        }

        if (given is null || (known is null && !Open.Contains(key))) return "a value has the wrong type.";
        string wanted = known switch
        {
            _ when Lists.Contains(key) => "whole numbers, such as 500,500 (in JSON [500, 500])",
            _ when key is "model.activation" or "objective.discrete" => "a text",
            _ when OpenNumbers.Contains(key) => "a number",
            JsonValue when known.GetValueKind() is JsonValueKind.True or JsonValueKind.False => "true or false",
            _ when key == "training.seed" => "a whole number from 0 to 18446744073709551615",
            JsonValue when known.GetValueKind() == JsonValueKind.String => "a text",
            JsonValue when known.GetValueKind() == JsonValueKind.Number && IsWhole(key) => "a whole number",
            JsonValue when known.GetValueKind() == JsonValueKind.Number => "a number",
            _ => "another kind of value",
        };
        string? pointed = wanted == "a number" && given is JsonValue value && value.TryGetValue(out string? text) ? NumberText.WithPoint(text) : null;
        return $"'{key}' takes {wanted}, not {given.ToJsonString()}{(pointed is null ? "" : $"; numbers are written with a point and without quotes: {pointed}")}.";
    }

    /// <summary>JSON has numbers that no double holds; .NET reads them as infinity.</summary>
    private static void RequireFinite(JsonObject tree, string prefix, string source)
    {
        foreach ((string key, JsonNode? node) in tree)
        {
            if (node is JsonObject section) RequireFinite(section, $"{prefix}{key}.", source);
            else if (node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out double number) && !double.IsFinite(number))
                throw new InvalidConfigException($"{source}: '{prefix}{key}' takes a finite number, not {value.ToJsonString()}.");
        }
    }

    private static bool IsNumber(string path)
    {
        JsonNode? known = ToNode(new RunConfig());
        foreach (string name in path.Split('.')) known = (known as JsonObject)?[name];
        return OpenNumbers.Contains(path) || known?.GetValueKind() == JsonValueKind.Number;
    }

    private static bool IsWhole(string key)
    {
        // A fraction fits where a number does, and nowhere else.
        JsonObject trial = ToNode(new RunConfig());
        string[] names = key.Split('.');
        JsonObject section = trial;
        foreach (string name in names[..^1]) section = section[name]!.AsObject();
        section[names[^1]] = 0.5;
        try
        {
            return trial.Deserialize(RunConfigContext.Default.RunConfig) is null;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static JsonNode Value(string path, string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Typed) ?? JsonValue.Create(text);
        }
        catch (JsonException)
        {
            // Not JSON: a bare word is a string, "500,500" a list of numbers, and ".5" a number where the key takes
            // one.
            if (Lists.Contains(path) && NumberText.Wholes(text) is { } list) return new JsonArray([.. list.Select(n =>
                JsonValue.Create(n))]);
            return IsNumber(path) && NumberText.TryReal(text, out double number) ? JsonValue.Create(number) : JsonValue.Create(text);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(RunConfig))]
internal sealed partial class RunConfigContext : JsonSerializerContext;

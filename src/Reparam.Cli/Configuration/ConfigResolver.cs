using System.Collections;
using System.CommandLine;
using System.Text.Json.Nodes;
using Reparam.Training.Runs;

namespace Reparam.Cli.Configuration;

/// <summary>Puts a run's configuration together: default, then file, then environment (<c>REPARAM_TRAINING__EPOCHS=5</c>), then
/// <c>--set</c>, then flags; each overrides the one before.</summary>
internal sealed class ConfigResolver
{
    private const string Prefix = "REPARAM_";

    public Option<string> File { get; } = new("--config", "-c") { Description = "A configuration file (JSON).", HelpName = "FILE" };

    public Option<string[]> Settings { get; } = new("--set") { Description = "One key of the configuration, such as optimizer.momentum=0.9. May repeat.", HelpName = "A.B=C" };

    public void AddTo(Command command)
    {
        foreach (ConfigFlag flag in ConfigFlag.All) command.Options.Add(flag.Option);
        command.Options.Add(File);
        command.Options.Add(Settings);
    }

    /// <summary>The configuration file as the user wrote it; null where none was given.</summary>
    public string? SourceText(ParseResult parsed) => parsed.GetValue(File) is { } file ? System.IO.File.ReadAllText(file) : null;

    /// <param name="parsed">The command line.</param>
    /// <param name="start">What holds where nothing else is said.</param>
    /// <param name="sources">Where each value that was given comes from; the others are as at the start.</param>
    public RunConfig Resolve(ParseResult parsed, RunConfig start, out IReadOnlyDictionary<string, string> sources)
    {
        JsonObject tree = RunConfigJson.ToNode(start);
        var given = new SortedDictionary<string, string>(StringComparer.Ordinal);
        sources = given;
        if (parsed.GetValue(File) is { } file)
        {
            if (!System.IO.File.Exists(file)) throw new InvalidConfigException($"There is no configuration file '{file}'.");
            JsonObject changes = RunConfigJson.Parse(System.IO.File.ReadAllText(file), file);
            RunConfigJson.Overlay(tree, changes, file);
            ListWidths(tree);
            RunConfigJson.FromNode(tree, file); // so that a value of the wrong sort is blamed on the file
            foreach (string path in Leaves(changes, "")) given[path] = file;
        }

        foreach ((string path, string value) in FromEnvironment())
        {
            string variable = $"environment variable {Prefix}{path.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant()}";
            Set(path, value, variable, $"{variable}={value}");
        }

        foreach (string setting in parsed.GetValue(Settings) ?? [])
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new InvalidConfigException($"--set takes KEY=VALUE, such as training.epochs=5, not '{setting}'.");
            Set(setting[..equals], setting[(equals + 1)..], "--set", $"--set {setting}");
        }

        foreach (ConfigFlag flag in ConfigFlag.All)
        {
            if (parsed.GetValue(flag.Option) is { } value) Set(flag.Path, value, flag.Option.Name, $"{flag.Option.Name} {value}");
        }

        ListWidths(tree);
        return RunConfigJson.FromNode(tree, "the configuration");

        void Set(string path, string value, string source, string spelt)
        {
            if (NumberText.WithPoint(value) is { } pointed && RunConfigJson.IsReal(path)) throw new InvalidConfigException($"{spelt}: numbers are written with a point: {pointed}");
            RunConfigJson.Set(tree, path, value, source);
            given[path] = source;
        }
    }

    /// <summary>A list of one width, "--hidden 500", is a list all the same, and "--hidden ''" is an empty one: a linear model.</summary>
    private static void ListWidths(JsonObject tree)
    {
        foreach (string key in (string[])["hidden", "decoder_hidden", "channels", "upper", "upper_hidden"])
        {
            if (tree["model"]![key] is not JsonValue single) continue;
            bool empty = single.TryGetValue(out string? text) && string.IsNullOrWhiteSpace(text);
            tree["model"]![key] = empty ? new JsonArray() : new JsonArray(single.DeepClone());
        }
    }

    private static IEnumerable<string> Leaves(JsonObject tree, string prefix) =>
        tree.SelectMany(pair => pair.Value is JsonObject inner ? Leaves(inner, $"{prefix}{pair.Key}.") : [prefix + pair.Key]);

    private static IEnumerable<(string Path, string Value)> FromEnvironment()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            int separator = name.IndexOf("__", StringComparison.Ordinal);
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || separator < 0) continue;
            yield return (name[Prefix.Length..].Replace("__", ".", StringComparison.Ordinal).ToLowerInvariant(), (string?)variable.Value ?? "");
        }
    }
}

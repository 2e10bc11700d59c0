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

    public RunConfig Resolve(ParseResult parsed, RunConfig start)
    {
        JsonObject tree = RunConfigJson.ToNode(start);
        if (parsed.GetValue(File) is { } file)
        {
            if (!System.IO.File.Exists(file)) throw new InvalidConfigException($"There is no configuration file '{file}'.");
            RunConfigJson.Overlay(tree, RunConfigJson.Parse(System.IO.File.ReadAllText(file), file), file);
        }

        foreach ((string path, string value) in FromEnvironment(tree)) RunConfigJson.Set(tree, path, value, $"environment variable {Prefix}{path.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant()}");
        foreach (string setting in parsed.GetValue(Settings) ?? [])
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new InvalidConfigException($"--set takes KEY=VALUE, such as training.epochs=5, not '{setting}'.");
            RunConfigJson.Set(tree, setting[..equals], setting[(equals + 1)..], "--set");
        }

        foreach (ConfigFlag flag in ConfigFlag.All)
        {
            if (parsed.GetValue(flag.Option) is { } value) RunConfigJson.Set(tree, flag.Path, value, flag.Option.Name);
        }

        // A list of one width, "--hidden 500", is a list all the same.
        if (tree["model"]!["hidden"] is JsonValue single) tree["model"]!["hidden"] = new JsonArray(single.DeepClone());
        return RunConfigJson.FromNode(tree, "the configuration");
    }

    private static IEnumerable<(string Path, string Value)> FromEnvironment(JsonObject tree)
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

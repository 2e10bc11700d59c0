using System.Collections;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli.Configuration;

/// <summary>Puts a run's configuration together: default, then file, then environment
/// (<c>REPARAM_TRAINING__EPOCHS=5</c>), then <c>--set</c>, then options; each overrides the one before.</summary>
internal sealed class ConfigResolver(Catalog catalog)
{
    private const string Prefix = "REPARAM_";

    private readonly IReadOnlyList<(Flag Flag, Option<string> Option)> _options = ConfigOptions.All(catalog);

    public Option<string> File { get; } = new("--config", "-c")
    {
        Description = "A configuration file (JSON).", HelpName = "FILE",
    };

    public Option<string[]> Settings { get; } = new("--set")
    {
        Description = "One key of the configuration, such as optimizer.momentum=0.9. May repeat.", HelpName = "A.B=C",
    };

    public void AddTo(Command command)
    {
        foreach ((_, Option<string> option) in _options) command.Options.Add(option);
        command.Options.Add(File);
        command.Options.Add(Settings);
    }

    /// <summary>The section of the configuration that an option belongs to; null for one of another kind.</summary>
    public string? GroupOf(Option option) => _options.FirstOrDefault(o => o.Option == option).Flag?.Group;

    /// <summary>The configuration file as the user wrote it; null where none was given.</summary>
    public string? SourceText(ParseResult parsed) => parsed.GetValue(File) is { } file
        ? System.IO.File.ReadAllText(file) : null;

    /// <param name="parsed">The command line.</param>
    /// <param name="start">What holds where nothing else is said.</param>
    /// <param name="sources">Where each value that was given comes from; the others are as at the start.</param>
    public RunSettings Resolve(ParseResult parsed, RunSettings start, out IReadOnlyDictionary<string, string> sources)
    {
        var tree = new ConfigurationTree(start, catalog);
        sources = tree.Sources;
        if (parsed.GetValue(File) is { } file)
        {
            if (!System.IO.File.Exists(file))
                throw new InvalidConfigException($"There is no configuration file '{file}'.");
            tree.Overlay(RunSettingsJson.Parse(System.IO.File.ReadAllText(file), file), file);
            tree.Read(file); // so that a value of the wrong sort is blamed on the file
        }

        tree.Set(FromEnvironment());
        // One layer: a kind may stand in an option and its settings in --set.
        tree.Set([.. FromSettings(parsed.GetValue(Settings) ?? []), .. FromOptions(parsed)]);
        return (RunSettings)tree.Read("the configuration");
    }

    /// <summary>A message that names keys, with the option of each key behind it: "training.epochs
    /// (--epochs)".</summary>
    public string WithOptions(string message)
    {
        foreach ((Flag flag, _) in _options)
        {
            // A quoted key stands in a file or in --set, where there is no option.
            var key = new Regex($@"(?<![\w.'-]|: ){Regex.Escape(flag.Path)}(?!\w|\.\w|')");
            if (!message.Contains(flag.Name, StringComparison.Ordinal))
                message = key.Replace(message, $"{flag.Path} ({flag.Name})", 1);
        }

        return message;
    }

    private static IEnumerable<(string Path, string Text, string Source)> FromEnvironment()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            int separator = name.IndexOf("__", StringComparison.Ordinal);
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || separator < 0) continue;
            string path = name[Prefix.Length..].Replace("__", ".", StringComparison.Ordinal).ToLowerInvariant();
            yield return (path, (string?)variable.Value ?? "", $"environment variable {name}");
        }
    }

    private static IEnumerable<(string Path, string Text, string Source)> FromSettings(string[] settings)
    {
        foreach (string setting in settings)
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new InvalidConfigException($"--set takes KEY=VALUE, such as training.epochs=5, not '{setting}'.");
            yield return (setting[..equals], setting[(equals + 1)..], "--set");
        }
    }

    private IEnumerable<(string Path, string Text, string Source)> FromOptions(ParseResult parsed)
    {
        foreach ((Flag flag, Option<string> option) in _options)
        {
            if (parsed.GetResult(option) is not OptionResult { Implicit: false } result) continue;
            // A truth is said by naming it.
            string? text = result.Tokens.Count == 0 && flag.Placeholder == ConfigOptions.TruthPlaceholder ? "true"
                : parsed.GetValue(option);
            if (text is not null) yield return (flag.Path, text, flag.Name);
        }
    }
}

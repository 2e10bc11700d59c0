using System.Collections;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Runs;

namespace Reparam.Cli.Configuration;

/// <summary>Builds the configuration of a run from these sources: defaults, then file, then environment
/// (<c>REPARAM_TRAINING__EPOCHS=5</c>), then <c>--set</c>, then options. Each source overrides the sources before
/// it.</summary>
internal sealed class ConfigResolver(Catalog catalog)
{
    /// <summary>The option that sets any key.</summary>
    public const string SetName = "--set";

    private const string Prefix = "REPARAM_";

    private readonly IReadOnlyList<(Flag Flag, Option<string> Option)> _options = ConfigOptions.All(catalog);

    public Option<string> File { get; } = new("--config", "-c")
    {
        Description = "A configuration file (JSON).", HelpName = "FILE",
    };

    public Option<string[]> Settings { get; } = new(SetName)
    {
        Description = "Set one key of the configuration, such as optimizer.momentum=0.9. You can repeat this option.",
        HelpName = "A.B=C",
    };

    public void AddTo(Command command)
    {
        foreach ((_, Option<string> option) in _options) command.Options.Add(option);
        command.Options.Add(File);
        command.Options.Add(Settings);
    }

    /// <summary>The section of the configuration to which an option belongs; null for an option that sets no
    /// key.</summary>
    public string? GroupOf(Option option) => _options.FirstOrDefault(o => o.Option == option).Flag?.Group;

    /// <summary>The configuration file as the user wrote it; null where none was given.</summary>
    public string? SourceText(ParseResult parsed) => parsed.GetValue(File) is { } file
        ? System.IO.File.ReadAllText(file) : null;

    /// <param name="parsed">The command line.</param>
    /// <param name="start">The values of all keys that are not set.</param>
    /// <param name="sources">The source of each value that was set; all other values are those of
    /// <paramref name="start"/>.</param>
    public RunSettings Resolve(ParseResult parsed, RunSettings start, out IReadOnlyDictionary<string, string> sources)
    {
        var tree = new ConfigurationTree(start, catalog);
        sources = tree.Sources;
        if (parsed.GetValue(File) is { } file)
        {
            if (!System.IO.File.Exists(file))
                throw new InvalidConfigException($"There is no configuration file '{file}'.");
            tree.Overlay(RunSettingsJson.Parse(System.IO.File.ReadAllText(file), file), file);
            tree.Read(file); // so that the message about an invalid value names the file
        }

        tree.Set(FromEnvironment());
        // --set and options are applied together: an option may choose a kind whose settings are in --set.
        tree.Set([.. FromSettings(parsed.GetValue(Settings) ?? []), .. FromOptions(parsed)]);
        return (RunSettings)tree.Read("the configuration");
    }

    /// <summary>Adds to each key in a message the option that sets it: "training.epochs (--epochs)".</summary>
    public string WithOptions(string message)
    {
        foreach ((Flag flag, _) in _options)
        {
            // A key in quotes was written in a file or in --set, so no option is added.
            var key = new Regex($@"(?<![\w.'-]|: ){Regex.Escape(flag.Path)}(?!\w|\.\w|')");
            if (!message.Contains(flag.Name, StringComparison.Ordinal))
                message = key.Replace(message, $"{flag.Path} ({flag.Name})", 1);
        }

        return message;
    }

    /// <summary>
    /// The values of the environment: <c>REPARAM_OBJECTIVE__ORDER=0.5</c> for a key of a section,
    /// <c>REPARAM_OBJECTIVE=renyi</c> for the kind of a section. <c>REPARAM_DATA</c> is the data directory and sets no
    /// key. Other variables without two underscores belong to other programs, except a key of a section with one
    /// underscore, which is refused.
    /// </summary>
    private IEnumerable<(string Path, string Text, string Source)> FromEnvironment()
    {
        string[] sections = [.. _options.Select(o => o.Flag.Path.Split('.')).Where(p => p.Length > 1).Select(p => p[0])
            .Distinct()];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name == DataDirectory.Variable) continue;
            string path = name[Prefix.Length..].Replace("__", ".", StringComparison.Ordinal).ToLowerInvariant();
            if (!path.Contains('.', StringComparison.Ordinal) && !sections.Contains(path))
            {
                if (sections.FirstOrDefault(s => IsKey(s, path)) is { } section)
                {
                    string right = $"{Prefix}{section}__{path[(section.Length + 1)..]}".ToUpperInvariant();
                    throw new InvalidConfigException(
                        $"environment variable {name}: a key follows its section after two underscores: {right}");
                }

                continue;
            }

            yield return (path, (string?)variable.Value ?? "", $"environment variable {name}");
        }
    }

    /// <summary>Whether a name is a section and one of its keys with one underscore between them.</summary>
    private bool IsKey(string section, string name) =>
        name.StartsWith(section + "_", StringComparison.Ordinal)
        && _options.Any(o => o.Flag.Path == $"{section}.{name[(section.Length + 1)..]}");

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
            // Naming a true-or-false option without a value sets it to true.
            string? text = result.Tokens.Count == 0 && flag.Placeholder == ConfigOptions.TruthPlaceholder ? "true"
                : parsed.GetValue(option);
            if (text is not null) yield return (flag.Path, text, flag.Name);
        }
    }
}

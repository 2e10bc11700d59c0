using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli.Diagnostics;

/// <summary>Writes remedies as whole commands. It omits a remedy that the run's configuration does not allow.</summary>
internal sealed class Prescription(Evidence evidence)
{
    private readonly IReadOnlyList<Flag> _flags = Flag.Of(RunSettings.Definition, evidence.Catalog);

    /// <summary>A new run with the same configuration and some other options; nothing where the changed configuration
    /// is not valid.</summary>
    /// <param name="name">The suffix for the name of the new run.</param>
    /// <param name="why">What the remedy does.</param>
    /// <param name="changes">Options of <c>train</c> and their values; <c>--set</c> with key=value.</param>
    public IEnumerable<Remedy> Anew(string name, string why, params (string Flag, string Value)[] changes)
    {
        try
        {
            var tree = new ConfigurationTree(evidence.Config, evidence.Catalog);
            tree.Set(changes.Select(c =>
            {
                string[] setting = c.Flag == "--set" ? c.Value.Split('=', 2)
                    : [_flags.First(f => f.Name == c.Flag).Path, c.Value];
                return (setting[0], setting[1], c.Flag);
            }));
            RunFactory.Check((RunSettings)tree.Read("the remedy"), Math.Max(1, evidence.TrainCount));
        }
        catch (InvalidConfigException)
        {
            return [];
        }

        string options = string.Join(" ", changes.Select(c => $"{c.Flag} {c.Value}"));
        string config = Terminal.Quoted(Path.Combine(evidence.Run, "config.json")),
            other = Terminal.Quoted(Path.TrimEndingDirectorySeparator(evidence.Run) + "-" + name);
        return [new Remedy(why, $"{ReparamProgram.Name} train --config {config} {options} --out {other}")];
    }

    /// <summary>The same run, continued up to an epoch.</summary>
    public Remedy Longer(string why, long epochs) => new(
        why, FormattableString.Invariant(
            $"{ReparamProgram.Name} train --resume {Terminal.Quoted(evidence.Run)} --epochs {epochs}"));
}

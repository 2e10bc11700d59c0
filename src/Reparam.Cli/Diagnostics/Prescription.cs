using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli.Diagnostics;

/// <summary>Writes remedies as whole commands, and only such as the run's configuration can take.</summary>
internal sealed class Prescription(Evidence evidence)
{
    private readonly IReadOnlyList<Flag> _flags = Flag.Of(RunSettings.Definition, evidence.Catalog);

    /// <summary>The same run anew with other options; nothing where the configuration would be refused.</summary>
    /// <param name="name">What is added to the run's name for the new one.</param>
    /// <param name="why">What it does.</param>
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
        return [
            new Remedy(why, $"reparam train --config {Terminal.Quoted(Path.Combine(evidence.Run, "config.json"))} " +
            $"{options} --out {Terminal.Quoted(Path.TrimEndingDirectorySeparator(evidence.Run) + "-" + name)}")];
    }

    /// <summary>Going on with the run up to an epoch.</summary>
    public Remedy Longer(string why, long epochs) => new(
        why, FormattableString.Invariant($"reparam train --resume {Terminal.Quoted(evidence.Run)} --epochs {epochs}"));
}

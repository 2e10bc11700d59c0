using System.Text.Json.Nodes;
using Reparam.Cli.Configuration;
using Reparam.Cli.Display;
using Reparam.Training.Runs;

namespace Reparam.Cli.Diagnostics;

/// <summary>Writes remedies as whole commands, and only such as the run's configuration can take.</summary>
internal sealed class Prescription(Evidence evidence)
{
    /// <summary>The same run anew with other options; nothing where the configuration would be refused.</summary>
    /// <param name="name">What is added to the run's name for the new one.</param>
    /// <param name="why">What it does.</param>
    /// <param name="changes">Options of <c>train</c> and their values; <c>--set</c> with key=value.</param>
    public IEnumerable<Remedy> Anew(string name, string why, params (string Flag, string Value)[] changes)
    {
        JsonObject tree = RunConfigJson.ToNode(evidence.Config);
        try
        {
            foreach ((string flag, string value) in changes)
            {
                string[] setting = flag == "--set" ? value.Split('=', 2) : [ConfigFlag.All.First(f => f.Option.Name == flag).Path, value];
                string text = setting[0].EndsWith("hidden", StringComparison.Ordinal) ? $"[{setting[1]}]" : setting[1];
                RunConfigJson.Set(tree, setting[0], text, flag);
            }

            RunFactory.Check(RunConfigJson.FromNode(tree, "the remedy"), Math.Max(1, evidence.TrainCount));
        }
        catch (InvalidConfigException)
        {
            return [];
        }

        string options = string.Join(" ", changes.Select(c => $"{c.Flag} {c.Value}"));
        return [new Remedy(why, $"reparam train --config {Terminal.Quoted(Path.Combine(evidence.Run, "config.json"))} {options} --out {Terminal.Quoted(Path.TrimEndingDirectorySeparator(evidence.Run) + "-" + name)}")];
    }

    /// <summary>Going on with the run up to an epoch.</summary>
    public Remedy Longer(string why, long epochs) => new(why, FormattableString.Invariant($"reparam train --resume {Terminal.Quoted(evidence.Run)} --epochs {epochs}"));
}

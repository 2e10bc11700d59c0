using System.CommandLine;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Evaluation;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam reconstruct</c>: shows data above their reconstructions.</summary>
internal static class ReconstructCommand
{
    private static readonly Option<int> Count = new("--count", "-n")
    {
        Description = "Number of data points.", DefaultValueFactory = _ => 20, HelpName = "N",
    };

    public static Command Create()
    {
        var command = new Command(
            "reconstruct", "Show data and their reconstructions: each row of data with its reconstructions below it.");
        RunOptions.AddTo(command, [Count, .. RunOptions.OfData, RunOptions.Out]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int count = RunOptions.Within(parsed, Count, 1, 100_000);
        TrainedRun run = TrainedRun.Open(parsed);
        OutputFile output = OutputFile.For(parsed, run, "reconstruct");
        Dataset data = run.Data(parsed);
        data = data[..Math.Min(count, data.Count)];
        SourcePlaces places = SourcePlaces.Of(parsed, run, data);
        output.WritePairs(ShownData.Of(run, data), ShownData.Decoded(
            run, Latents.Encode(run.Model, data), Condition.Of(run, data)), places.Lead);
        BoundReport bound = EvidenceLowerBound.Evaluate(
            run.Model, data, run.Rng.Split("evaluate"), cancellation: cancellation);
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("count", data.Count, "data",
            FormattableString.Invariant($"{run.DataName(parsed)}, the first {data.Count:N0}"));
        run.AddUnit(result);
        result.Add("reconstruction", bound.Reconstruction, "reconstruction", "nats per datum");
        output.AddTo(result);
        return result.Print();
    }
}

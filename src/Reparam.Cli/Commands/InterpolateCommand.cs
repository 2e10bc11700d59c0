using System.CommandLine;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam interpolate</c>: decodes a path through latent space from one data point to another.</summary>
internal static class InterpolateCommand
{
    private static readonly Option<int> From = new("--from")
    {
        Description = "Index of the data point to start from.", HelpName = "I", Required = true,
    };
    private static readonly Option<int> To = new("--to")
    {
        Description = "Index of the data point to end at.", HelpName = "J", Required = true,
    };
    private static readonly Option<int> Steps = new("--steps")
    {
        Description = "Number of pictures in a row, or of rows of a table, both ends included.",
        DefaultValueFactory = _ => 11, HelpName = "N",
    };
    private static readonly Option<bool> Linear = new("--linear") { Description = "Use only the straight line." };
    private static readonly Option<bool> Spherical = new("--spherical") { Description = "Use only the great arc." };

    public static Command Create()
    {
        var command = new Command("interpolate", "Decode a path between the codes of two data points: one row along " +
            "the straight line, one row along the great arc.");
        RunOptions.AddTo(
            command, [From, To, Steps, Linear, Spherical, .. RunOptions.OfData, RunOptions.Class, RunOptions.Out]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int steps = RunOptions.Within(parsed, Steps, 2, 1000);
        TrainedRun run = TrainedRun.Open(parsed);
        run.RequireLines("interpolate");
        OutputFile output = OutputFile.For(parsed, run, "interpolate");
        Dataset data = run.Data(parsed);
        int from = RunOptions.Within(parsed, From, 0, data.Count - 1),
            to = RunOptions.Within(parsed, To, 0, data.Count - 1);
        Tensor codes = Latents.Encode(run.Model, data.Subset([from, to]));
        Tensor a = Latents.Row(codes, 0), b = Latents.Row(codes, 1);
        bool both = parsed.GetValue(Linear) == parsed.GetValue(Spherical);
        List<Tensor> rows = [];
        if (both || parsed.GetValue(Linear)) rows.Add(LatentWalks.Linear(a, b, steps));
        if (both || parsed.GetValue(Spherical)) rows.Add(LatentWalks.Spherical(a, b, steps));
        Tensor walk = Tensor.Concat(0, rows);
        bool linearFirst = both || parsed.GetValue(Linear);
        output.Write(ShownData.Decoded(run, walk, run.Classes.OneHot(parsed, walk.Shape[0])), steps,
            new LeadColumn("path", i => linearFirst && i < steps ? "linear" : "spherical"),
            LeadColumn.Wholes("step", i => i % steps + 1));
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("from", from);
        result.Add("to", to);
        result.Add("steps", steps);
        string paths = both ? "linear above, spherical below" : parsed.GetValue(Linear) ? "linear" : "spherical";
        result.Add("paths", paths, "walk", FormattableString.Invariant(
            $"from data point {from} to {to} of {run.DataName(parsed)} in {steps} steps, {paths}"));
        output.AddTo(result);
        return result.Print();
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam traverse</c>: shows what each latent dimension changes, one dimension at a time.</summary>
internal static class TraverseCommand
{
    private static readonly Option<int?> Index = new("--index")
    {
        Description = "Start from the code of this data point. Default: start from z = 0.", HelpName = "I",
    };
    private static readonly Option<int> Steps = new("--steps")
    {
        Description = "Number of pictures in a row, or of rows of a table, from -3 to 3 standard deviations of the " +
            "prior.",
        DefaultValueFactory = _ => 11, HelpName = "N",
    };

    public static Command Create()
    {
        var command = new Command(
            "traverse", "Change one latent dimension at a time: one row for each dimension, highest KL first.");
        RunOptions.AddTo(command, [Index, Steps, .. RunOptions.OfData, RunOptions.Class, RunOptions.Out]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int steps = RunOptions.Within(parsed, Steps, 2, 1000);
        TrainedRun run = TrainedRun.Open(parsed);
        run.RequireLines("traverse");
        OutputFile output = OutputFile.For(parsed, run, "traverse");
        Dataset data = run.Data(parsed);
        int? index = parsed.GetValue(Index) is { } i ? RunOptions.Within("--index", i, 0, data.Count - 1) : null;
        Tensor origin = index is { } at
            ? Latents.Row(Latents.Encode(run.Model, data.Subset([at])), 0)
            : Tensor.Zeros([run.Latent], run.Model.DType);
        LatentOrder measured = LatentOrder.Of(run, data);
        // In a model with layers of latents, only the first layer is decoded.
        IReadOnlyList<int> order = run.Model is LayeredVae layered
            ? [.. measured.Descending.Where(j => j < layered.Sizes[0])] : measured.Descending;
        Tensor walk = LatentWalks.Traversal(origin, order, steps);
        output.Write(ShownData.Decoded(run, walk, run.Classes.OneHot(parsed, walk.Shape[0])), steps,
            LeadColumn.Wholes("dimension", i => order[i / steps]),
            LeadColumn.Numbers("z", i => walk.At(i * run.Latent + order[i / steps])));

        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("origin", index is { } o ? JsonValue.Create(o) : null, "origin", index is { } given
            ? FormattableString.Invariant($"the code of data point {given} of {run.DataName(parsed)}") : "0");
        result.Add("steps", steps);
        result.Add("dimensions", new JsonArray([.. order.Select(j => JsonValue.Create(j))]));
        result.Add($"{measured.Measure.ToLowerInvariant()}_per_dimension", Result.Numbers(measured.Values));
        var table = new ResultTable("row", "dimension", measured.Measure);
        for (int row = 0; row < order.Count; row++)
        {
            table.Add(FormattableString.Invariant($"{row + 1}"), FormattableString.Invariant($"{order[row]}"),
                FormattableString.Invariant($"{measured.Values[order[row]]:F4}"));
        }

        result.Table(table);
        output.AddTo(result);
        return result.Print();
    }
}

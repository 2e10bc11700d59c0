using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam manifold</c>: decodes a grid over the plane of two latent dimensions.</summary>
internal static class ManifoldCommand
{
    private static readonly Option<int> Grid = new("--grid")
    {
        Description = "Number of cells in a row and in a column.", DefaultValueFactory = _ => 20, HelpName = "N",
    };

    public static Command Create()
    {
        var command = new Command(
            "manifold", "Decode a grid over two latent dimensions, with cells of equal probability under N(0, I).");
        RunOptions.AddTo(command, [Grid, .. RunOptions.OfData, RunOptions.Class, RunOptions.Out]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int edge = RunOptions.Within(parsed, Grid, 1, 200);
        TrainedRun run = TrainedRun.Open(parsed);
        run.RequireLines("manifold");
        OutputFile output = OutputFile.For(parsed, run, "manifold");
        if (run.Model is not Vae { Prior: StandardNormalPrior })
        {
            throw new InvalidConfigException("A manifold has cells of equal probability under N(0, I), but " +
                $"the prior of this run is '{run.Config.Model.Prior.Word}'. Use " +
                $"'{ReparamProgram.Name} sample' or '{ReparamProgram.Name} traverse --index' instead.");
        }

        if (run.Latent < 2)
        {
            throw new InvalidConfigException(
                "A manifold needs two latent dimensions, but this model has one. Use 'reparam traverse' instead.");
        }

        int across = 0, down = 1;
        if (run.Latent > 2)
        {
            LatentOrder measured = LatentOrder.Of(run, parsed);
            IReadOnlyList<int> order = measured.Descending;
            (across, down) = (order[0], order[1]);
            Message.Note(string.Create(CultureInfo.InvariantCulture, $"the model has {run.Latent} latent dimensions. " +
                $"The grid has the two of highest {measured.Measure}, {across} and {down}; the others are 0."));
        }

        Tensor cells = LatentWalks.Manifold(run.Latent, edge, across, down, run.Model.DType);
        output.Write(ShownData.Decoded(run, cells, run.Classes.OneHot(parsed, cells.Shape[0])), edge,
            Coordinate(across), Coordinate(down));
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("grid", edge);
        result.Add("dimensions", new JsonArray(across, down), "manifold", FormattableString.Invariant(
            $"dimension {across} across, {down} down; {edge} x {edge} cells of equal prior probability"));
        output.AddTo(result);
        return result.Print();

        LeadColumn Coordinate(int dimension) => LeadColumn.Numbers(CodesFile.Component(dimension),
            i => cells.At(i * run.Latent + dimension));
    }
}

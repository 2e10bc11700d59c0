using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam sample</c>: draws from the prior and decodes the draws to new data.</summary>
internal static class SampleCommand
{
    private static readonly Option<int> Count = new("--count", "-n")
    {
        Description = "Number of samples.", DefaultValueFactory = _ => 100, HelpName = "N",
    };
    private static readonly Option<ulong?> Seed = new("--seed")
    {
        Description = "Seed of the draws. Default: the seed of the run.", HelpName = "N",
    };
    private static readonly Option<bool> Draw = new("--draw")
    {
        Description = "Draw from p(x|z). Without this option the mean of p(x|z) is shown.",
    };

    public static Command Create()
    {
        var command = new Command("sample", "Generate new data: draw z from the prior and decode it.");
        RunOptions.AddTo(command, Count, Seed, Draw, RunOptions.Class, RunOptions.Out);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int count = RunOptions.Within(parsed, Count, 1, 1_000_000);
        TrainedRun run = TrainedRun.Open(parsed);
        OutputFile output = OutputFile.For(parsed, run, "sample", numbersByDefault: true);
        output.RequireRoom(count, run.EventShape, Count.Name);
        ulong seed = parsed.GetValue(Seed) ?? run.Config.Training.Seed;
        Rng rng = new Rng(seed).Split("samples");
        Rng? draws = parsed.GetValue(Draw) ? rng.Split("draws") : null;
        int? asked = parsed.GetValue(RunOptions.Class);
        bool byClass = Latents.Classes(run.Model) > 0 && asked is null;
        Tensor x = Latents.Sample(run.Model, count, rng, asked, draws);
        if (byClass) output.Write(x, Latents.Classes(run.Model));
        else output.Write(x);
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("count", count, "samples", string.Create(
            CultureInfo.InvariantCulture, $"{count:N0}, {(parsed.GetValue(Draw) ? "draws from" : "means of")} " +
            $"p(x|z), seed {seed}{(byClass ? ", a row for each style and a column for each class" : "")}"));
        result.Add("seed", seed);
        result.Add("out", Path.GetFullPath(output.Path), "written", Terminal.Relative(output.Path));
        return result.Print();
    }
}

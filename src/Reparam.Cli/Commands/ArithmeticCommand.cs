using System.CommandLine;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam arithmetic</c>: a - b + c on the codes of three data.</summary>
internal static class ArithmeticCommand
{
    private static readonly Option<int> A = Index("--a", "added");
    private static readonly Option<int> B = Index("--b", "subtracted");
    private static readonly Option<int> C = Index("--c", "added");

    public static Command Create()
    {
        var command = new Command("arithmetic", "Decode a - b + c of three codes: what turns b into a, applied to c.");
        RunOptions.AddTo(command, [A, B, C, .. RunOptions.OfData, RunOptions.Class, RunOptions.Out]);
        command.SetHandler(Run);
        return command;
    }

    private static Option<int> Index(string name, string role) => new(name) { Description = $"Index of the datum that is {role}.", HelpName = "I", Required = true };

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        TrainedRun run = TrainedRun.Open(parsed);
        run.RequireLines("arithmetic");
        OutputFile output = OutputFile.For(parsed, run, "arithmetic");
        Dataset data = run.Data(parsed);
        int[] indices = [.. new[] { A, B, C }.Select(option => RunOptions.Within(parsed, option, 0, data.Count - 1))];
        Dataset three = data.Subset(indices);
        Tensor codes = Latents.Encode(run.Model, three);
        Tensor z = LatentWalks.Arithmetic(Latents.Row(codes, 0), Latents.Row(codes, 1), Latents.Row(codes, 2));
        Tensor made = Latents.Decode(run.Model, z.Reshape([1, run.Latent]), Latents.OneClass(run.Model, parsed.GetValue(RunOptions.Class), 1));
        output.Write(Tensor.Concat(0, Latents.Data(three), made), columns: 4);
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("a", indices[0]);
        result.Add("b", indices[1]);
        result.Add("c", indices[2]);
        result.Line("arithmetic", FormattableString.Invariant($"datum {indices[0]} - {indices[1]} + {indices[2]} of {run.DataName(parsed)}; a, b, c and the result from left to right"));
        result.Add("latent", Result.Numbers(Enumerable.Range(0, z.Size).Select(z.At)));
        result.Add("out", Path.GetFullPath(output.Path), "written", Terminal.Relative(output.Path));
        return result.Print();
    }
}

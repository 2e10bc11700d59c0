using System.CommandLine;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam decode</c>: decodes latent vectors to data.</summary>
internal static class DecodeCommand
{
    private static readonly Option<string> LatentsFile = new("--latents")
    {
        Description = "The file of latent vectors [N, Z]: .npy, .npz, or .csv or .parquet with the columns z0, z1, ...",
        HelpName = "FILE", Required = true,
    };
    private static readonly Option<bool> Draw = new("--draw")
    {
        Description = "Draw from p(x|z). Without this option the mean of p(x|z) is written.",
    };

    public static Command Create()
    {
        var command = new Command(
            "decode", "Decode latent vectors. Write the result as numbers, as a picture or as rows of the table.");
        RunOptions.AddTo(command, [LatentsFile, Draw, .. RunOptions.OfDecoding]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        TrainedRun run = TrainedRun.Open(parsed);
        OutputFile output = OutputFile.For(parsed, run, "decode", numbersByDefault: true);
        var codes = CodesFile.Read(parsed.GetValue(LatentsFile)!, run.Model);
        ShownData x = ShownData.Decoded(
            run, codes.Z, Given(parsed, run, codes), parsed.GetValue(Draw) ? run.Rng.Split("decode") : null);
        output.Write(x, columns: 0, codes.Lead);
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("shape", new JsonArray([.. x.Shape.Select(extent => JsonValue.Create(extent))]), "decoded",
            FormattableString.Invariant($"{(parsed.GetValue(Draw) ? "draws from" : "means of")} p(x|z), {x.Shape}"));
        output.AddTo(result);
        return result.Print();
    }

    /// <summary>The condition of the codes: that of the command line, else the labels of the file.</summary>
    private static Condition Given(ParseResult parsed, TrainedRun run, CodesFile codes)
    {
        int count = codes.Z.Shape[0];
        int most = run.Model.Context;
        if (!run.TakesLabels || parsed.GetValue(RunOptions.Class) is not null || codes.Labels is not { } labels)
            return Condition.Of(parsed, run, count);
        int[] classes = new int[count];
        for (int i = 0; i < count; i++)
        {
            int? known = codes.LabelsAreNumbers
                ? NumberText.TryWhole(labels[i], out int number) && number >= 0 && number < most ? number : null
                : run.Classes.Find(labels[i], most);
            classes[i] = known ?? throw new InvalidDataFileException(
                parsed.GetValue(LatentsFile)!, FormattableString.Invariant(
                $"the label '{labels[i]}' of code {i + 1} is no class of the run; give a class with --class."));
        }

        return new(Tensor.From(Array.ConvertAll(classes, c => (float)c), [count]).OneHot(run.Model.Context).To(
            run.Model.DType), null);
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam decode</c>: decodes latent vectors to data.</summary>
internal static class DecodeCommand
{
    // A normal prior never gives such a number, so it is a mistake in the file. Exponentials of it would overflow in
    // Float32.
    private const double LargestLatent = 1e3;

    // The tolerance for sums of Float32 probabilities, or of numbers that were written with four digits.
    private const double Rounding = 1e-3;

    private static readonly Option<string> LatentsFile = new("--latents")
    {
        Description = "The file of latent vectors [N, Z], .npy or .npz.", HelpName = "FILE", Required = true,
    };
    private static readonly Option<bool> Draw = new("--draw")
    {
        Description = "Draw from p(x|z). Without this option the mean of p(x|z) is written.",
    };

    public static Command Create()
    {
        var command = new Command("decode", "Decode latent vectors. Write the result as numbers or as a picture.");
        RunOptions.AddTo(command, LatentsFile, Draw, RunOptions.Class, RunOptions.Out);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        TrainedRun run = TrainedRun.Open(parsed);
        OutputFile output = OutputFile.For(parsed, run, "decode", numbersByDefault: true);
        Tensor z = Read(parsed.GetValue(LatentsFile)!, run.Model);
        Tensor x = Latents.Decode(
            run.Model, z, Latents.OneClass(run.Model, parsed.GetValue(RunOptions.Class), z.Shape[0]),
            parsed.GetValue(Draw) ? run.Rng.Split("decode") : null);
        output.Write(x);
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("shape", new JsonArray([.. x.Shape.Select(extent => JsonValue.Create(extent))]), "decoded",
            FormattableString.Invariant($"{(parsed.GetValue(Draw) ? "draws from" : "means of")} p(x|z), {x.Shape}"));
        output.AddTo(result);
        return result.Print();
    }

    private static Tensor Read(string path, LatentVariableModel model)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no file of latent vectors '{path}'. '{ReparamProgram.Name} encode' writes such a file.",
                path);
        }

        int latent = model.LatentShape.Size;
        NumericArray array = DataFile.Read(path);
        if (array.Shape.Rank != 2 || array.Shape[1] != latent || array.Shape[0] == 0)
        {
            throw new InvalidDataFileException(path, $"it holds an array of shape {array.Shape}, but the model takes " +
                $"latent vectors [N, {latent}] with N of at least 1.");
        }

        float[] values = array.ToFloat32();
        for (int i = 0; i < values.Length; i++)
        {
            if (!(Math.Abs(values[i]) <= LargestLatent))
            {
                throw new InvalidDataFileException(
                    path, string.Create(CultureInfo.InvariantCulture, $"component {i % latent} of vector " +
                    $"{i / latent} is {values[i]}. Components must be finite, and at most {LargestLatent} in size."));
            }
        }

        for (int n = 0; n < array.Shape[0]; n++)
        {
            if (Problem(model, values.AsSpan(n * latent, latent)) is { } problem)
            {
                throw new InvalidDataFileException(
                    path, FormattableString.Invariant($"vector {n} is not a code of this model: {problem}."));
            }
        }

        return Tensor.From(values, array.Shape);
    }

    /// <summary>Why a vector can be neither a draw of the latents nor a mean of draws; null where it can be one of
    /// these.</summary>
    private static string? Problem(LatentVariableModel model, ReadOnlySpan<float> z)
    {
        if (model.Space == LatentSpace.Euclidean) return null;
        if (model.Space == LatentSpace.Spherical)
        {
            double length = Math.Sqrt(z.ToArray().Sum(c => (double)c * c));
            return length <= 1 + Rounding ? null : FormattableString.Invariant(
                $"its length is {length:G4}, but codes lie on a sphere of radius 1 and their means lie inside it");
        }

        // A Bernoulli variable is a probability. The probabilities of a one-hot variable sum to 1.
        Shape part = model.DiscreteShape;
        int discrete = part.Size, outcomes = part.Rank == 2 ? part[1] : 0;
        for (int i = 0; i < discrete; i++)
        {
            if (!(z[i] >= 0 && z[i] <= 1 + Rounding))
                return FormattableString.Invariant($"component {i} is {z[i]}, but it must lie between 0 and 1");
        }

        for (int start = 0; outcomes > 0 && start < discrete; start += outcomes)
        {
            double sum = z.Slice(start, outcomes).ToArray().Sum(p => (double)p);
            if (!(Math.Abs(sum - 1) <= Rounding))
            {
                return string.Create(CultureInfo.InvariantCulture, $"components {start} to {start + outcomes - 1} " +
                    $"are the probabilities of one variable; they sum to {sum:G4} instead of 1");
            }
        }

        return null;
    }
}

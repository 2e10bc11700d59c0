using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam encode</c>: encodes data to latent vectors, in NumPy's format.</summary>
internal static class EncodeCommand
{
    private static readonly Option<bool> Sample = new("--sample")
    {
        Description = "Draw z from q(z|x). Without this option the mean of q(z|x) is written.",
    };

    public static Command Create()
    {
        var command = new Command(
            "encode", "Encode data to latent vectors [N, Z]. Write them, and the labels of the data, as .npy or .npz.");
        RunOptions.AddTo(command, [Sample, .. RunOptions.OfData, RunOptions.Limit, RunOptions.Out]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        TrainedRun run = TrainedRun.Open(parsed);
        string path = parsed.GetValue(RunOptions.Out) ?? Path.Combine(run.Folder.Path, "latents.npy");
        OutputFile.RequirePlace(RunOptions.Out.Name, path);
        bool together = path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
        if (!together && !path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidConfigException(
                $"--out '{path}' must end in .npy (latent vectors), or in .npz (latent vectors with their labels).");
        }

        Dataset data = run.Data(parsed);
        bool sample = parsed.GetValue(Sample);
        Tensor z = Latents.Encode(run.Model, data, sample ? run.Rng.Split("encode") : null);
        NumericArray codes = NumericArray.FromFloat32(z.Shape, z.AsSpan<float>());
        NumericArray? classes = data.Labels is { } labels ? NumericArray.FromInt32([data.Count], labels.Span) : null;
        if (!together) NpyFile.Write(path, codes);
        else if (classes is null) NpzFile.Write(path, ("x", codes));
        else NpzFile.Write(path, ("x", codes), ("labels", classes));
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("data", run.DataName(parsed), "data",
            FormattableString.Invariant($"{run.DataName(parsed)}, {data.Count:N0} data points"));
        // The mean of a flow has no formula. The mean of its base distribution, mapped by the flow, is written instead.
        bool flow = run.Model is Vae { Encoder: FlowEncoder };
        result.Add("kind", sample ? "draws" : flow ? "images-of-base-means" : "means");
        result.Add(
            "shape", new JsonArray(z.Shape[0], z.Shape[1]), "latents", string.Create(CultureInfo.InvariantCulture,
            $"{(sample ? "draws from" : flow ? "images under the flow of the means of its base," : "means of")} " +
            $"q(z|x), {z.Shape}"));
        result.Add("out", Path.GetFullPath(path), "written", Terminal.Relative(path));
        if (classes is not null && !together)
        {
            string beside = path[..^4] + "-labels.npy";
            NpyFile.Write(beside, classes);
            result.Add("labels", Path.GetFullPath(beside), "labels", Terminal.Relative(beside));
        }
        else if (classes is not null)
        {
            result.Add("labels", Path.GetFullPath(path), "labels", "in the same file, as the array 'labels'");
        }

        if (data.Names is { } names)
        {
            string beside = path[..^4] + "-names.txt";
            AtomicFile.WriteAllText(beside, string.Concat(names.ToArray().Select(name => name + "\n")));
            result.Add("names", Path.GetFullPath(beside), "names", Terminal.Relative(beside));
        }

        return result.Print();
    }
}

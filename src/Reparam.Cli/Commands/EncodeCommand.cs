using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Formats;
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
            "encode", "Encode data to latent vectors [N, Z]. Write them, and the labels of the data, as .npy, .npz " +
                "or .csv.");
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
        bool isText = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        if (!together && !isText && !path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidConfigException(
                $"--out '{path}' must end in .npy (latent vectors), or in .npz or .csv (latent vectors with their " +
                "labels).");
        }

        Dataset data = run.Data(parsed);
        bool sample = parsed.GetValue(Sample);
        Tensor z = Latents.Encode(run.Model, data, sample ? run.Rng.Split("encode") : null);
        NumericArray codes = NumericArray.FromFloat32(z.Shape, z.AsSpan<float>());
        NumericArray? classes = data.Labels is { } labels ? NumericArray.FromInt32([data.Count], labels.Span) : null;
        if (isText) WriteText(path, z, data, run.Folder.Table);
        else if (!together) NpyFile.Write(path, codes);
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
        if (classes is not null && !together && !isText)
        {
            string beside = path[..^4] + "-labels.npy";
            NpyFile.Write(beside, classes);
            result.Add("labels", Path.GetFullPath(beside), "labels", Terminal.Relative(beside));
        }
        else if (classes is not null)
        {
            result.Add("labels", Path.GetFullPath(path), "labels",
                $"in the same file, as the {(isText ? "column 'label'" : "array 'labels'")}");
        }

        if (data.Names is { } names)
        {
            string beside = path[..^4] + "-names.txt";
            AtomicFile.WriteAllText(beside, string.Concat(names.ToArray().Select(name => name + "\n")));
            result.Add("names", Path.GetFullPath(beside), "names", Terminal.Relative(beside));
        }

        return result.Print();
    }

    /// <summary>Writes a row for each data point: its position from 1, its code, and its label.</summary>
    private static void WriteText(string path, Tensor z, Dataset data, TableSchema? schema)
    {
        int size = z.Shape[1];
        using var file = new SeparatedWriter(path, ["row", .. Enumerable.Range(0, size).Select(
            j => FormattableString.Invariant($"z{j}")), .. data.Labels is null ? (string[])[] : ["label"]]);
        for (int i = 0; i < data.Count; i++)
        {
            List<string> cells = [(i + 1).ToString(CultureInfo.InvariantCulture)];
            for (int j = 0; j < size; j++)
                cells.Add(((float)z.At(i * size + j)).ToString("R", CultureInfo.InvariantCulture));
            if (data.Labels is not null) cells.Add(LabelText.Of(data, schema, i));
            file.Row(cells);
        }

        file.Complete();
    }
}

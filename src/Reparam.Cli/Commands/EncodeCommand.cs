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

/// <summary><c>reparam encode</c>: encodes data to latent vectors, as NumPy's arrays, as text, or for the projector of
/// TensorBoard.</summary>
internal static class EncodeCommand
{
    private static readonly Option<bool> Sample = new("--sample")
    {
        Description = "Draw z from q(z|x). Without this option the mean of q(z|x) is written.",
    };

    public static Command Create()
    {
        var command = new Command(
            "encode", "Encode data to latent vectors [N, Z]. Write them, and the labels of the data, as .npy, .npz, " +
                ".csv or .parquet, or as a folder for the projector of TensorBoard.");
        RunOptions.AddTo(
            command, [Sample, .. RunOptions.OfData, RunOptions.Limit, RunOptions.Out, ProjectorFolder.Option]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        TrainedRun run = TrainedRun.Open(parsed);
        var projector = ProjectorFolder.For(parsed, run);
        string? path = parsed.GetValue(RunOptions.Out)
            ?? (projector is null ? Path.Combine(run.Folder.Path, "latents.npy") : null);
        if (path is not null) RequireFormat(path);
        Dataset data = run.Data(parsed);
        bool sample = parsed.GetValue(Sample);
        Tensor z = Latents.Encode(run.Model, data, sample ? run.Rng.Split("encode") : null);
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
        if (path is not null) Write(path, z, data, parsed, run, result);
        projector?.Write(z, data, result);
        return result.Print();
    }

    private static void RequireFormat(string path)
    {
        OutputFile.RequirePlace(RunOptions.Out.Name, path);
        if (!TableWriter.Writes(path) && !IsArchive(path) && !path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidConfigException(
                $"--out '{path}' must end in .npy (latent vectors), or in .npz, .csv or .parquet (latent vectors " +
                "with their labels).");
        }
    }

    private static bool IsArchive(string path) => path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes the codes, and their labels and names in the same file or beside it.</summary>
    private static void Write(
        string path, Tensor z, Dataset data, ParseResult parsed, TrainedRun run, Result result)
    {
        NumericArray codes = NumericArray.FromFloat32(z.Shape, z.AsSpan<float>());
        NumericArray? classes = data.Labels is { } labels ? NumericArray.FromInt32([data.Count], labels.Span) : null;
        if (TableWriter.Writes(path)) WriteText(path, z, data, SourcePlaces.Of(parsed, run, data), run.Folder.Table);
        else if (!IsArchive(path)) NpyFile.Write(path, codes);
        else if (classes is null) NpzFile.Write(path, ("x", codes));
        else NpzFile.Write(path, ("x", codes), ("labels", classes));
        result.Add("out", Path.GetFullPath(path), "written", Terminal.Relative(path));
        if (classes is not null && !IsArchive(path) && !TableWriter.Writes(path))
        {
            string beside = path[..^4] + "-labels.npy";
            NpyFile.Write(beside, classes);
            result.Add("labels", Path.GetFullPath(beside), "labels", Terminal.Relative(beside));
        }
        else if (classes is not null)
        {
            result.Add("labels", Path.GetFullPath(path), "labels",
                $"in the same file, as the {(TableWriter.Writes(path) ? "column 'label'" : "array 'labels'")}");
        }

        if (data.Names is not { } names) return;
        if (TableWriter.Writes(path))
        {
            result.Add("names", Path.GetFullPath(path), "names", "in the same file, as the column 'name'");
            return;
        }

        string list = path[..^4] + "-names.txt";
        AtomicFile.WriteAllText(list, string.Concat(names.ToArray().Select(name => name + "\n")));
        result.Add("names", Path.GetFullPath(list), "names", Terminal.Relative(list));
    }

    /// <summary>Writes a row for each data point: where it stands in the source, its code, and its label.</summary>
    private static void WriteText(string path, Tensor z, Dataset data, SourcePlaces places, TableSchema? schema)
    {
        int size = z.Shape[1];
        string[] components = [.. Enumerable.Range(0, size).Select(CodesFile.Component)];
        string[] label = data.Labels is null ? [] : [CodesFile.Label];
        string[] lead = ColumnNames.Distinct(places.Columns.Select(c => c.Name), [.. components, .. label]);
        using var file = TableWriter.Create(path, [.. lead.Zip(places.Columns, (name, c) => c with { Name = name }),
            .. components.Select(name => new WrittenColumn(name, CellType.Number)),
            .. label.Select(name => new WrittenColumn(name))]);
        for (int i = 0; i < data.Count; i++)
        {
            List<string> cells = [.. places.Cells(i)];
            for (int j = 0; j < size; j++)
                cells.Add(((float)z.At(i * size + j)).ToString("R", CultureInfo.InvariantCulture));
            if (data.Labels is not null) cells.Add(LabelText.Of(data, schema, i));
            file.Row(cells);
        }

        file.Complete();
    }
}

using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Commands;
using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Rendering;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tabular;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>The file for decoded data: a picture (.png), the numbers (.npy) or the rows of a table (.csv,
/// .parquet). The path is checked before any work is done. A file that a model generated is marked
/// (<see cref="Provenance"/>).</summary>
internal sealed class OutputFile
{
    private const long LargestPicture = 100_000_000, LargestNumbers = 500_000_000; // elements

    // A picture of standardised data shows this many standard deviations below and above 0, from black to white.
    private const double Shown = 3;

    private readonly bool _isPicture;
    private readonly TrainedRun _run;
    private readonly Standardization? _standardization;
    private readonly Provenance? _provenance;

    private OutputFile(string path, bool isPicture, TrainedRun run, Provenance? provenance)
    {
        Path = path;
        _isPicture = isPicture;
        _run = run;
        _standardization = run.Standardization;
        _provenance = provenance;
        if (!HasMarkBeside) return;
        RequireName(RunOptions.Out.Name, ProvenanceFile.PathOf(path));
        if (!ProvenanceFile.CanWriteBeside(path))
        {
            throw new InvalidConfigException($"The mark of '{path}', which says that a model made it, belongs in " +
                $"'{ProvenanceFile.PathOf(path)}', and another file has that name; move it, or give another --out.");
        }
    }

    public string Path { get; }

    private bool HasMarkBeside => _provenance is not null && !_isPicture;

    /// <summary>The file that was given with --out, or a file in the run's samples folder. For a run of a table it is
    /// a file of rows.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="run">The run.</param>
    /// <param name="name">The default name of the file, without extension.</param>
    /// <param name="numbersByDefault">Whether data that are not images are written as numbers by default. Otherwise
    /// they are an error.</param>
    /// <param name="isGenerated">Whether the model makes the data. If false, they are data of the run.</param>
    public static OutputFile For(ParseResult parsed, TrainedRun run, string name, bool numbersByDefault = false,
        bool isGenerated = true)
    {
        string? path = parsed.GetValue(RunOptions.Out);
        if (run.Folder.Table is not null)
            return ForRows(parsed, run, path ?? run.Folder.SamplePath(name + ".csv"), isGenerated);
        if (path is not null) RequirePlace(RunOptions.Out.Name, path);
        bool canShow = ImageGrid.CanShow(run.EventShape);
        if (path is null)
        {
            // The columns of an array may have a number that fits a square, but they are not an image.
            bool picture = (canShow && run.Config.Data.Standardize != StandardizeBy.Columns) || !numbersByDefault;
            path = run.Folder.SamplePath(name + (picture ? ".png" : ".npy"));
        }

        bool isPicture = System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => true,
            ".npy" => false,
            _ => throw new InvalidConfigException(
                $"--out '{path}' must end in .png (a picture) or in .npy (the numbers)."),
        };
        if (isPicture && !canShow)
        {
            throw new InvalidConfigException($"Data of shape {run.EventShape} are not images, so no picture can be " +
                "drawn. Use --out FILE.npy to write the numbers instead.");
        }

        return new OutputFile(path, isPicture, run, isGenerated ? run.Provenance(parsed) : null);
    }

    /// <summary>The file for rows of a table.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="run">The run.</param>
    /// <param name="path">The path, from --out or by default.</param>
    /// <param name="isGenerated">Whether the model makes the rows.</param>
    public static OutputFile ForRows(ParseResult parsed, TrainedRun run, string path, bool isGenerated = true)
    {
        RequirePlace(RunOptions.Out.Name, path);
        return TableWriter.Writes(path)
            ? new OutputFile(path, isPicture: false, run, isGenerated ? run.Provenance(parsed) : null)
            : throw new InvalidConfigException($"--out '{path}' must end in .csv or in .parquet (rows of a table).");
    }

    /// <summary>Refuses a path at which a file cannot be written, before any work is done.</summary>
    /// <param name="option">The option that gave the path.</param>
    /// <param name="path">The path.</param>
    /// <exception cref="InvalidConfigException">The path is a folder, is too long, or is in a folder that does not
    /// exist.</exception>
    public static void RequirePlace(string option, string path)
    {
        if (Directory.Exists(path))
            throw new InvalidConfigException($"{option} '{path}' is a folder; give the path of a file in it.");
        RequireName(option, path);
        string? folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(folder))
        {
            throw new InvalidConfigException(
                $"{option} '{path}' lies in '{folder}', which is not a folder. Check that the folder exists.");
        }
    }

    /// <summary>Refuses a path at which a folder cannot be created.</summary>
    /// <exception cref="InvalidConfigException">The path is too long, or a part of it is a file.</exception>
    public static void RequireFolder(string option, string path)
    {
        RequireName(option, path);
        for (string? part = System.IO.Path.GetFullPath(
            path); part is not null; part = System.IO.Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
                throw new InvalidConfigException($"{option} '{path}' cannot be a folder, because '{part}' is a file.");
        }
    }

    /// <summary>Refuses a path that is longer than file systems allow.</summary>
    private static void RequireName(string option, string path)
    {
        const int longestName = 255, longestPath = 4095; // bytes
        if (System.Text.Encoding.UTF8.GetByteCount(path) > longestPath
            || path.Split('/').Any(name => System.Text.Encoding.UTF8.GetByteCount(name) > longestName))
        {
            throw new InvalidConfigException($"{option} '{path[..40]}...' is too long: a name can have at most " +
                $"{longestName} bytes, and a path at most {longestPath}.");
        }
    }

    /// <summary>Refuses more data than one file of this kind can hold, before the data are made.</summary>
    /// <param name="count">Number of data points.</param>
    /// <param name="eventShape">Shape of one data point.</param>
    /// <param name="option">The option that gave the number.</param>
    public void RequireRoom(int count, Shape eventShape, string option)
    {
        // A picture shows each pixel four times; an array has a limited number of bytes.
        long most = (_isPicture ? LargestPicture : LargestNumbers) / eventShape.Size;
        if (count > most)
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"{option} {count} " +
                $"is more than one {(_isPicture ? "picture" : "file")} can hold, which is {most} of shape " +
                $"{eventShape}{(_isPicture ? "; a file of --out FILE.npy holds more" : "")}."));
        }
    }

    /// <summary>The values that a picture shows, in [0, 1]: the model's values themselves, or standardised values from
    /// -3 to 3 standard deviations scaled to [0, 1].</summary>
    public static Tensor AsPicture(Tensor values, Standardization? standardization) => standardization is null ? values
        : values * (0.5 / Shown) + 0.5;

    /// <summary>Writes data points: a picture, their numbers in the units of the original data, or rows of a
    /// table.</summary>
    /// <param name="shown">The data points.</param>
    /// <param name="columns">The number of data points in a row of a picture; 0 chooses it.</param>
    /// <param name="lead">What each data point is, for rows of a table.</param>
    public void Write(ShownData shown, int columns = 0, params IReadOnlyList<LeadColumn> lead)
    {
        if (shown.Rows is { } rows) WriteRows(rows, lead);
        else if (_isPicture)
            ImageGrid.Of(AsPicture(shown.Values!, _standardization), columns).Save(Path, _provenance);
        else WriteNumbers(shown.Values!);
    }

    /// <summary>Writes data and their reconstructions. Numbers are written as [N, 2] + event, in the units of the
    /// original data, and rows of a table one below the other.</summary>
    public void WritePairs(ShownData data, ShownData reconstructions, params IReadOnlyList<LeadColumn> lead)
    {
        if (data.Rows is { } rows)
        {
            WriteRows([.. rows.Zip(reconstructions.Rows!).SelectMany(
                pair => (IReadOnlyList<IReadOnlyList<string>>[])[pair.First, pair.Second])],
                [.. lead.Select(column => column with { Text = i => column.Text(i / 2) }),
                    new LeadColumn("kind", i => i % 2 == 0 ? "data" : "reconstruction")]);
            return;
        }

        if (_isPicture)
        {
            ImageGrid.Pairs(AsPicture(data.Values!, _standardization),
                AsPicture(reconstructions.Values!, _standardization)).Save(Path, _provenance);
            return;
        }

        Shape single = [data.Shape[0], 1, .. data.Shape[1..]];
        WriteNumbers(Tensor.Concat(1, data.Values!.Reshape(single), reconstructions.Values!.Reshape(single)));
    }

    /// <summary>Writes rows of a table.</summary>
    /// <param name="lead">The columns before those of the table.</param>
    /// <param name="columns">The names of the columns of the table. Those of the model have its types, and the others
    /// are texts.</param>
    /// <param name="decimalMark">The decimal mark of the cells.</param>
    /// <param name="write">Writes the rows.</param>
    public void WriteRows(IReadOnlyList<WrittenColumn> lead, IReadOnlyList<string> columns, char decimalMark,
        Action<TableWriter> write)
    {
        string[] leading = ColumnNames.Distinct(lead.Select(column => column.Name), columns);
        using (var file = TableWriter.Create(Path, [.. leading.Zip(lead, (name, column) => column with { Name = name }),
            .. columns.Select(Typed)], decimalMark))
        {
            write(file);
            file.Complete();
        }

        WriteMark();

        WrittenColumn Typed(string name) =>
            _run.Folder.Table!.Columns.FirstOrDefault(c => c.Name == name && c.IsUsed) is { } column
                ? WrittenColumn.Of(column) : new WrittenColumn(name);
    }

    /// <summary>Adds to a result where the file and its mark are.</summary>
    public void AddTo(Result result)
    {
        result.Add("out", System.IO.Path.GetFullPath(Path), "written", Terminal.Relative(Path));
        if (!HasMarkBeside) return;
        string mark = ProvenanceFile.PathOf(Path);
        result.Add("mark", System.IO.Path.GetFullPath(mark), "marked", Terminal.Relative(mark));
    }

    /// <summary>Writes the rows of data points after what each data point is. The rows of a window also have its
    /// number.</summary>
    private void WriteRows(IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> points, IReadOnlyList<LeadColumn> lead)
    {
        TableSchema schema = _run.Folder.Table!;
        if (schema.Window is not null)
            lead = [LeadColumn.Wholes("window", i => i + 1), .. lead];
        char mark = schema.Format.Decimal;
        WriteRows([.. lead.Select(column => new WrittenColumn(column.Name, column.Type))],
            new RowDecoder(_run.Model, schema).Columns, mark, file =>
        {
            for (int i = 0; i < points.Count; i++)
            {
                string[] before = [.. lead.Select(column => column.Type == CellType.Number
                    ? column.Text(i).Replace('.', mark) : column.Text(i))];
                foreach (IReadOnlyList<string> row in points[i]) file.Row([.. before, .. row]);
            }
        });
    }

    private void WriteNumbers(Tensor values)
    {
        Tensor numbers = _standardization?.Undo(values) ?? values;
        NpyFile.Write(Path, NumericArray.FromFloat32(numbers.Shape, numbers.AsSpan<float>()));
        WriteMark();
    }

    private void WriteMark()
    {
        if (HasMarkBeside) ProvenanceFile.WriteBeside(Path, _provenance!);
    }
}

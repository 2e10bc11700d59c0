using System.Globalization;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Tabular;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>Data points to write: arrays in the units of the model or, for the run of a table, rows in the form of the
/// source. <see cref="OutputFile"/> writes them.</summary>
internal sealed class ShownData
{
    private ShownData(Tensor? values, IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>>? rows, Shape shape) =>
        (Values, Rows, Shape) = (values, rows, shape);

    /// <summary>The data points, [N] + event; null for rows.</summary>
    public Tensor? Values { get; }

    /// <summary>The rows of each data point as the texts of their cells; null for arrays.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>>? Rows { get; }

    /// <summary>The number of data points, then the shape of a data point.</summary>
    public Shape Shape { get; }

    /// <summary>Decoder means, or draws from p(x|z) if a random stream is given.</summary>
    /// <param name="run">The run.</param>
    /// <param name="z">Latent vectors [N, Z].</param>
    /// <param name="condition">The condition of each vector.</param>
    /// <param name="draws">The random stream of the draws; null for means.</param>
    public static ShownData Decoded(TrainedRun run, Tensor z, Condition condition, Rng? draws = null) =>
        run.Folder.Table is { } schema
            ? new(null, [.. new RowDecoder(run.Model, schema).Decode(
                    z, condition.Labels, draws, condition.Cells)],
                [z.Shape[0], .. run.EventShape])
            : Of(Latents.Decode(run.Model, z, condition.Labels, draws));

    /// <summary>Data as they are in the source.</summary>
    public static ShownData Of(TrainedRun run, Dataset data)
    {
        if (run.Folder.Table is not { } schema) return Of(Latents.Data(data));
        var rows = new RowDecoder(run.Model, schema);
        return new(null, [.. Enumerable.Range(0, data.Count).Select(i => rows.Source(data, i))],
            [data.Count, .. data.EventShape]);
    }

    /// <summary>The data points of several parts, one part after the other.</summary>
    public static ShownData Concat(params IReadOnlyList<ShownData> parts)
    {
        Shape shape = [parts.Sum(p => p.Shape[0]), .. parts[0].Shape[1..]];
        return parts[0].Rows is null ? Of(Tensor.Concat(0, [.. parts.Select(p => p.Values!)]))
            : new(null, [.. parts.SelectMany(p => p.Rows!)], shape);
    }

    /// <summary>Arrays [N] + event in the units of the model.</summary>
    public static ShownData Of(Tensor values) => new(values, null, values.Shape);
}

/// <summary>A column that stands before those of the table, and says what each data point is.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Text">The cell of a data point, by its position.</param>
/// <param name="Type">The type of the cells.</param>
internal readonly record struct LeadColumn(string Name, Func<int, string> Text, CellType Type = CellType.Text)
{
    /// <summary>A column of numbers, with as many digits as a Float32 has.</summary>
    public static LeadColumn Numbers(string name, Func<int, double> value) =>
        new(name, i => value(i).ToString("G9", CultureInfo.InvariantCulture), CellType.Number);

    /// <summary>A column of whole numbers.</summary>
    public static LeadColumn Wholes(string name, Func<int, int> value) =>
        new(name, i => value(i).ToString(CultureInfo.InvariantCulture), CellType.Whole);
}

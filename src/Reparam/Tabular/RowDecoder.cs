using Reparam.Data;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>
/// Decodes codes to rows in the form of a run's table: its names, categories, units and decimals. A mean is the
/// expectation of a number, and the most probable one of the categories that the source has. Numbers lie in the range
/// of the source.
/// </summary>
public sealed class RowDecoder
{
    private const int CodesAtOnce = 250;

    private readonly LatentVariableModel _model;
    private readonly TableSchema _schema;
    private readonly RowTexts _texts;

    /// <summary>A decoder to rows like those of the run's table.</summary>
    /// <param name="model">The run's model.</param>
    /// <param name="schema">The run's schema.</param>
    public RowDecoder(LatentVariableModel model, TableSchema schema)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(schema);
        (_model, _schema, _texts) = (model, schema, new RowTexts(schema));
    }

    /// <summary>The names of the columns of a row: those of the source in their order, without identifiers and columns
    /// that are left out.</summary>
    public IReadOnlyList<string> Columns => _texts.Columns;

    /// <summary>The rows of each code, as the texts of their cells: one row or, for windows, the rows of a
    /// window.</summary>
    /// <param name="codes">Codes [N, Z].</param>
    /// <param name="context">One-hot labels [N, C] of a model that is conditioned on labels; null for another
    /// model.</param>
    /// <param name="draws">The source of draws from p(x|z); null for means.</param>
    /// <param name="given">The conditions of each code, as in <see cref="TableSchema.Given"/>, of a model that is
    /// conditioned on columns; null for another model.</param>
    /// <exception cref="ArgumentException">The model was not trained on a table, or the number of conditions is not
    /// that of the codes.</exception>
    public IEnumerable<IReadOnlyList<IReadOnlyList<string>>> Decode(Tensor codes, Tensor? context = null,
        Rng? draws = null, IReadOnlyList<IReadOnlyList<double>>? given = null)
    {
        ArgumentNullException.ThrowIfNull(codes);
        if ((given?.Count ?? 0) != (_schema.Conditions.Count > 0 ? codes.Shape[0] : 0))
        {
            throw new ArgumentException($"There are {given?.Count ?? 0} conditions for {codes.Shape[0]} codes; give " +
                "one for each code of a model that is conditioned on columns, and none otherwise.", nameof(given));
        }

        return Rows();

        IEnumerable<IReadOnlyList<IReadOnlyList<string>>> Rows()
        {
            int count = codes.Shape[0];
            for (int start = 0; start < count; start += CodesAtOnce)
            {
                foreach ((int i, double[] values) in Batch(start, Math.Min(CodesAtOnce, count - start)).Index())
                    yield return [.. _texts.Of(values, given?[start + i] ?? [])];
            }
        }

        List<double[]> Batch(int start, int size)
        {
            using var scope = new TensorScope();
            Tensor? condition = given is null ? context?.Slice(0, start, size)
                : _schema.ContextOf([.. given.Skip(start).Take(size)], _model.DType);
            Distribution x = _model.Likelihood(codes.Slice(0, start, size), condition);
            if (x is not TableDistribution cells) throw new ArgumentException("The model was not trained on a table.");
            return draws is { } rng ? Drawn(cells, size, rng.At(0, start)) : Means(cells, size);
        }
    }

    /// <summary>The rows of a data point as they are in the source.</summary>
    /// <param name="data">Rows of the run's table.</param>
    /// <param name="index">The data point.</param>
    /// <exception cref="ArgumentException">The data are not rows of a table.</exception>
    public IReadOnlyList<IReadOnlyList<string>> Source(Dataset data, int index)
    {
        ArgumentNullException.ThrowIfNull(data);
        TableRows rows = (data.Rows ?? throw new ArgumentException("The data are not rows of a table.", nameof(data)))
            with { Encoder = null };
        return [.. _texts.Of([.. Enumerable.Range(0, rows.Width).Select(cell => rows[index, cell])],
            rows.Conditions(index))];
    }

    private List<double[]> Means(TableDistribution cells, int size)
    {
        var means = new CellMeans(_schema, cells);
        return [.. Enumerable.Range(0, size).Select(i => Decoded(means.Of(i, 1)))];
    }

    private List<double[]> Drawn(TableDistribution cells, int size, Rng rng)
    {
        Tensor drawn = cells.Sample(rng.Split("x"));
        Rng rare = rng.Split("rare");
        CellMeans? means = null;
        int width = _schema.Cells.Count;
        List<double[]> rows = [];
        for (int i = 0; i < size; i++)
        {
            double[]? likely = null;
            double[] row = new double[width];
            for (int c = 0; c < width; c++)
            {
                TableColumn column = _schema.Cells[c];
                double cell = drawn.At(i * width + c);
                bool isOther = column.Kind == ColumnKind.Category && cell >= column.Categories - 1;
                // "Other" is one of the rare categories. Where there are none, the most probable one stands for it.
                row[c] = !isOther ? column.Decode(column.Bounded(cell))
                    : column.Rare.Count > 0 ? column.Rare[rare.NextInt32(column.Rare.Count)]
                    : column.Decode((likely ??= (means ??= new CellMeans(_schema, cells)).Of(i, 1))[c]);
            }

            rows.Add(row);
        }

        return rows;
    }

    private double[] Decoded(double[] row) =>
        [.. row.Select((value, c) => _schema.Cells[c].Decode(value))];
}

using System.Globalization;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>
/// Draws synthetic rows from the model of a run: z from the prior, then each cell from p(x|z), in the names,
/// categories, units and decimals of the source. Columns that are identifiers are never drawn. A model p(x|z, y) that
/// is conditioned on columns takes y from the training rows (<see cref="TableSchema.Given"/>).
/// </summary>
/// <remarks>
/// A drawn number is replaced by the number of the same rank among the training rows, where its rank is that among
/// other drawn numbers. So each column of numbers alone is distributed as in the training rows, whatever the shape of
/// its likelihood, and the model decides how columns depend on each other.
/// </remarks>
public sealed class RowSampler
{
    private const int RowsAtOnce = 1000;

    // The rows that are drawn to find the rank of a drawn number.
    private const int RowsForRanks = 5000;

    // With fewer accepted rows than one in this many, conditions are refused.
    private const int LeastAccepted = 10_000;

    private readonly LatentVariableModel _model;
    private readonly TableSchema _schema;
    private readonly RowTexts _texts;
    private readonly bool[] _isStepped;
    private readonly Lazy<double[]?[]> _drawn;

    /// <summary>A sampler of rows like those of the run's table.</summary>
    /// <param name="model">The run's model.</param>
    /// <param name="schema">The run's schema.</param>
    /// <exception cref="InvalidConfigException">The model is conditioned on labels, which are no columns.</exception>
    public RowSampler(LatentVariableModel model, TableSchema schema)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(schema);
        if (model.Context > 0 && schema.Conditions.Count == 0)
        {
            throw new InvalidConfigException("The model is conditioned on labels, which are no columns of its rows; " +
                "train without --label, and with --condition COLUMN for a model given that column.");
        }

        (_model, _schema) = (model, schema);
        _texts = new RowTexts(schema);
        _isStepped = [.. schema.Cells.Select(
            c => c.Quantiles.Distinct().Count() < 0.5 * c.Quantiles.Count)];
        _drawn = new Lazy<double[]?[]>(Drawn);
    }

    /// <summary>The names of the columns of a row: those of the source in their order, without identifiers and columns
    /// that are left out. If a data point is a window of rows, the first column is the number of the window.</summary>
    public IReadOnlyList<string> Columns =>
        [.. _schema.Window is null ? (string[])[] : [WindowedRows.Column], .. _texts.Columns];

    /// <summary>Draws rows, each as the texts of its cells.</summary>
    /// <param name="count">The number of rows or of windows; the rows of a window follow each other.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="given">Conditions that all rows meet; rows that do not meet them are drawn again. Where the model
    /// is conditioned on the columns, y comes from training data that meet all conditions or, if there are none, from
    /// other training data whose cells in these columns are replaced. A condition holds for all rows of a
    /// window.</param>
    /// <exception cref="InvalidConfigException">Fewer than one row in 10,000 meets the conditions.</exception>
    public IEnumerable<IReadOnlyList<string>> Draw(int count, Rng rng, IReadOnlyList<RowCondition>? given = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentNullException.ThrowIfNull(rng);
        if (_schema.Window is not null && given?.FirstOrDefault(c => c.Place(_schema) is null) is { } modelled)
        {
            throw new InvalidConfigException("The run was trained on windows of rows, so a condition is for a column " +
                $"that the model is conditioned on, and '{modelled.Column(_schema)}' is a column that it models.");
        }

        return Rows();

        IEnumerable<IReadOnlyList<string>> Rows()
        {
            int accepted = 0;
            for (int batch = 0; accepted < count; batch++)
            {
                foreach ((double[] values, IReadOnlyList<double> y) in Batch(rng.At(batch), given ?? []))
                {
                    accepted++;
                    foreach (string[] row in _texts.Of(values, y))
                    {
                        yield return _schema.Window is null ? row
                            : [accepted.ToString(CultureInfo.InvariantCulture), .. row];
                    }

                    if (accepted == count) yield break;
                }

                long drawn = (batch + 1L) * RowsAtOnce;
                if (drawn >= 10 * LeastAccepted && accepted < drawn / LeastAccepted)
                {
                    throw new InvalidConfigException(FormattableString.Invariant(
                        $"Only {accepted} of {drawn:N0} drawn rows meet the conditions; ask for conditions that are ") +
                        "less rare.");
                }
            }
        }
    }

    private List<(double[] Values, IReadOnlyList<double> Given)> Batch(Rng rng, IReadOnlyList<RowCondition> given)
    {
        using var scope = new TensorScope();
        (Tensor cells, IReadOnlyList<double>[] y) = Cells(RowsAtOnce, rng, given);
        int width = _schema.Cells.Count;
        // A condition of the model holds by construction.
        RowCondition[] drawn = [.. given.Where(condition => condition.Place(_schema) is null)];
        List<(double[], IReadOnlyList<double>)> rows = [];
        Rng rare = rng.Split("rare"), ties = rng.Split("ties");
        for (int i = 0; i < RowsAtOnce; i++)
        {
            double[] values = new double[width];
            bool isValid = true;
            for (int c = 0; c < width; c++) isValid &= Decoded(c, cells.At(i * width + c), rare, ties, out values[c]);
            if (isValid && drawn.All(condition => condition.Holds(_schema, values))) rows.Add((values, y[i]));
        }

        return rows;
    }

    /// <summary>Drawn cells [N, cells], and the conditions of each data point.</summary>
    private (Tensor Cells, IReadOnlyList<double>[] Given) Cells(int count, Rng rng, IReadOnlyList<RowCondition> given)
    {
        Tensor z = _model.SamplePrior(count, rng.Split("z"));
        IReadOnlyList<double>[] y = Conditions(count, rng.Split("y"), given);
        Tensor? context = _schema.Conditions.Count == 0 ? null : _schema.ContextOf(y, _model.DType);
        return (_model.Likelihood(z, context).Sample(rng.Split("x")), y);
    }

    /// <summary>The conditions of new data points: those of training data that meet all given conditions. Without such
    /// data, each column with a given condition is drawn by itself: from the training data that meet it or, where there
    /// are none either, uniformly from its range.</summary>
    private IReadOnlyList<double>[] Conditions(int count, Rng rng, IReadOnlyList<RowCondition> given)
    {
        int width = _schema.Conditions.Count;
        if (width == 0) return [.. Enumerable.Repeat<IReadOnlyList<double>>([], count)];
        (int Place, RowCondition Condition)[] wanted = [.. given.Where(c => c.Place(_schema) is not null).Select(
            condition => (condition.Place(_schema)!.Value, condition))];
        IReadOnlyList<double>[] known = [.. _schema.Given.Where(
            row => wanted.All(w => CellsOf(row, w.Place).All(cell => w.Condition.Contains(_schema, cell))))];
        if (known.Length > 0) return [.. Enumerable.Range(0, count).Select(_ => known[rng.NextInt32(known.Length)])];
        double[][] alone = [.. wanted.Select(w => _schema.Given.SelectMany(row => CellsOf(row, w.Place)).Where(
            cell => w.Condition.Contains(_schema, cell)).ToArray())];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double[] row = [.. _schema.Given[rng.NextInt32(_schema.Given.Count)]];
            for (int w = 0; w < wanted.Length; w++)
            {
                double cell = alone[w].Length > 0 ? alone[w][rng.NextInt32(alone[w].Length)]
                    : wanted[w].Condition.Drawn(_schema, rng);
                for (int c = wanted[w].Place; c < row.Length; c += width) row[c] = cell;
            }

            return row;
        })];

        IEnumerable<double> CellsOf(IReadOnlyList<double> row, int place) =>
            Enumerable.Range(0, row.Count / width).Select(t => row[t * width + place]);
    }

    /// <summary>The number of the source for a drawn cell, within the range of the source. A rare category is one of
    /// the rare levels. A category that the source does not have is no valid cell.</summary>
    private bool Decoded(int column, double cell, Rng rare, Rng ties, out double value)
    {
        TableColumn schema = _schema.Cells[column];
        if (schema.Kind == ColumnKind.Category && cell >= schema.Categories - 1)
        {
            value = schema.Rare.Count == 0 ? double.NaN : schema.Rare[rare.NextInt32(schema.Rare.Count)];
            return schema.Rare.Count > 0;
        }

        value = _drawn.Value[column] is { } drawn
            ? AtRank(schema.Quantiles, Rank(drawn, cell, ties), _isStepped[column])
            : schema.Decode(schema.Bounded(cell));
        return true;
    }

    /// <summary>Drawn numbers of each column, sorted, with which the rank of a drawn number is found; null for a column
    /// without quantiles.</summary>
    private double[]?[] Drawn()
    {
        using var scope = new TensorScope();
        (Tensor cells, _) = Cells(RowsForRanks, new Rng(0).Split("ranks"), []);
        int width = _schema.Cells.Count;
        return [.. Enumerable.Range(0, width).Select(c => _schema.Cells[c].Quantiles.Count == 0 ? null
            : (double[])[.. Enumerable.Range(0, RowsForRanks).Select(i => cells.At(i * width + c)).Order()])];
    }

    /// <summary>The share of sorted numbers that are below a number; among equal ones, a random share.</summary>
    private static double Rank(double[] sorted, double value, Rng ties)
    {
        int below = Below(sorted, value), notAbove = Below(sorted, double.BitIncrement(value));
        return (below + ties.NextDouble() * Math.Max(1, notAbove - below)) / (sorted.Length + 1);
    }

    /// <summary>The number of sorted numbers that are below a number.</summary>
    private static int Below(double[] sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] < value) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>The quantile at a rank in [0, 1): between two quantiles where most of them differ, else one of them, so
    /// that a column of few different numbers has only those.</summary>
    private static double AtRank(IReadOnlyList<double> quantiles, double rank, bool isStepped)
    {
        if (isStepped) return quantiles[(int)(rank * quantiles.Count)];
        double place = rank * (quantiles.Count - 1);
        int at = Math.Min((int)place, quantiles.Count - 2);
        return at < 0 ? quantiles[0] : quantiles[at] + (place - at) * (quantiles[at + 1] - quantiles[at]);
    }
}

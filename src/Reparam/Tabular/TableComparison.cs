using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>
/// How close a synthetic table is to the real one, and how private: the columns, the dependence of their pairs, a
/// classifier that tells the tables apart, a model that is trained on synthetic rows, and the distances of synthetic
/// rows from real ones. The same tables and source of random numbers give the same numbers on every machine.
/// </summary>
public sealed class TableComparison
{
    // A pair of tables with more rows or columns would take minutes.
    private const int MostRows = 200_000, MostPairedColumns = 100;

    private TableComparison(ComparedTables tables, ComparedColumn[] cells, IReadOnlyList<ColumnDistance> columns,
        IReadOnlyList<PairDistance> pairs, TwoSampleTest classifier, RowPrivacy privacy, TargetTransfer? target) =>
        (Tables, Cells, Columns, Pairs, Classifier, Privacy, Target) =
            (tables, cells, columns, pairs, classifier, privacy, target);

    /// <summary>The tables.</summary>
    public ComparedTables Tables { get; }

    /// <summary>The number of real rows that are compared: all of them, or 200,000 of more.</summary>
    public int RealRows => Cells[0].Real.Length;

    /// <summary>The number of synthetic rows that are compared: all of them, or 200,000 of more.</summary>
    public int SyntheticRows => Cells[0].Synthetic.Length;

    /// <summary>The number of held-out rows that are compared: all of them, or 200,000 of more; 0 without such
    /// rows.</summary>
    public int HeldOutRows => Cells[0].HeldOut.Length;

    /// <summary>Each column, in the order of the real table.</summary>
    public IReadOnlyList<ColumnDistance> Columns { get; }

    /// <summary>Each pair of columns that are no constants, of at most the first 100 of these columns. The order is
    /// that of the columns.</summary>
    public IReadOnlyList<PairDistance> Pairs { get; }

    /// <summary>The pairs that differ most beyond chance, first the worst.</summary>
    public IEnumerable<PairDistance> WorstPairs => Pairs.OrderByDescending(p => p.Distance - p.Chance);

    /// <summary>How well a classifier tells the tables apart.</summary>
    public TwoSampleTest Classifier { get; }

    /// <summary>How near synthetic rows are to real ones.</summary>
    public RowPrivacy Privacy { get; }

    /// <summary>What a model learns from synthetic rows; null without a target.</summary>
    public TargetTransfer? Target { get; }

    /// <summary>A sentence on each clear fault of the synthetic table; empty if there is none.</summary>
    public IReadOnlyList<string> Faults => [.. ComparisonFaults.Of(this)];

    internal ComparedColumn[] Cells { get; }

    /// <summary>Compares two tables.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="rng">Source of the folds and of the rows that are chosen of large tables.</param>
    /// <param name="target">The column that a model predicts; null for none.</param>
    /// <param name="progress">Receives the name of each part of the work when it begins.</param>
    /// <param name="cancellation">Stops with an exception.</param>
    /// <exception cref="Configuration.InvalidConfigException">The target is not a column that is compared, has more
    /// than 50 levels or almost no values, or is the only column.</exception>
    public static TableComparison Of(ComparedTables tables, Rng rng, string? target = null,
        IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(rng);
        int? asked = target is null ? null : TargetTransfer.Find(tables.Schema, target);
        ComparedColumn[] cells = ComparedColumn.Of(tables, Rows(tables.Real, rng.Split("real rows")),
            Rows(tables.Synthetic, rng.Split("synthetic rows")), Rows(tables.HeldOut, rng.Split("held-out rows")));
        int[] deal = rng.Split("deal").Permutation(cells[0].Real.Length + cells[0].Synthetic.Length);
        progress?.Report("columns");
        ColumnDistance[] columns = [.. cells.Select(column =>
        {
            cancellation.ThrowIfCancellationRequested();
            return ColumnDistance.Of(column, deal);
        })];
        progress?.Report("pairs of columns");
        PairDistance[] pairs = PairDistance.All(
            [.. cells.Where(c => c.Varies).Take(MostPairedColumns)], deal, cancellation);
        progress?.Report("classifier");
        TwoSampleTest classifier = TwoSampleTest.Of(cells, rng.Split("classifier"), cancellation);
        TargetTransfer? transfer = null;
        if (asked is { } at)
        {
            progress?.Report("models of the target");
            transfer = TargetTransfer.Of(cells, at, rng.Split("target"), cancellation);
        }

        progress?.Report("nearest rows");
        return new TableComparison(tables, cells, columns, pairs, classifier,
            RowPrivacy.Of(cells, rng.Split("privacy"), cancellation), transfer);
    }

    private static int[] Rows(Dataset? data, Rng rng) => data is null ? []
        : data.Count <= MostRows ? [.. Enumerable.Range(0, data.Count)]
        : [.. rng.Permutation(data.Count)[..MostRows].Order()];
}

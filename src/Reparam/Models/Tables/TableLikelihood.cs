using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A likelihood for each column of a table: a datum is a row of cells, [C], and log p(x|z) is the sum of the columns'
/// log-likelihoods in nats. A cell that is NaN is missing, and its term is left out, so that the sum is log p of the
/// observed cells (Nazabal et al. 2020).
/// </summary>
/// <remarks>Columns with the same likelihood form a block, which is computed in one operation.</remarks>
public sealed class TableLikelihood : Likelihood
{
    private readonly Block[] _blocks;

    // The positions of the learned numbers of each block among all learned numbers.
    private readonly Dictionary<Block, int[]> _places;

    /// <summary>A likelihood of rows whose cells have the given likelihoods.</summary>
    /// <exception cref="ArgumentException">There is no column, or a likelihood tracks numbers of a whole
    /// batch.</exception>
    public TableLikelihood(IReadOnlyList<Likelihood> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0) throw new ArgumentException("A table needs at least one column.", nameof(columns));
        if (columns.FirstOrDefault(c => c.TrackedScalars.Count > 0 || c is TableLikelihood) is { } unfit)
        {
            throw new ArgumentException(
                $"A column cannot have the likelihood '{unfit.Name}', because its elements have no distribution of " +
                "their own. Use gaussian-columns.", nameof(columns));
        }

        Columns = [.. columns];
        List<Block> blocks = [];
        int first = 0;
        foreach (IGrouping<string, int> same in Enumerable.Range(0, columns.Count).GroupBy(c => columns[c].Name))
        {
            int[] members = [.. same];
            Likelihood likelihood = columns[members[0]];
            int outputs = Shape.SizeOf(likelihood.OutputsPerElement, members.Length);
            blocks.Add(new Block(likelihood, members, first, outputs));
            first = checked(first + outputs);
        }

        (_blocks, RowOutputs) = ([.. blocks], first);
        string[] names = [.. LearnedScalars.Select(s => s.Name), .. LearnedElements.Select(e => e.Name)];
        _places = blocks.ToDictionary(b => b, b => (int[])[
            .. b.Likelihood.LearnedScalars.Select(s => Array.IndexOf(names, b.NameOf(s.Name))),
            .. b.Likelihood.LearnedElements.Select(e => Array.LastIndexOf(names, e.Name))]);
    }

    /// <summary>The likelihood of each column.</summary>
    public IReadOnlyList<Likelihood> Columns { get; }

    /// <inheritdoc/>
    public override string Name => "table";

    /// <summary>Columns have different numbers of outputs, so this number does not exist; see
    /// <see cref="Outputs"/>.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override int OutputsPerElement => throw new NotSupportedException(
        "The rows of a table are vectors, and these networks take images; use model.network mlp.");

    /// <inheritdoc/>
    public override bool IsDiscrete => Columns.All(c => c.IsDiscrete);

    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool LearnsScale => Columns.Any(c => c.LearnsScale);

    /// <inheritdoc/>
    public override bool StartsAtData => Columns.Any(c => c.StartsAtData);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Initial)> LearnedElements =>
        [.. _blocks.SelectMany(b => b.Likelihood.LearnedElements).DistinctBy(e => e.Name)];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Initial)> LearnedScalars =>
        [.. _blocks.SelectMany(b => b.Likelihood.LearnedScalars.Select(s => (b.NameOf(s.Name), s.Initial)))];

    internal int RowOutputs { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A datum is not a row of as many cells as there are columns.</exception>
    public override int Outputs(Shape eventShape)
    {
        RequireRow(eventShape);
        return RowOutputs;
    }

    /// <inheritdoc/>
    public override TableDistribution Given(
        Tensor raw, Shape eventShape, IReadOnlyList<Parameter> scalars, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(scalars);
        RequireRow(eventShape);
        return new TableDistribution([.. _blocks.Select(b => (b.Columns, b.Likelihood.Elements(
            raw.Slice(^1, b.First, b.Outputs), [b.Columns.Length], Learned(b, [.. scalars.Select(s => s.Value)]))))]);
    }

    /// <summary>Single cells have different families, so a row has no distribution of its elements; see
    /// <see cref="TableDistribution.ElementLogProb"/>.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    protected internal override Distributions.Distribution Elements(
        Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned) => throw new NotSupportedException(
            "The cells of a row have different families. Use Given, and ElementLogProb of the distribution.");

    /// <inheritdoc/>
    protected internal override void Start(IReadOnlyList<double> mean, IReadOnlyList<double> deviation,
        Span<double> bias, IReadOnlyList<Parameter> scalars)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        ArgumentNullException.ThrowIfNull(scalars);
        foreach (Block block in _blocks)
        {
            if (!block.Likelihood.StartsAtData) continue;
            // The block writes to parameters of its own columns, which are then copied to their places.
            Parameter[] own = [.. Learned(block, [.. scalars.Select(s => s.Value)]).Select((value, i) =>
                new Parameter(FormattableString.Invariant($"learned{i}"), value))];
            block.Likelihood.Start([.. block.Columns.Select(c => mean[c])],
                [.. block.Columns.Select(c => deviation[c])], bias.Slice(block.First, block.Outputs), own);
            Parameter[] targets = [.. _places[block].Select(p => scalars[p])];
            for (int i = 0; i < own.Length; i++) Scatter(own[i].Value, targets[i], block.Columns);
        }
    }

    private static void Scatter(Tensor values, Parameter target, int[] columns)
    {
        if (target.Shape.Rank == 0)
        {
            target.Assign(values);
            return;
        }

        double[] all = [.. Enumerable.Range(0, target.Shape.Size).Select(i => target.Value.At(i))];
        for (int i = 0; i < columns.Length; i++) all[columns[i]] = values.At(i);
        target.Assign(Tensor.From(all, target.Shape).To(target.Value.DType));
    }

    /// <summary>The learned numbers of a block: its scalars, then its columns of the learned elements.</summary>
    private Tensor[] Learned(Block block, Tensor[] values) =>
        [.. _places[block].Select(p => values[p].Rank == 0 ? values[p] : values[p].IndexSelect(0, block.Columns))];

    private void RequireRow(Shape eventShape)
    {
        if (eventShape.Rank != 1 || eventShape[0] != Columns.Count)
        {
            throw new ArgumentException(
                $"The likelihood has {Columns.Count} columns, and a datum has shape {eventShape}; give rows of " +
                $"{Columns.Count} cells.", nameof(eventShape));
        }
    }

    /// <summary>Columns with one likelihood.</summary>
    /// <param name="Likelihood">The likelihood.</param>
    /// <param name="Columns">The positions of the columns in a row.</param>
    /// <param name="First">The first raw output of the block.</param>
    /// <param name="Outputs">The number of raw outputs of the block.</param>
    private sealed record Block(Likelihood Likelihood, int[] Columns, int First, int Outputs)
    {
        public string NameOf(string scalar) => FormattableString.Invariant($"{scalar}_{Columns[0]}");
    }
}

/// <summary>Settings of a <see cref="TableLikelihood"/>. A run sets them from the schema of its table.</summary>
public sealed record TableLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<TableLikelihoodSettings>(
        "table", "for the rows of a table: a likelihood for each column",
        Setting.Sections<TableLikelihoodSettings, LikelihoodSettings>(
            "columns", s => s.Columns, (s, v) => s with { Columns = v },
            "likelihood of each column; set from the data", new GaussianColumnsLikelihoodSettings())
            .WithFlag(null),
        Setting.Wholes<TableLikelihoodSettings>(
            "missing", s => s.Missing, (s, v) => s with { Missing = v },
            "positions of the columns that have missing cells; set from the data", 0, 9_999, 10_000)
            .WithFlag(null),
        Setting.Whole<TableLikelihoodSettings>("row", s => s.Row, (s, v) => s with { Row = v },
            "number of cells of a row, where a datum is a window of rows; set from the data").WithFlag(null));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The likelihood of each column.</summary>
    public IReadOnlyList<LikelihoodSettings> Columns { get; init; } = [];

    /// <summary>The positions of the columns that have missing cells in the training data. The encoder has one more
    /// input for each of them: 1 where the cell is missing.</summary>
    public IReadOnlyList<int> Missing { get; init; } = [];

    /// <summary>The number of cells of a row, where a datum is a window of rows; 0 if a datum is a row.</summary>
    public int Row { get; init; }

    /// <inheritdoc/>
    public override TableLikelihood Make() => Columns.Count > 0 ? new([.. Columns.Select(c => c.Make())])
        : throw new InvalidConfigException("model.likelihood 'table' has no columns; leave the likelihood out, so " +
            "that it is chosen by the data.");

    /// <inheritdoc/>
    public override TableInput Input(Shape eventShape, Rng rng) => new(Make(), Missing, rng, Row);

    /// <inheritdoc/>
    public bool Equals(TableLikelihoodSettings? other) => other is not null
        && Columns.SequenceEqual(other.Columns) && Missing.SequenceEqual(other.Missing) && Row == other.Row;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Columns.Count, Missing.Count);
}

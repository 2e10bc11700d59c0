using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// p(x|z) of rows of a table: independent cells, whose families differ by column. A cell that is NaN is missing:
/// <c>LogProb</c> is the sum over the observed cells, and 0 for a row without any.
/// </summary>
public sealed class TableDistribution : Distribution
{
    private readonly IReadOnlyList<(int[] Columns, Distribution Cells)> _blocks;
    private readonly int[] _order;

    /// <summary>Rows whose columns lie in blocks of one family each.</summary>
    /// <param name="blocks">For each block the positions of its n columns in a row, and the distribution of its cells,
    /// of batch shape [..., n].</param>
    internal TableDistribution(IReadOnlyList<(int[] Columns, Distribution Cells)> blocks)
        : base(blocks[0].Cells.BatchShape[..^1], [blocks.Sum(b => b.Columns.Length)], blocks[0].Cells.DType)
    {
        _blocks = blocks;
        int[] columns = [.. blocks.SelectMany(b => b.Columns)];
        _order = new int[columns.Length];
        for (int i = 0; i < columns.Length; i++) _order[columns[i]] = i;
    }

    /// <summary>The blocks: the positions of the n columns of each family, and the distribution of their cells, of
    /// batch shape [..., n].</summary>
    internal IReadOnlyList<(int[] Columns, Distribution Cells)> Blocks => _blocks;

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <inheritdoc/>
    protected internal override bool KnowsItsSupport => false;

    /// <summary>The expectation of each cell. For a category, which has no expectation, it is the most probable
    /// one.</summary>
    public override Tensor Mean => Rows(cells => cells is Categorical ? cells.Mode : cells.Mean);

    /// <summary>The variance of each cell; that of a category is the variance of its number.</summary>
    public override Tensor Variance => Rows(cells => cells.Variance);

    /// <inheritdoc/>
    public override Tensor Mode => Rows(cells => cells.Mode);

    /// <inheritdoc/>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int block = 0;
        return Rows(cells => cells.Sample(rng.Split(FormattableString.Invariant($"block{block++}")), sampleShape));
    }

    /// <summary>log p of each cell, of shape sample + batch + [C]; 0 for a missing cell. Its gradient is 0
    /// there.</summary>
    /// <param name="value">Rows, of shape sample + batch + [C], with NaN for missing cells.</param>
    public override Tensor ElementLogProb(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Rows((cells, columns) => Observed(cells, value.IndexSelect(^1, columns)));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Tensor? sum = null;
        foreach ((int[] columns, Distribution cells) in _blocks)
        {
            Tensor block = Observed(cells, value.IndexSelect(^1, columns)).SumFrom(^1);
            sum = sum is null ? block : sum + block;
        }

        return sum!;
    }

    /// <summary>log p of the observed cells, and 0 for the missing ones.</summary>
    private static Tensor Observed(Distribution cells, Tensor x)
    {
        Tensor isObserved = Tensor.GreaterOrEqual(x, x);
        // 0 lies in the support of every family of a column, so the term that is left out is finite.
        return Tensor.Where(isObserved, cells.LogProb(Tensor.Where(isObserved, x, 0)), 0);
    }

    private Tensor Rows(Func<Distribution, Tensor> value) => Rows((cells, _) => value(cells));

    private Tensor Rows(Func<Distribution, int[], Tensor> value) =>
        Tensor.Concat(^1, [.. _blocks.Select(b => value(b.Cells, b.Columns))]).IndexSelect(^1, _order);
}

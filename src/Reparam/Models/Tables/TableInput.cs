using Reparam.Configuration;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Makes the inputs of an encoder from rows of a table: standardised numbers, held within [-20, 20], counts as
/// log(1 + x), categories as one-hot vectors or, with more than 32 categories, as learned vectors. A missing cell,
/// which is NaN, gives zeros, and a 1 in an input of its own if the column had missing cells in training. Elements
/// after the row's cells, such as a context, pass through.
/// </summary>
public sealed class TableInput : EncoderInput
{
    private const int LargestOneHot = 32;

    // A standardised number enters the encoder at most this far from 0. The inputs have standard deviation 1, and a
    // normal is never farther out than 9: of a number beyond 20 the encoder need only know that it is far out. Through
    // the linear skip a cell of 10^6 would move the means and the log-variances of the latents by about 10^6, so that
    // one mistake in a held-out row makes the bound infinite, and one in a training row stops training. The likelihood
    // sees the true number, so that the score of the row stays as large as the number is far.
    private static readonly double s_farthest = Bounds.StandardizedInput.Maximum;

    private readonly TableLikelihood _likelihood;
    private readonly int[] _missing;
    private readonly int _row;
    private readonly (Likelihood Likelihood, int[] Columns, Linear? Embedding)[] _blocks;

    /// <summary>The inputs for rows of a table.</summary>
    /// <param name="likelihood">The likelihoods of the columns, which say what the cells are.</param>
    /// <param name="missing">The positions of the columns that have missing cells.</param>
    /// <param name="rng">Source of the learned vectors.</param>
    /// <param name="row">The number of cells of a row, where a datum is a window of rows; 0 if a datum is a
    /// row.</param>
    public TableInput(TableLikelihood likelihood, IReadOnlyList<int> missing, Rng rng, int row = 0)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(missing);
        ArgumentNullException.ThrowIfNull(rng);
        IReadOnlyList<Likelihood> columns = likelihood.Columns;
        (_likelihood, _missing, _row) = (likelihood, [.. missing], row > 0 ? row : columns.Count);
        if (columns.Count % _row != 0)
            throw new ArgumentException($"{columns.Count} columns are not windows of rows with {row} cells.");
        if (_missing.Any(c => c < 0 || c >= columns.Count))
            throw new ArgumentException($"A column of 'missing' is not among the {columns.Count} columns.");
        List<(Likelihood, int[], Linear?)> blocks = [];
        int width = _missing.Length;
        foreach (IGrouping<string, int> same in Enumerable.Range(0, columns.Count).GroupBy(c => columns[c].Name))
        {
            int[] members = [.. same];
            Likelihood each = columns[members[0]];
            if (each.InputsPerElement <= LargestOneHot)
            {
                blocks.Add((each, members, null));
                width += each.InputsPerElement * members.Length;
                continue;
            }

            foreach (int column in members)
            {
                int size = SizeOf(each.InputsPerElement);
                string name = FormattableString.Invariant($"embedding{column}");
                blocks.Add((each, [column], Child(name,
                    new Linear(each.InputsPerElement, size, Initializer.PyTorch, rng.Split(name), bias: false))));
                width += size;
            }
        }

        (_blocks, Width) = ([.. blocks], width);
    }

    /// <summary>The number of inputs that a row becomes.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    public override Shape Inputs => [Width];

    /// <summary>The inputs, [B, Width + rest], of rows [B, C + rest] with NaN for missing cells.</summary>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        int cells = _likelihood.Columns.Count, rest = x.Shape[^1] - cells;
        List<Tensor> parts = [];
        foreach ((Likelihood likelihood, int[] columns, Linear? embedding) in _blocks)
        {
            Tensor block = x.IndexSelect(^1, columns), isObserved = Tensor.GreaterOrEqual(block, block);
            // The number of a category is -1 for a missing cell: its one-hot vector is zero.
            Tensor given = Tensor.Where(isObserved, block, likelihood.InputsPerElement > 1 ? -1 : 0);
            bool isStandardised = likelihood.InputsPerElement == 1 && !likelihood.ScoresCounts;
            Tensor inputs = likelihood.Inputs(isStandardised ? given.Clamp(-s_farthest, s_farthest) : given);
            parts.Add(embedding is null ? inputs : embedding.Forward(inputs));
        }

        if (_missing.Length > 0)
        {
            Tensor flags = x.IndexSelect(^1, _missing);
            parts.Add(1 - Tensor.GreaterOrEqual(flags, flags));
        }

        if (rest > 0) parts.Add(x.Slice(^1, cells, rest));
        return Tensor.Concat(^1, parts);
    }

    /// <summary>Rows of which cells are missing at random: each column of a row or of a window with the probability
    /// <paramref name="share"/>.</summary>
    protected internal override Tensor Hide(Tensor x, double share, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        int batch = x.Shape[0], windows = x.Shape[^1] / _row;
        Tensor isSeen = Tensor.Less(rng.Uniform([batch, 1, _row], x.DType), Tensor.Scalar(1 - share, x.DType));
        return Tensor.Where(isSeen.BroadcastTo([batch, windows, _row]).Reshape(x.Shape), x, double.NaN);
    }

    /// <summary>The length of a learned vector for K categories: 1.6 K^0.56, at most 50. It is the rule of thumb of the
    /// fastai library (https://docs.fast.ai/tabular.model.html).</summary>
    private static int SizeOf(int categories) =>
        (int)Math.Min(50, Math.Round(1.6 * PortableMath.Exp(0.56 * PortableMath.Log(categories))));
}

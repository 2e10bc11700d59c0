using Reparam.Data;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>
/// Means of cells over weighted draws of the latents, as numbers of the model: sum_k w_k E[x|z_k], where the mean of a
/// number with a logarithm is the mean of the number, not of its logarithm. A category is the one of the largest sum_k
/// w_k p(x|z_k), without "other". Numbers lie in the range of the source.
/// </summary>
internal sealed class CellMeans
{
    private readonly TableSchema _schema;
    private readonly int _width;
    private readonly List<(int[] Columns, int Each, bool IsCategorical, Tensor Values, Tensor? Variances)> _blocks = [];

    /// <param name="schema">The columns.</param>
    /// <param name="cells">p(x|z) of several rows or of several draws of one row, of batch shape [K] or [K, 1].</param>
    public CellMeans(TableSchema schema, TableDistribution cells)
    {
        (_schema, _width) = (schema, cells.EventShape.Size);
        foreach ((int[] columns, Distribution block) in cells.Blocks)
        {
            var categories = block as Categorical;
            _blocks.Add((columns, categories?.Count ?? 1, categories is not null, categories?.Probs ?? block.Mean,
                columns.Any(c => schema.Cells[c].Transform == ColumnTransform.Log) ? block.Variance : null));
        }
    }

    /// <summary>The means of the cells over the draws from <paramref name="first"/>, one weight each.</summary>
    public double[] Of(int first, params ReadOnlySpan<double> weights)
    {
        double[] row = new double[_width];
        foreach ((int[] columns, int each, bool isCategorical, Tensor values, Tensor? variances) in _blocks)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                TableColumn column = _schema.Cells[columns[c]];
                double[] mean = new double[each];
                for (int k = 0; k < weights.Length; k++)
                {
                    for (int l = 0; l < each; l++)
                    {
                        int at = ((first + k) * columns.Length + c) * each + l;
                        mean[l] += weights[k] * (column.Transform == ColumnTransform.Log
                            ? MeanOfLog(column, values.At(at), variances!.At(at)) : values.At(at));
                    }
                }

                // The last category is "other", which is no value to write, unless it is the only one.
                int valid = column.Kind == ColumnKind.Category && each > 1 ? each - 1 : each;
                row[columns[c]] = isCategorical ? Array.IndexOf(mean, mean[..valid].Max()) : column.Bounded(
                    column.Transform == ColumnTransform.Log ? column.Encode(mean[0]) : mean[0]);
            }
        }

        return row;
    }

    /// <summary>The mean of a number whose standardised logarithm has the given moments: e^(m + v / 2) for a normal
    /// logarithm of mean m and variance v.</summary>
    private static double MeanOfLog(TableColumn column, double mean, double variance) =>
        PortableMath.Exp(column.Center + column.Scale * (mean + 0.5 * column.Scale * variance));
}

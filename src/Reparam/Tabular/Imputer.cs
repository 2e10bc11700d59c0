using Reparam.Data;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>
/// Fills missing cells of rows by the model of a run. Draws z_k from q(z|x_observed) have the weights w_k =
/// p(x_observed, z_k) / q(z_k|x_observed), divided by their sum (Mattei and Frellsen 2019). A missing number becomes
/// sum_k w_k E[x|z_k], and a missing category or level the one of the largest sum_k w_k p(x|z_k). A
/// multiple imputation draws k by the weights, then the cell from p(x|z_k).
/// </summary>
public sealed class Imputer
{
    private readonly LatentVariableModel _model;
    private readonly TableSchema _schema;
    private readonly Rng _rng;

    /// <summary>An imputer with a model and a source of noise.</summary>
    /// <param name="model">The run's model. Conditions are given with each row.</param>
    /// <param name="schema">The run's schema.</param>
    /// <param name="rng">Source of the draws. The fill of a row depends on the row and this source alone.</param>
    /// <param name="samples">The number of draws of z for each row.</param>
    public Imputer(LatentVariableModel model, TableSchema schema, Rng rng, int samples = 200)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        (_model, _schema, _rng, Samples) = (model, schema, rng, samples);
    }

    /// <summary>The number of draws of z for each row.</summary>
    public int Samples { get; }

    /// <summary>The row with its missing cells filled: means of numbers, the most probable categories.</summary>
    /// <param name="row">The encoded row, with NaN for missing cells.</param>
    /// <param name="context">The condition of the row, [1, C]; null for a model without.</param>
    public double[] Fill(ReadOnlySpan<float> row, Tensor? context = null) => Filled(row, 0, 0, context)[0];

    /// <summary>The row with its missing cells filled by draws.</summary>
    /// <param name="row">The encoded row, with NaN for missing cells.</param>
    /// <param name="index">The position of the row in the table. Rows at different positions have independent
    /// noise, so that statistics over the rows of a draw have the right variance.</param>
    /// <param name="draws">The number of imputations.</param>
    /// <param name="context">The condition of the row, [1, C]; null for a model without.</param>
    public IReadOnlyList<double[]> Draw(ReadOnlySpan<float> row, int index, int draws, Tensor? context = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        return Filled(row, index, draws, context);
    }

    private double[][] Filled(ReadOnlySpan<float> row, int index, int draws, Tensor? context)
    {
        using var scope = new TensorScope();
        Tensor x = Tensor.From(row, [1, row.Length]).To(_model.DType);
        InferencePass pass = _model.Inference(x, context)(_rng.At(index), Samples);
        if (pass.Reconstructed is not TableDistribution cells)
            throw new InvalidOperationException("The model was not trained on a table.");
        double[] weights = Normalized(pass.LogWeights);
        var result = new double[Math.Max(1, draws)][];
        for (int d = 0; d < result.Length; d++) result[d] = [.. row.ToArray().Select(v => (double)v)];
        if (draws == 0) Fill(result[0], new CellMeans(_schema, cells).Of(0, weights));
        else Resample(cells, weights, index, result);
        return result;
    }

    private void Resample(TableDistribution cells, double[] weights, int index, double[][] rows)
    {
        Tensor drawn = cells.Sample(_rng.Split("cells").At(index));
        int width = rows[0].Length;
        // "Other" is no category to write: the most probable one stands for it.
        double[] likely = new CellMeans(_schema, cells).Of(0, weights);
        Rng choice = _rng.Split("choice").At(index);
        foreach (double[] row in rows)
        {
            double u = choice.NextDouble();
            int k = 0;
            while (k < weights.Length - 1 && (u -= weights[k]) > 0) k++;
            for (int c = 0; c < width; c++)
            {
                if (!double.IsNaN(row[c])) continue;
                double cell = drawn.At(k * width + c);
                TableColumn column = _schema.Cells[c];
                bool isOther = column.Kind == ColumnKind.Category && cell == column.Categories - 1;
                row[c] = isOther ? likely[c] : column.Bounded(cell);
            }
        }
    }

    private static void Fill(double[] row, double[] means)
    {
        for (int c = 0; c < row.Length; c++)
        {
            if (double.IsNaN(row[c])) row[c] = means[c];
        }
    }

    /// <summary>The weights of the draws. Where the observed cells are so far from all training rows that no draw has a
    /// finite density, the draws weigh the same.</summary>
    private static double[] Normalized(Tensor logWeights)
    {
        double[] weights = [.. Enumerable.Range(0, logWeights.Size).Select(k => logWeights.At(k)).Select(
            w => double.IsFinite(w) ? w : double.NegativeInfinity)];
        double largest = weights.Max();
        if (double.IsNegativeInfinity(largest)) return [.. weights.Select(_ => 1.0 / weights.Length)];
        for (int k = 0; k < weights.Length; k++) weights[k] = PortableMath.Exp(weights[k] - largest);
        double sum = weights.Sum();
        for (int k = 0; k < weights.Length; k++) weights[k] /= sum;
        return weights;
    }
}

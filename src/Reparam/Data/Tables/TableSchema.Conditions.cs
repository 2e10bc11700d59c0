using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Data;

public sealed partial class TableSchema
{
    /// <summary>What a model is worth for a missing condition that no training row had.</summary>
    internal const string Unfounded = "what the model says about such rows is not founded on data";

    private const int MostGiven = 1000;

    /// <summary>
    /// The conditions of training data, as numbers of the source with NaN for a missing cell: those of the first row of
    /// a data point, then those of its second row, and so on. There are at most 1,000 data points, evenly spaced.
    /// Synthetic rows take their conditions from them, because a model p(x|y) has no distribution of y.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>> Given { get; internal init; } = [];

    /// <summary>C, the number of inputs of a network that the conditions of a data point make: one for a number, one
    /// for each category or level, and one more for a column that had missing cells in training.</summary>
    public int ConditionWidth => (Window?.Size ?? 1) * Conditions.Sum(WidthOf);

    /// <summary>
    /// The inputs that the conditions of a data point make: standardised numbers, held within [-20, 20]; counts as
    /// log(1 + x), which is at most 35; categories and levels as one-hot vectors. A missing cell gives zeros, and a 1
    /// in an input of its own if the column had missing cells in training. Otherwise it is like the mean, or the count
    /// 0.
    /// </summary>
    /// <param name="cells">The cells as in <see cref="Given"/>.</param>
    /// <param name="inputs">Receives the inputs, <see cref="ConditionWidth"/> of them.</param>
    internal void ConditionInputs(ReadOnlySpan<double> cells, Span<float> inputs)
    {
        inputs.Clear();
        int at = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            TableColumn column = Conditions[i % Conditions.Count];
            double value = column.Encode(cells[i]);
            int width = WidthOf(column);
            if (double.IsNaN(value))
            {
                if (column.Missing > 0) inputs[at + width - 1] = 1;
            }
            else if (column.HasLevels)
                inputs[at + (int)value] = 1;
            else
            {
                inputs[at] = (float)(column.Kind == ColumnKind.Count ? PortableMath.Log(1 + value)
                    : Math.Clamp(value, Bounds.StandardizedInput.Minimum, Bounds.StandardizedInput.Maximum));
            }

            at += width;
        }
    }

    /// <summary>The conditions of data points as the context of a model, [N, C].</summary>
    /// <param name="given">The conditions of each data point, as in <see cref="Given"/>.</param>
    /// <param name="dtype">The type of the model's numbers.</param>
    internal Tensor ContextOf(IReadOnlyList<IReadOnlyList<double>> given, DType dtype)
    {
        int width = ConditionWidth;
        float[] inputs = new float[checked(given.Count * width)];
        for (int i = 0; i < given.Count; i++) ConditionInputs([.. given[i]], inputs.AsSpan(i * width, width));
        return Tensor.From(inputs, [given.Count, width]).To(dtype);
    }

    /// <summary>The conditions of a data point as numbers of the source, as in <see cref="Given"/>, from the texts of
    /// the cells of each of its rows by column. A column that is not given is missing.</summary>
    internal double[] ConditionsOf(IReadOnlyList<IReadOnlyDictionary<string, string>> rows) =>
        [.. rows.SelectMany(row => Conditions.Select((column, c) => row.TryGetValue(column.Name, out string? text)
            ? column.Parse(text, Format, _positions.Value[Modelled.Count + c], out _, out _) : double.NaN))];

    private static int WidthOf(TableColumn column) =>
        (column.HasLevels ? column.Categories : 1) + (column.Missing > 0 ? 1 : 0);

    private double[][] GivenIn(TableRows rows, int count)
    {
        if (Conditions.Count == 0) return [];
        int kept = Math.Min(count, MostGiven);
        return [.. Enumerable.Range(0, kept).Select(i => rows.Conditions((int)((long)i * count / kept)))];
    }
}

using Reparam.Tensors;

namespace Reparam.Data;

public sealed partial class Dataset
{
    /// <summary>
    /// Creates a data set from an array [N, event...]. Bytes are grey levels, or binary digits if none exceeds 1.
    /// Booleans are binary digits. All other formats are real numbers.
    /// </summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="array">The data. The first axis is the index of the data point.</param>
    /// <param name="labels">One whole number per data point, or null for no labels.</param>
    /// <param name="kind">The kind of the data, if it differs from the rule above; null to apply the rule.</param>
    /// <exception cref="ArgumentException">The data set is empty, the labels do not fit, or a value is NaN, infinite or
    /// not allowed for the kind.</exception>
    public static Dataset FromArray(string name, NumericArray array, NumericArray? labels = null, DataKind? kind = null)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (array.Shape.Rank == 0)
        {
            throw new ArgumentException($"Data set '{name}': a single number is not a data set; the array needs a " +
                "first axis for the data points.", nameof(array));
        }

        Shape eventShape = array.Shape.Rank == 1 ? [1] : array.Shape[1..];
        int[]? marks = labels is null ? null : LabelsOf(name, labels);
        DataKind meaning = kind ?? (array.HoldsBytes ? ByteKindOf(array) : DataKind.Real);
        if (meaning == DataKind.Real) return FromValues(name, eventShape, array.ToFloat32(), marks);
        return array.HoldsBytes
            ? Adopt(name, eventShape, array.Content, meaning, marks)
            : throw new ArgumentException($"Data set '{name}' contains {array.Kind}, and {meaning} data are bytes; " +
                "convert the array to uint8 or read it as real numbers.", nameof(kind));
    }

    private static DataKind ByteKindOf(NumericArray array) =>
        array.Content.Span.IndexOfAnyExceptInRange((byte)0, (byte)1) < 0 ? DataKind.Binary : DataKind.Grey;

    private static int[] LabelsOf(string name, NumericArray labels)
    {
        if (labels.Shape.Rank != 1)
        {
            throw new ArgumentException(
                $"Data set '{name}': labels need one axis, not shape {labels.Shape}.", nameof(labels));
        }

        try
        {
            return labels.ToInt32();
        }
        catch (InvalidOperationException failure)
        {
            throw new ArgumentException(
                $"Data set '{name}': labels must be whole numbers. {failure.Message}", nameof(labels), failure);
        }
    }
}

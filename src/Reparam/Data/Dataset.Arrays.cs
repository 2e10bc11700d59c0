using Reparam.Tensors;

namespace Reparam.Data;

public sealed partial class Dataset
{
    /// <summary>
    /// A set from an array [N, event...] as a file holds it. Bytes are grey levels, or binary where none exceeds 1;
    /// booleans are binary; everything else is real.
    /// </summary>
    /// <param name="name">What the set is called.</param>
    /// <param name="array">The data; the first axis counts them.</param>
    /// <param name="labels">One whole number a datum, or null for none.</param>
    /// <param name="kind">What the numbers mean, where the rule above guesses wrong.</param>
    /// <exception cref="ArgumentException">The set is empty, labels do not fit, or a value is NaN, infinite or not of
    /// the kind.</exception>
    public static Dataset FromArray(string name, NumericArray array, NumericArray? labels = null, DataKind? kind = null)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (array.Shape.Rank == 0)
        {
            throw new ArgumentException($"Data set '{name}': a single number is not a set; its array needs a first " +
                "axis that counts the data.", nameof(array));
        }

        Shape eventShape = array.Shape.Rank == 1 ? [1] : array.Shape[1..];
        int[]? marks = labels is null ? null : LabelsOf(name, labels);
        DataKind meaning = kind ?? (array.HoldsBytes ? ByteKindOf(array) : DataKind.Real);
        if (meaning == DataKind.Real) return FromValues(name, eventShape, array.ToFloat32(), marks);
        return array.HoldsBytes
            ? Adopt(name, eventShape, array.Content, meaning, marks)
            : throw new ArgumentException($"Data set '{name}' holds {array.Kind}, and {meaning} data is bytes; " +
                "convert it to uint8 or read it as real.", nameof(kind));
    }

    private static DataKind ByteKindOf(NumericArray array) =>
        array.Content.Span.IndexOfAnyExceptInRange((byte)0, (byte)1) < 0 ? DataKind.Binary : DataKind.Grey;

    private static int[] LabelsOf(string name, NumericArray labels)
    {
        if (labels.Shape.Rank != 1)
        {
            throw new ArgumentException(
                $"Data set '{name}': labels have one axis, not shape {labels.Shape}.", nameof(labels));
        }

        try
        {
            return labels.ToInt32();
        }
        catch (InvalidOperationException failure)
        {
            throw new ArgumentException(
                $"Data set '{name}': labels are whole numbers. {failure.Message}", nameof(labels), failure);
        }
    }
}

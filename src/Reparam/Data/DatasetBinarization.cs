using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>Converts a data set of grey levels to a data set of zeros and ones, with fixed values.</summary>
public static class DatasetBinarization
{
    private const int RowsAtOnce = 256;

    /// <summary>
    /// The data set with every grey level replaced by 0 or 1. <see cref="Binarization.Static"/> replaces a level by one
    /// Bernoulli draw with p = level / 255 from <paramref name="rng"/>. The draws of a data point depend only on
    /// <paramref name="rng"/> and its index. <see cref="Binarization.Dynamic"/> gives the same fixed draws, for
    /// evaluation. <see cref="Binarization.Threshold"/> compares with the threshold. Binary data and
    /// <see cref="Binarization.None"/> give the data set itself.
    /// </summary>
    /// <exception cref="ArgumentException">The data set contains real numbers, which cannot be binarised.</exception>
    public static Dataset Binarize(this Dataset data, Binarization binarization, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(rng);
        if (binarization == Binarization.None || data.Kind == DataKind.Binary) return data;
        if (data.HoldsNumbers)
        {
            throw new ArgumentException(
                $"Data set '{data.Name}' holds real numbers; only grey levels can be binarised.", nameof(data));
        }

        int size = data.EventShape.Size;
        byte[] digits = new byte[data.Count * size];
        for (int start = 0; start < data.Count; start += RowsAtOnce)
        {
            int rows = Math.Min(RowsAtOnce, data.Count - start);
            ReadOnlySpan<byte> levels = data.Bytes(start, rows);
            Span<byte> target = digits.AsSpan(start * size, rows * size);
            if (binarization == Binarization.Threshold)
            {
                for (int i = 0; i < target.Length; i++) target[i] = levels[i] >= 128 ? (byte)1 : (byte)0;
                continue;
            }

            using var scope = new TensorScope();
            ReadOnlySpan<float> uniform = rng.At(0, start).Uniform([rows, size]).AsSpan<float>();
            // u < level / 255, written without a division, so that level 255 always gives 1.
            for (int i = 0; i < target.Length; i++) target[i] = uniform[i] * 255 < levels[i] ? (byte)1 : (byte)0;
        }

        int[] labels = data.Labels is { } given ? given.ToArray() : [];
        return Dataset.FromBytes(data.Name, data.EventShape, digits, DataKind.Binary, labels)
            .Named(data.Names, data.ClassNames);
    }
}

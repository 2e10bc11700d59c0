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
        if (data.Stream is { } rows)
            return Dataset.Streamed(data.Name, data.EventShape, new BinarizedRows(rows, binarization, rng));
        byte[] digits = new byte[data.Count * size];
        Binarize(data.Bytes(0, data.Count), digits, 0, size, binarization, rng);
        int[] labels = data.Labels is { } given ? given.ToArray() : [];
        return Dataset.FromBytes(data.Name, data.EventShape, digits, DataKind.Binary, labels)
            .Named(data.Names, data.ClassNames);
    }

    /// <summary>Converts the levels of consecutive data points. The target may be the memory of the levels.</summary>
    /// <param name="levels">The grey levels.</param>
    /// <param name="target">Receives the zeros and ones.</param>
    /// <param name="start">The number of the first data point, on which the draws depend.</param>
    /// <param name="size">The number of elements of a data point.</param>
    /// <param name="binarization">Threshold, or draws.</param>
    /// <param name="rng">The random stream of the draws.</param>
    internal static void Binarize(
        ReadOnlySpan<byte> levels, Span<byte> target, int start, int size, Binarization binarization, Rng rng)
    {
        if (binarization == Binarization.Threshold)
        {
            for (int i = 0; i < target.Length; i++) target[i] = levels[i] >= 128 ? (byte)1 : (byte)0;
            return;
        }

        for (int done = 0; done < target.Length / size; done += RowsAtOnce)
        {
            using var scope = new TensorScope();
            int rows = Math.Min(RowsAtOnce, target.Length / size - done), from = done * size;
            ReadOnlySpan<float> uniform = rng.At(0, start + done).Uniform([rows, size]).AsSpan<float>();
            // u < level / 255, written without a division, so that level 255 always gives 1.
            for (int i = 0; i < uniform.Length; i++)
                target[from + i] = uniform[i] * 255 < levels[from + i] ? (byte)1 : (byte)0;
        }
    }
}

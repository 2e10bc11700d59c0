using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Reads batches of a data set as tensors of shape [B] + event. The data set stays in bytes; only one batch at a time
/// becomes floating point. With <see cref="Binarization.Dynamic"/> every read makes new Bernoulli draws from the random
/// stream of that read.
/// </summary>
public sealed class BatchReader
{
    private readonly bool _dynamic;
    private readonly DType _dtype;
    private byte[] _bytes = [];
    private float[] _values = [];
    private byte[] _byteScratch = [];
    private float[] _valueScratch = [];

    /// <summary>A reader of a data set. Static and threshold binarisation are applied here, with random numbers from
    /// <paramref name="rng"/>.</summary>
    public BatchReader(Dataset data, Binarization binarization, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(data);
        _dynamic = binarization == Binarization.Dynamic && data.Kind != DataKind.Binary;
        if (_dynamic && data.HoldsNumbers)
        {
            throw new ArgumentException(
                $"Data set '{data.Name}' holds real numbers; only grey levels can be binarised.", nameof(data));
        }

        Data = _dynamic ? data : data.Binarize(binarization, rng);
        _dtype = dtype;
    }

    /// <summary>The data set that is read, after static or threshold binarisation.</summary>
    public Dataset Data { get; }

    /// <summary>The random changes of images that <see cref="Read(ReadOnlySpan{int}, Rng)"/> makes. They are a function
    /// of the random stream of the read and of the index of the data point.</summary>
    public Augmentation Augmentation { get; init; }

    /// <summary>Reads the data points at <paramref name="indices"/>, in that order.</summary>
    /// <param name="indices">Positions in the data set.</param>
    /// <param name="rng">The random numbers of dynamic binarisation and of <see cref="Augmentation"/>. The caller sets
    /// the position of the stream. Unused otherwise.</param>
    public Tensor Read(ReadOnlySpan<int> indices, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int size = Data.EventShape.Size;
        Shape shape = [indices.Length, .. Data.EventShape];
        if (Data.HoldsNumbers)
        {
            if (_values.Length < indices.Length * size) _values = new float[indices.Length * size];
            Span<float> values = _values.AsSpan(0, indices.Length * size);
            Data.CopyValues(indices, values);
            Augment(values, ref _valueScratch, indices, rng);
            return Tensor.From(values, shape).To(_dtype);
        }

        if (_bytes.Length < indices.Length * size) _bytes = new byte[indices.Length * size];
        Span<byte> bytes = _bytes.AsSpan(0, indices.Length * size);
        for (int i = 0; i < indices.Length; i++) Data.CopyBytes(indices[i], 1, bytes.Slice(i * size, size));
        Augment(bytes, ref _byteScratch, indices, rng);
        Tensor x = Tensor.FromLevels(bytes, shape, Data.Kind == DataKind.Grey ? 1.0 / 255 : 1, 0, _dtype);
        return _dynamic ? Tensor.Less(rng.Uniform(shape, _dtype), x) : x;
    }

    private void Augment<T>(Span<T> batch, ref T[] scratch, ReadOnlySpan<int> indices, Rng rng)
    {
        if (Augmentation == Augmentation.None) return;
        int size = Data.EventShape.Size;
        if (scratch.Length < size) scratch = new T[size];
        Rng changes = rng.Split("augment");
        for (int i = 0; i < indices.Length; i++)
        {
            ImageAugmentation.Apply(batch.Slice(i * size, size), scratch.AsSpan(0, size), Data.EventShape, Augmentation,
                changes.At(0, indices[i]));
        }
    }

    /// <summary>Reads consecutive data points in the order of the data set.</summary>
    public Tensor Read(int start, int count, Rng rng)
    {
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) indices[i] = start + i;
        return Read(indices, rng);
    }

    /// <summary>The labels at <paramref name="indices"/> as one-hot vectors, [B, classes].</summary>
    /// <exception cref="ArgumentException">The data set has no labels, or a label is not among the classes 0 to
    /// <paramref name="classes"/> - 1.</exception>
    public Tensor Labels(ReadOnlySpan<int> indices, int classes)
    {
        ReadOnlySpan<int> labels = (Data.Labels ?? throw new ArgumentException(
            $"Data set '{Data.Name}' has no labels, and the model is conditioned on labels.")).Span;
        return OneHot(labels, indices, classes, least: 0);
    }

    /// <summary>The labels as one-hot vectors, with a row of zeros for each data point whose label is -1 (unknown);
    /// null for a data set without labels.</summary>
    /// <exception cref="ArgumentException">A label is neither -1 nor among the classes.</exception>
    public Tensor? KnownLabels(ReadOnlySpan<int> indices, int classes) => Data.Labels is { } labels
        ? OneHot(labels.Span, indices, classes, least: -1) : null;

    private Tensor OneHot(ReadOnlySpan<int> labels, ReadOnlySpan<int> indices, int classes, int least)
    {
        float[] hot = new float[indices.Length * classes];
        for (int i = 0; i < indices.Length; i++)
        {
            int label = labels[indices[i]];
            if (label < least || label >= classes)
            {
                throw new ArgumentException(
                    $"Data point {indices[i]} of '{Data.Name}' has label {label}; the model knows 0 to {classes - 1}.");
            }

            if (label >= 0) hot[i * classes + label] = 1;
        }

        return Tensor.From(hot, [indices.Length, classes]).To(_dtype);
    }

    /// <summary>What a model with a <c>Context</c> takes as the condition of each data point, [B, C]: the columns of a
    /// table that are conditions or, of other data, the labels as one-hot vectors.</summary>
    /// <param name="indices">Positions in the data set.</param>
    /// <param name="width">C; 0 for a model without a condition, which gets null.</param>
    /// <exception cref="ArgumentException">The data have neither conditions nor labels, or the conditions have another
    /// width.</exception>
    public Tensor? Context(ReadOnlySpan<int> indices, int width)
    {
        if (width == 0) return null;
        if (Data.ConditionInputs(indices) is not { } inputs) return Labels(indices, width);
        return inputs.Length == indices.Length * width ? Tensor.From(inputs, [indices.Length, width]).To(_dtype)
            : throw new ArgumentException($"The conditions of '{Data.Name}' make {inputs.Length / indices.Length} " +
                $"inputs, and the model takes {width}.", nameof(width));
    }

    /// <summary>The conditions of consecutive data points.</summary>
    /// <inheritdoc cref="Context(ReadOnlySpan{int}, int)"/>
    public Tensor? Context(int start, int count, int width) =>
        width == 0 ? null : Context([.. Enumerable.Range(start, count)], width);
}

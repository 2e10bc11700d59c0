using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Reads batches of a set as tensors of shape [B] + event. The set stays in bytes; only a batch at a time becomes
/// floating point. Under <see cref="Binarization.Dynamic"/> every read draws anew from its stream.
/// </summary>
public sealed class BatchReader
{
    private readonly bool _dynamic;
    private readonly DType _dtype;
    private byte[] _bytes = [];
    private float[] _values = [];

    /// <summary>A reader over a set. Static and threshold binarisation are applied here, with noise from
    /// <paramref name="rng"/>.</summary>
    public BatchReader(Dataset data, Binarization binarization, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(data);
        _dynamic = binarization == Binarization.Dynamic && data.Kind != DataKind.Binary;
        if (_dynamic && data.Kind == DataKind.Real)
        {
            throw new ArgumentException(
                $"Data set '{data.Name}' holds real numbers; only grey levels can be binarised.", nameof(data));
        }

        Data = _dynamic ? data : data.Binarize(binarization, rng);
        _dtype = dtype;
    }

    /// <summary>The set that is read, after static or threshold binarisation.</summary>
    public Dataset Data { get; }

    /// <summary>The data at <paramref name="indices"/>, in that order.</summary>
    /// <param name="indices">Positions in the set.</param>
    /// <param name="rng">The noise of dynamic binarisation; positioned by the caller, unused otherwise.</param>
    public Tensor Read(ReadOnlySpan<int> indices, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int size = Data.EventShape.Size;
        Shape shape = [indices.Length, .. Data.EventShape];
        if (Data.Kind == DataKind.Real)
        {
            if (_values.Length < indices.Length * size) _values = new float[indices.Length * size];
            Span<float> values = _values.AsSpan(0, indices.Length * size);
            Data.CopyValues(indices, values);
            return Tensor.From(values, shape).To(_dtype);
        }

        if (_bytes.Length < indices.Length * size) _bytes = new byte[indices.Length * size];
        Span<byte> bytes = _bytes.AsSpan(0, indices.Length * size);
        for (int i = 0; i < indices.Length; i++) Data.Bytes(indices[i], 1).CopyTo(bytes[(i * size)..]);
        Tensor x = Tensor.FromLevels(bytes, shape, Data.Kind == DataKind.Grey ? 1.0 / 255 : 1, 0, _dtype);
        return _dynamic ? Tensor.Less(rng.Uniform(shape, _dtype), x) : x;
    }

    /// <summary>A run of data in the set's own order.</summary>
    public Tensor Read(int start, int count, Rng rng)
    {
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) indices[i] = start + i;
        return Read(indices, rng);
    }

    /// <summary>The labels at <paramref name="indices"/> as one-hot vectors, [B, classes].</summary>
    /// <exception cref="ArgumentException">The set has no labels, or one is not among the classes 0 to
    /// <paramref name="classes"/> - 1.</exception>
    public Tensor Labels(ReadOnlySpan<int> indices, int classes)
    {
        ReadOnlySpan<int> labels = (Data.Labels ?? throw new ArgumentException(
            $"Data set '{Data.Name}' has no labels, and the model is conditioned on them.")).Span;
        return OneHot(labels, indices, classes, least: 0);
    }

    /// <summary>The same with rows of zeros for data whose label is -1, which stands for unknown; null for a set
    /// without labels.</summary>
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
                    $"Datum {indices[i]} of '{Data.Name}' has label {label}; the model knows 0 to {classes - 1}.");
            }

            if (label >= 0) hot[i * classes + label] = 1;
        }

        return Tensor.From(hot, [indices.Length, classes]).To(_dtype);
    }

    /// <summary>The labels of a run of data as one-hot vectors where <paramref name="classes"/> is above 0, else null:
    /// what a model of that <c>Context</c> takes.</summary>
    public Tensor? Context(int start, int count, int classes) => classes == 0 ? null
        : Labels([.. Enumerable.Range(start, count)], classes);
}

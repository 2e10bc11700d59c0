using Reparam.Tensors;

namespace Reparam.Data;

public sealed partial class Dataset
{
    /// <summary>
    /// The same data with all but <paramref name="count"/> labels hidden. A hidden label is -1. The numbers of kept
    /// labels of any two classes differ by at most one. <paramref name="rng"/> decides which labels are kept.
    /// </summary>
    /// <exception cref="ArgumentException">The data set has no labels, or a class has fewer data points than labels to
    /// keep.</exception>
    public Dataset HideLabels(int count, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(rng);
        ReadOnlySpan<int> labels = (Labels ?? throw new ArgumentException($"Data set '{Name}' has no labels.")).Span;
        int classes = Classes!.Value;
        int[] kept = new int[classes], shown = new int[Count];
        Array.Fill(shown, -1);
        foreach (int i in rng.Permutation(Count))
        {
            int label = labels[i];
            // The classes below count mod classes keep one label more than the others.
            if (label < 0 || kept[label] >= count / classes + (label < count % classes ? 1 : 0)) continue;
            shown[i] = label;
            kept[label]++;
        }

        if (kept.Sum() < count)
        {
            throw new ArgumentException($"Data set '{Name}' has too few data to keep {count} labels, equally " +
                $"many of each of its {classes} classes; class {Array.IndexOf(kept, kept.Min())} has {kept.Min()}.");
        }

        return new Dataset(Name, EventShape, Kind, Count, _bytes, _values, shown, _rows, _firstRow, Stream)
        {
            Rows = Rows, Names = Names, ClassNames = ClassNames,
        };
    }

    /// <summary>The bytes of consecutive data points, row-major. They are a copy if the data are not in
    /// memory.</summary>
    /// <exception cref="InvalidOperationException">The data set contains real numbers; use
    /// <see cref="Values"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range exceeds the data set.</exception>
    public ReadOnlySpan<byte> Bytes(int start, int count)
    {
        CheckRun(start, count);
        if (HoldsNumbers)
        {
            throw new InvalidOperationException(
                $"Data set '{Name}' contains real numbers, not bytes; use Values or CopyValues.");
        }

        if (_stream is not null)
        {
            byte[] read = new byte[checked(count * EventShape.Size)];
            _stream.Copy(start, count, read);
            return read;
        }

        _rows?.Make(_firstRow + start, count);
        return _bytes.Span.Slice(start * EventShape.Size, count * EventShape.Size);
    }

    /// <summary>Copies the bytes of consecutive data points.</summary>
    internal void CopyBytes(int start, int count, Span<byte> destination)
    {
        if (_stream is null || HoldsNumbers)
        {
            Bytes(start, count).CopyTo(destination);
            return;
        }

        CheckRun(start, count);
        _stream.Copy(start, count, destination);
    }

    /// <summary>The real numbers of consecutive data points, row-major. They are a copy if the data are not in
    /// memory.</summary>
    /// <exception cref="InvalidOperationException">The data set contains bytes; use <see cref="Bytes"/> or
    /// <see cref="CopyValues(int, int, Span{float})"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range exceeds the data set.</exception>
    public ReadOnlySpan<float> Values(int start, int count)
    {
        CheckRun(start, count);
        if (Kind != DataKind.Real)
        {
            throw new InvalidOperationException(
                $"Data set '{Name}' contains bytes; use Bytes, or CopyValues for their values.");
        }

        if (_stream is not null)
        {
            float[] read = new float[checked(count * EventShape.Size)];
            _stream.Copy(start, count, read);
            return read;
        }

        return _values.Span.Slice(start * EventShape.Size, count * EventShape.Size);
    }

    /// <summary>Copies consecutive data points as floats: grey levels as level / 255, binary digits as 0 and 1, real
    /// numbers unchanged.</summary>
    /// <exception cref="ArgumentException">The length of the destination is not count × event elements.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range exceeds the data set.</exception>
    public void CopyValues(int start, int count, Span<float> destination)
    {
        CheckRun(start, count);
        CheckDestination(count, destination.Length);
        if (Kind == DataKind.Real)
        {
            if (_stream is not null) _stream.Copy(start, count, destination);
            else Values(start, count).CopyTo(destination);
            return;
        }

        if (Rows is { } rows)
        {
            int size = EventShape.Size;
            for (int i = 0; i < count; i++) rows.Copy(start + i, destination.Slice(i * size, size));
            return;
        }

        ToValues(Kind, Bytes(start, count), destination);
    }

    /// <summary>Converts bytes of grey levels or binary digits to floats.</summary>
    internal static void ToValues(DataKind kind, ReadOnlySpan<byte> bytes, Span<float> destination)
    {
        for (int i = 0; i < bytes.Length; i++) destination[i] = kind == DataKind.Grey ? GreyValues[bytes[i]] : bytes[i];
    }

    /// <summary>Copies consecutive data points as doubles. The numbers of a table are those of its source, to the bit;
    /// other data have the floats of <see cref="CopyValues(int, int, Span{float})"/>.</summary>
    /// <inheritdoc cref="CopyValues(int, int, Span{float})" path="/exception"/>
    public void CopyValues(int start, int count, Span<double> destination)
    {
        CheckRun(start, count);
        CheckDestination(count, destination.Length);
        int size = EventShape.Size;
        if (Rows is { } rows)
        {
            for (int i = 0; i < destination.Length; i++) destination[i] = rows[start + i / size, i % size];
            return;
        }

        float[] values = new float[destination.Length];
        CopyValues(start, count, values.AsSpan());
        for (int i = 0; i < values.Length; i++) destination[i] = values[i];
    }

    /// <summary>The conditions of a data point of a table, as in <see cref="TableSchema.Given"/>; empty for data
    /// without conditions.</summary>
    /// <param name="index">The data point.</param>
    public IReadOnlyList<double> Conditions(int index) => Rows?.Conditions(index) ?? [];

    /// <summary>The conditions of data points of a table as inputs of a network, [N, C]; null for data without
    /// conditions (see <see cref="TableSchema.ConditionWidth"/>).</summary>
    internal float[]? ConditionInputs(ReadOnlySpan<int> indices)
    {
        if (Rows is not { Encoder: { ConditionWidth: > 0 and var width } schema } rows) return null;
        float[] inputs = new float[checked(indices.Length * width)];
        for (int i = 0; i < indices.Length; i++)
            schema.ConditionInputs(rows.Conditions(indices[i]), inputs.AsSpan(i * width, width));
        return inputs;
    }

    /// <summary>The text of a cell of a table with the number of its source, also where the data are prepared for a
    /// model (see <see cref="TableColumn.Exact"/>).</summary>
    /// <param name="index">The data point.</param>
    /// <param name="cell">The cell of the data point.</param>
    /// <exception cref="InvalidOperationException">The data are not rows of a table.</exception>
    public string CellText(int index, int cell) => Rows is { } rows
        ? rows.Schema.Cells[cell].Exact(rows.Source(index, cell))
        : throw new InvalidOperationException($"Data set '{Name}' does not hold rows of a table.");

    /// <summary>Copies the data points at the indices as floats, in the order of the indices. This reads a shuffled
    /// minibatch.</summary>
    /// <exception cref="ArgumentException">The length of the destination is not count × event elements.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the data set.</exception>
    public void CopyValues(ReadOnlySpan<int> indices, Span<float> destination)
    {
        CheckDestination(indices.Length, destination.Length);
        int size = EventShape.Size;
        for (int i = 0; i < indices.Length; i++) CopyValues(indices[i], 1, destination.Slice(i * size, size));
    }

    /// <summary>Consecutive data points as a data set that shares the memory of this one. The method makes ranges such
    /// as <c>set[100..200]</c> work.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range exceeds the data set or is empty.</exception>
    public Dataset Slice(int start, int count)
    {
        CheckRun(start, count);
        ArgumentOutOfRangeException.ThrowIfZero(count);
        if (Rows is not null) return Subset([.. Enumerable.Range(start, count)]);
        if (Stream is { } rows) return Streamed(Name, EventShape, new SelectedRows(rows, null, start, count));
        int size = EventShape.Size;
        return new Dataset(
            Name,
            EventShape,
            Kind,
            count,
            _bytes.IsEmpty ? default : _bytes.Slice(start * size, count * size),
            _values.IsEmpty ? default : _values.Slice(start * size, count * size),
            Labels?.Slice(start, count),
            _rows,
            _firstRow + start)
        {
            Names = Names?.Slice(start, count),
            ClassNames = ClassNames,
        };
    }

    /// <summary>A copy of the data points at the indices, in the order of the indices. The data points stay where they
    /// are if they are not in memory.</summary>
    /// <exception cref="ArgumentException">There is no index.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the data set.</exception>
    public Dataset Subset(ReadOnlySpan<int> indices)
    {
        if (indices.IsEmpty)
            throw new ArgumentException($"A subset of data set '{Name}' needs at least one index.", nameof(indices));
        if (Rows is { } table)
        {
            foreach (int index in indices) CheckRun(index, 1);
            return OfTable(Name, table.Select(indices), indices.Length, Labels is { } marks
                ? Array.ConvertAll(indices.ToArray(), i => marks.Span[i]) : null);
        }

        if (Stream is { } rows)
        {
            foreach (int index in indices) CheckRun(index, 1);
            return Streamed(Name, EventShape, new SelectedRows(rows, indices.ToArray(), 0, indices.Length));
        }

        int size = EventShape.Size;
        byte[] bytes = new byte[Kind == DataKind.Real ? 0 : checked(indices.Length * size)];
        float[] values = new float[Kind == DataKind.Real ? checked(indices.Length * size) : 0];
        int[]? labels = Labels is null ? null : new int[indices.Length];
        string[]? names = Names is null ? null : new string[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            CheckRun(indices[i], 1);
            if (Kind == DataKind.Real) Values(indices[i], 1).CopyTo(values.AsSpan(i * size));
            else Bytes(indices[i], 1).CopyTo(bytes.AsSpan(i * size));
            labels?[i] = Labels!.Value.Span[indices[i]];
            names?[i] = Names!.Value.Span[indices[i]];
        }

        return new Dataset(Name, EventShape, Kind, indices.Length, bytes, values, labels).Named(names, ClassNames);
    }

    /// <summary>Splits the data set: the last <paramref name="validationCount"/> data points are the validation part,
    /// the others the training part. Shuffle the data set first if its order matters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Either part would be empty.</exception>
    public (Dataset Train, Dataset Validation) Split(int validationCount)
    {
        if (validationCount < 1 || validationCount >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(validationCount), $"Data set '{Name}' has {Count} data, so " +
                $"a split needs 1 to {Count - 1} for validation, not {validationCount}.");
        }

        return (Slice(0, Count - validationCount), Slice(Count - validationCount, validationCount));
    }

    /// <summary>A copy of the data in random order (Fisher and Yates; Durstenfeld 1964). The order is a pure function
    /// of <paramref name="rng"/>.</summary>
    public Dataset Shuffle(Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return Subset(rng.Permutation(Count));
    }

    private void CheckRun(int start, int count)
    {
        if (start < 0 || count < 0 || start > Count - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), $"Data {start} to {(long)start + count} exceed data set '{Name}', which has {Count}.");
        }
    }

    private void CheckDestination(int count, int length)
    {
        if (length != (long)count * EventShape.Size)
        {
            throw new ArgumentException($"{count} data of shape {EventShape} need {(long)count * EventShape.Size} " +
                $"elements, and the destination has {length}.");
        }
    }
}

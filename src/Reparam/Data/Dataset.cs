using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// A named data set: data points of one event shape, with optional labels. A data set is immutable, and its slices
/// share its memory. It is checked when it is created, so that training never meets a NaN, an empty data set or an
/// incomplete data point.
/// </summary>
public sealed partial class Dataset
{
    private static readonly float[] GreyValues = [.. Enumerable.Range(0, 256).Select(level => level / 255f)];

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReadOnlyMemory<float> _values;
    private readonly Lazy<string> _sha256;
    private readonly Lazy<(double, double, bool)> _range;
    private readonly Lazy<double[]> _mean;
    private readonly RowCache? _stream;
    private readonly GeneratedRows? _rows;
    private readonly int _firstRow;

    /// <summary>
    /// A data set of bytes or of real numbers. With <paramref name="rows"/> the bytes are generated when they are read,
    /// and with <paramref name="stream"/> the data are not in memory.
    /// </summary>
    private Dataset(
        string name, Shape eventShape, DataKind kind, int count,
        ReadOnlyMemory<byte> bytes, ReadOnlyMemory<float> values, ReadOnlyMemory<int>? labels,
        GeneratedRows? rows = null, int firstRow = 0, StreamedRows? stream = null)
    {
        _rows = rows;
        _stream = stream is null ? null : new RowCache(stream);
        _firstRow = firstRow;
        Name = name;
        EventShape = eventShape;
        Kind = kind;
        Count = count;
        // A null array converts to an empty memory and not to null. The length tells the difference: it is never 0 if
        // there are labels.
        Labels = labels is { Length: > 0 } ? labels : null;
        _bytes = bytes;
        _values = values;
        _sha256 = new Lazy<string>(Hash);
        _mean = new Lazy<double[]>(FindMean);
        _range = new Lazy<(double, double, bool)>(FindRange);
    }

    /// <summary>The rows of a table; null for other data.</summary>
    internal TableRows? Rows { get; private init; }

    /// <summary>What the columns of a table are; null for other data.</summary>
    public TableSchema? Schema => Rows?.Schema;

    /// <summary>Whether the data are numbers that are read with <see cref="CopyValues(int, int, Span{float})"/> and not
    /// bytes.</summary>
    public bool HoldsNumbers => Kind is DataKind.Real or DataKind.Table;

    /// <summary>The name of the data set, for reports.</summary>
    public string Name { get; }

    /// <summary>The number of data points.</summary>
    public int Count { get; }

    /// <summary>The shape of one data point, such as [28, 28].</summary>
    public Shape EventShape { get; }

    /// <summary>The kind of the data: what the numbers mean.</summary>
    public DataKind Kind { get; }

    /// <summary>One label per data point, or null if there are no labels.</summary>
    public ReadOnlyMemory<int>? Labels { get; }

    /// <summary>One name per data point, such as the path of a picture in its folder; null if there are no names.
    /// Slices, subsets and shuffles keep them.</summary>
    public ReadOnlyMemory<string>? Names { get; private init; }

    /// <summary>The names of the classes, in the order of their numbers; null if there are none.</summary>
    public IReadOnlyList<string>? ClassNames { get; private init; }

    /// <summary>The position from 0 of a data point in its source: the row of a table, which is the first row of a
    /// window, or the place of a datum among others.</summary>
    public int FirstRow(int index) => Rows?.FirstRow(index) ?? index;

    /// <summary>The positions of the columns of a table in which a data point has a value that the column cannot have,
    /// such as a count of -5; empty for other data. The model takes such a cell as missing.</summary>
    public IEnumerable<int> ImpossibleColumns(int index) => Rows?.ImpossibleColumns(index) ?? [];

    /// <summary>The number of classes: the largest label plus one; null without labels.</summary>
    public int? Classes
    {
        get
        {
            if (Labels is not { } labels) return null;
            int largest = 0;
            foreach (int label in labels.Span) largest = Math.Max(largest, label);
            return largest + 1;
        }
    }

    /// <summary>The SHA-256 of kind, count, shape, content and labels, in lower-case hexadecimal. A run records it to
    /// identify its data. The name is not included.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>Creates a data set of grey levels or binary digits. The content is copied.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="eventShape">The shape of one data point.</param>
    /// <param name="content">The data points one after the other, row-major.</param>
    /// <param name="kind"><see cref="DataKind.Grey"/> or <see cref="DataKind.Binary"/>.</param>
    /// <param name="labels">One label per data point, or empty for no labels.</param>
    /// <exception cref="ArgumentException">The data set is empty, a length does not fit, or binary data contain a byte
    /// other than 0 and 1.</exception>
    public static Dataset FromBytes(
        string name, Shape eventShape, ReadOnlySpan<byte> content, DataKind kind, ReadOnlySpan<int> labels = default) =>
        Adopt(name, eventShape, content.ToArray(), kind, labels.IsEmpty ? null : labels.ToArray());

    /// <summary>Creates a data set of real numbers. The content is copied.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="eventShape">The shape of one data point.</param>
    /// <param name="content">The data points one after the other, row-major.</param>
    /// <param name="labels">One label per data point, or empty for no labels.</param>
    /// <exception cref="ArgumentException">The data set is empty, a length does not fit, or a value is NaN or
    /// infinite.</exception>
    public static Dataset FromValues(
        string name, Shape eventShape, ReadOnlySpan<float> content, ReadOnlySpan<int> labels = default)
    {
        int count = CountOf(name, eventShape, content.Length, labels.IsEmpty ? null : labels.Length);
        for (int i = 0; i < content.Length; i++)
        {
            if (float.IsFinite(content[i])) continue;
            throw new ArgumentException($"Data set '{name}': element {i % eventShape.Size} of data point " +
                $"{i / eventShape.Size} is {content[i]}; replace or drop missing values first.", nameof(content));
        }

        return new Dataset(name, eventShape, DataKind.Real, count, default, content.ToArray(), labels.IsEmpty ? null
            : labels.ToArray());
    }

    /// <summary>Creates a data set from an array without a copy. No other code may write to the content
    /// afterwards.</summary>
    internal static Dataset Adopt(
        string name, Shape eventShape, ReadOnlyMemory<byte> content, DataKind kind, int[]? labels)
    {
        if (kind == DataKind.Real)
        {
            throw new ArgumentException(
                $"Data set '{name}': bytes are grey levels or binary digits, not real numbers; use DataKind.Grey or " +
                "DataKind.Binary.", nameof(kind));
        }

        int count = CountOf(name, eventShape, content.Length, labels?.Length);
        if (kind == DataKind.Binary && content.Span.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and int at)
        {
            throw new ArgumentException($"Data set '{name}': element {at % eventShape.Size} of data point " +
                $"{at / eventShape.Size} is {content.Span[at]}; binary data need 0 or 1. For " +
                "grey levels use DataKind.Grey.", nameof(content));
        }

        return new Dataset(name, eventShape, kind, count, content, default, labels);
    }

    /// <summary>A data set of rows of a table.</summary>
    internal static Dataset OfTable(string name, TableRows rows, int count, ReadOnlyMemory<int>? labels) =>
        new(name, [rows.Width], DataKind.Table, count, default, default, labels) { Rows = rows };

    /// <summary>The same rows of a table with a schema that was fitted after they were read.</summary>
    internal Dataset WithSchema(TableSchema schema) =>
        OfTable(Name, Rows! with { Schema = schema }, Count, Labels);

    /// <summary>A data set of grey levels whose data points are generated when they are first read.</summary>
    internal static Dataset Generated(string name, Shape eventShape, GeneratedRows rows, int[] labels) =>
        new(name, eventShape, DataKind.Grey, labels.Length, rows.Content, default, labels, rows);

    /// <summary>A data set whose rows are read when they are needed, such as rows of a file that is larger than the
    /// memory.</summary>
    internal static Dataset Streamed(string name, Shape eventShape, StreamedRows rows) =>
        new(name, eventShape, rows.Kind, rows.Count, default, default, null, stream: rows);

    /// <summary>The rows of a streamed data set; null if the data are in memory.</summary>
    internal StreamedRows? Stream => _stream?.Rows;

    /// <summary>The same data with names. The memory is shared.</summary>
    /// <param name="names">One name per data point; null for none.</param>
    /// <param name="classNames">The names of the classes; null for none.</param>
    internal Dataset Named(ReadOnlyMemory<string>? names, IReadOnlyList<string>? classNames) =>
        new(Name, EventShape, Kind, Count, _bytes, _values, Labels, _rows, _firstRow, Stream)
        {
            Rows = Rows,
            Names = names is { Length: > 0 } ? names : null,
            ClassNames = classNames,
        };

    private static int CountOf(string name, Shape eventShape, int length, int? labels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (eventShape.Size == 0)
        {
            throw new ArgumentException(
                $"Data set '{name}': a data point of shape {eventShape} has no elements.", nameof(eventShape));
        }

        if (length == 0)
            throw new ArgumentException($"Data set '{name}' is empty; it needs at least one data point.");
        if (length % eventShape.Size != 0)
        {
            throw new ArgumentException($"Data set '{name}': {length} elements are not a whole number of data points " +
                $"of shape {eventShape} ({eventShape.Size} elements each).");
        }

        int count = length / eventShape.Size;
        return labels is null || labels == count
            ? count
            : throw new ArgumentException(
                $"Data set '{name}' has {count} data and {labels} labels; give one label each or none.");
    }

    private string Hash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(
            Encoding.ASCII.GetBytes($"{Kind} {Count} {EventShape} {(Labels is null ? "unlabelled" : "labelled")}\n"));
        if (Stream is { } stream) HashStream(hash, stream);
        else if (!HoldsNumbers) hash.AppendData(Bytes(0, Count));
        Span<byte> word = stackalloc byte[4], cell = stackalloc byte[8];
        for (int i = 0; i < (Rows is null ? 0 : Count); i++)
        {
            for (int c = 0; c < EventShape.Size; c++)
            {
                // All NaN have the same bits, so that the hash does not depend on the processor.
                BinaryPrimitives.WriteDoubleLittleEndian(
                    cell, Rows![i, c] is var value && double.IsNaN(value) ? double.NaN : value);
                hash.AppendData(cell);
            }

            foreach (double value in Rows!.Conditions(i))
            {
                BinaryPrimitives.WriteDoubleLittleEndian(cell, double.IsNaN(value) ? double.NaN : value);
                hash.AppendData(cell);
            }
        }

        foreach (float value in _values.Span)
        {
            BinaryPrimitives.WriteSingleLittleEndian(word, value);
            hash.AppendData(word);
        }

        if (Labels is { } labels)
        {
            foreach (int label in labels.Span)
            {
                BinaryPrimitives.WriteInt32LittleEndian(word, label);
                hash.AppendData(word);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void HashStream(IncrementalHash hash, StreamedRows stream)
    {
        int size = EventShape.Size, rows = Math.Min(Count, RowBlocks.Rows(size));
        byte[] bytes = new byte[rows * size * (HoldsNumbers ? 4 : 1)];
        float[] values = new float[HoldsNumbers ? rows * size : 0];
        for (int start = 0; start < Count; start += rows)
        {
            int length = Math.Min(rows, Count - start) * size;
            if (HoldsNumbers)
            {
                stream.Read(start, values.AsSpan(0, length));
                for (int i = 0; i < length; i++)
                    BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
                length *= 4;
            }
            else
            {
                stream.Read(start, bytes.AsSpan(0, length));
            }

            hash.AppendData(bytes.AsSpan(0, length));
        }
    }
}

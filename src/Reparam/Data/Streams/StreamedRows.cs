using System.Buffers;

namespace Reparam.Data;

/// <summary>
/// Rows of a data set that are computed when they are read and are never all in memory: the rows of a file, a selection
/// of other rows, or other rows after standardisation or binarisation. A row is a function of its number, so it does
/// not matter how many rows a caller reads at once.
/// </summary>
/// <param name="count">The number of rows.</param>
/// <param name="size">The number of elements of a row.</param>
/// <param name="kind">What the elements are; not a table.</param>
internal abstract class StreamedRows(int count, int size, DataKind kind)
{
    /// <summary>The number of rows.</summary>
    internal int Count => count;

    /// <summary>The number of elements of a row.</summary>
    internal int Size => size;

    /// <summary>What the elements are: bytes for <see cref="DataKind.Grey"/> and <see cref="DataKind.Binary"/>, floats
    /// for <see cref="DataKind.Real"/>.</summary>
    internal DataKind Kind => kind;

    /// <summary>Reads consecutive rows of bytes. The length of the destination gives their number.</summary>
    internal virtual void Read(int start, Span<byte> destination) => throw Other();

    /// <summary>Reads consecutive rows of real numbers. The length of the destination gives their number.</summary>
    internal virtual void Read(int start, Span<float> destination) => throw Other();

    /// <summary>Reads consecutive rows as values: real numbers as they are, bytes as
    /// <see cref="Dataset.ToValues"/>.</summary>
    internal void ReadValues(int start, Span<float> destination)
    {
        if (kind == DataKind.Real)
        {
            Read(start, destination);
            return;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(destination.Length);
        try
        {
            Span<byte> bytes = rented.AsSpan(0, destination.Length);
            Read(start, bytes);
            Dataset.ToValues(kind, bytes, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private InvalidOperationException Other() => new($"Rows of {kind} data were read as another type.");
}

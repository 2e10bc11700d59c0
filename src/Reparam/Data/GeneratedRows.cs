namespace Reparam.Data;

/// <summary>
/// Rows of bytes that are generated when they are first read. A caller that reads a part of a data set pays only for
/// that part.
/// </summary>
/// <param name="count">The number of rows.</param>
/// <param name="size">The number of bytes of a row.</param>
/// <param name="make">
/// Writes row i. It must write each byte once, with its final value. Then two threads may generate the same row at the
/// same time, and all readers see the same bytes.
/// </param>
internal sealed class GeneratedRows(int count, int size, Action<int, Span<byte>> make)
{
    private readonly byte[] _content = new byte[checked(count * size)];
    private readonly bool[] _made = new bool[count];

    /// <summary>All rows. A row contains zeros until it is generated.</summary>
    public ReadOnlyMemory<byte> Content => _content;

    /// <summary>Generates the rows of a range that are not generated yet.</summary>
    public void Make(int start, int length)
    {
        for (int i = start; i < start + length; i++)
        {
            if (Volatile.Read(ref _made[i])) continue;
            make(i, _content.AsSpan(i * size, size));
            Volatile.Write(ref _made[i], true);
        }
    }
}

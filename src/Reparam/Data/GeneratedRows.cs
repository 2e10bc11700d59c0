namespace Reparam.Data;

/// <summary>
/// Rows of bytes that are made when they are first read, so that a part of a set costs what that part costs.
/// </summary>
/// <param name="count">Number of rows.</param>
/// <param name="size">Bytes of a row.</param>
/// <param name="make">
/// Writes row i. Each byte is written once with its final value: two threads may make the same row at the same time,
/// and whoever reads it then reads the same bytes.
/// </param>
internal sealed class GeneratedRows(int count, int size, Action<int, Span<byte>> make)
{
    private readonly byte[] _content = new byte[checked(count * size)];
    private readonly bool[] _made = new bool[count];

    /// <summary>All rows; a row holds zeros until it is made.</summary>
    public ReadOnlyMemory<byte> Content => _content;

    /// <summary>Makes those rows of a run that are not made yet.</summary>
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

using System.Buffers;

namespace Reparam.Data;

/// <summary>Some of the rows of other rows, in any order. Only the numbers of the rows are in memory, 4 bytes
/// each.</summary>
/// <param name="source">The other rows.</param>
/// <param name="rows">The numbers of the selected rows; null for consecutive rows.</param>
/// <param name="first">The first of consecutive rows.</param>
/// <param name="count">The number of selected rows.</param>
internal sealed class SelectedRows(StreamedRows source, int[]? rows, int first, int count)
    : StreamedRows(count, source.Size, source.Kind)
{
    // Rows between two selected ones are read and dropped up to this many elements: reading them takes less time than
    // another read that begins elsewhere.
    private const int LargestGap = 1 << 14;
    private const int LargestRead = 1 << 20; // elements

    private delegate void Reader<T>(int start, Span<T> destination);

    internal override void Read(int start, Span<byte> destination) => Read<byte>(start, destination, source.Read);

    internal override void Read(int start, Span<float> destination) => Read<float>(start, destination, source.Read);

    private void Read<T>(int start, Span<T> destination, Reader<T> read)
    {
        if (rows is null)
        {
            read(first + start, destination);
            return;
        }

        for (int end = start + destination.Length / Size, done = 0; start < end;)
        {
            int next = RunFrom(start, end), from = rows[start], taken = next - start, span = rows[next - 1] - from + 1;
            Span<T> target = destination.Slice(done * Size, taken * Size);
            if (span == taken) read(from, target);
            else Pick(rows.AsSpan(start, taken), span, target, read);
            (start, done) = (next, done + taken);
        }
    }

    /// <summary>The end of a run of ascending rows that lie close to each other, and that one read gives.</summary>
    private int RunFrom(int start, int end)
    {
        int next = start + 1;
        while (next < end && rows![next] > rows[next - 1]
            && (rows[next] == rows[next - 1] + 1 || (long)(rows[next] - rows[next - 1]) * Size <= LargestGap)
            && (rows[next] - rows[start] == next - start || (long)(rows[next] - rows[start] + 1) * Size <= LargestRead))
        {
            next++;
        }

        return next;
    }

    private void Pick<T>(ReadOnlySpan<int> run, int span, Span<T> target, Reader<T> read)
    {
        T[] all = ArrayPool<T>.Shared.Rent(span * Size);
        try
        {
            read(run[0], all.AsSpan(0, span * Size));
            for (int i = 0; i < run.Length; i++)
                all.AsSpan((run[i] - run[0]) * Size, Size).CopyTo(target[(i * Size)..]);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(all);
        }
    }
}

namespace Reparam.Data;

/// <summary>
/// Streamed rows with a window of blocks in memory (<see cref="RowBlocks"/>). A block is read when one of its rows is
/// needed and replaces the block that was not needed for the longest time. So an epoch in the order of
/// <see cref="RowBlocks.Order"/> reads each block once. Several threads may read.
/// </summary>
internal sealed class RowCache(StreamedRows rows)
{
    private readonly int _blockRows = RowBlocks.Rows(rows.Size);
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Slot> _slots = [];
    private readonly int _most = RowBlocks.Window(rows.Size);
    private long _clock;

    /// <summary>The rows.</summary>
    internal StreamedRows Rows => rows;

    /// <summary>Copies consecutive rows of bytes.</summary>
    internal void Copy(int start, int count, Span<byte> destination) =>
        Copy(start, count, destination, slot => slot.Bytes);

    /// <summary>Copies consecutive rows of real numbers.</summary>
    internal void Copy(int start, int count, Span<float> destination) =>
        Copy(start, count, destination, slot => slot.Values);

    private void Copy<T>(int start, int count, Span<T> destination, Func<Slot, T[]> contentOf)
    {
        int size = rows.Size;
        lock (_lock)
        {
            while (count > 0)
            {
                int within = start % _blockRows, taken = Math.Min(count, _blockRows - within);
                contentOf(Block(start / _blockRows)).AsSpan(within * size, taken * size).CopyTo(destination);
                destination = destination[(taken * size)..];
                (start, count) = (start + taken, count - taken);
            }
        }
    }

    private Slot Block(int block)
    {
        if (!_slots.TryGetValue(block, out Slot? slot))
        {
            slot = Free();
            int first = block * _blockRows, length = Math.Min(_blockRows, rows.Count - first) * rows.Size;
            if (rows.Kind == DataKind.Real) rows.Read(first, slot.Values.AsSpan(0, length));
            else rows.Read(first, slot.Bytes.AsSpan(0, length));
            // After a failed read the block is not there.
            _slots.Add(block, slot);
        }

        slot.Used = ++_clock;
        return slot;
    }

    private Slot Free()
    {
        if (_slots.Count < _most)
        {
            int length = (int)Math.Min(_blockRows, (long)rows.Count) * rows.Size;
            return rows.Kind == DataKind.Real ? new Slot([], new float[length]) : new Slot(new byte[length], []);
        }

        int oldest = _slots.MinBy(s => s.Value.Used).Key;
        _slots.Remove(oldest, out Slot? slot);
        return slot!;
    }

    private sealed record Slot(byte[] Bytes, float[] Values)
    {
        public long Used { get; set; }
    }
}

using System.Numerics;

namespace Reparam.Tensors.Memory;

/// <summary>
/// Buffers waiting to be used again, by size class. Classes grow by a quarter of a power of two, so at most a fifth of
/// a buffer is unused. When a new buffer must be made, those that no recent arena used go to the garbage collector:
/// steps of one kind find their buffers again, and a process whose shapes change does not keep one of every size. Safe
/// for concurrent use.
/// </summary>
internal sealed class BufferPool
{
    /// <summary>A buffer that lay unused while so many arenas closed is let go.</summary>
    internal const int ArenasKept = 256;

    private const int SmallestClassBytes = 256;

    // In each list the buffer that has lain unused for longest is the first.
    private readonly Dictionary<long, List<TensorBuffer>> _free = [];
    private readonly Lock _lock = new();
    private long _closed, _trimmed;

    /// <summary>The process-wide pool.</summary>
    public static BufferPool Shared { get; } = new();

    /// <summary>A buffer of <paramref name="length"/> elements with arbitrary content.</summary>
    public TensorBuffer Rent(DType type, int length)
    {
        long bytes = ClassOf((long)length * TensorBuffer.SizeOf(type));
        TensorBuffer? buffer = null;
        lock (_lock)
        {
            if (_free.TryGetValue(bytes, out List<TensorBuffer>? free) && free.Count > 0)
            {
                buffer = free[^1];
                free.RemoveAt(free.Count - 1);
            }
            else if (_trimmed < _closed)
            {
                Trim();
            }
        }

        buffer ??= new TensorBuffer(type, bytes);
        buffer.Use(type, length);
        return buffer;
    }

    /// <summary>Gives a buffer back. The caller keeps no reference.</summary>
    public void Return(TensorBuffer buffer)
    {
        lock (_lock)
        {
            if (!_free.TryGetValue(buffer.CapacityBytes, out List<TensorBuffer>? free))
                _free.Add(buffer.CapacityBytes, free = []);
            buffer.UnusedSince = _closed;
            free.Add(buffer);
        }
    }

    /// <summary>Counts an arena that has given its buffers back.</summary>
    public void CountClosedArena()
    {
        lock (_lock) _closed++;
    }

    private void Trim()
    {
        foreach (List<TensorBuffer> free in _free.Values)
        {
            int old = 0;
            while (old < free.Count && _closed - free[old].UnusedSince > ArenasKept) old++;
            free.RemoveRange(0, old);
        }

        _trimmed = _closed;
    }

    internal static long ClassOf(long bytes)
    {
        if (bytes <= SmallestClassBytes) return SmallestClassBytes;
        long step = (long)BitOperations.RoundUpToPowerOf2((ulong)bytes) >> 3;
        // The uppermost class ends where buffers do; what is larger keeps its size, for the buffer to refuse.
        return Math.Min((bytes + step - 1) / step * step, Math.Max(bytes, TensorBuffer.MaxBytes));
    }
}

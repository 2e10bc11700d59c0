using System.Numerics;

namespace Reparam.Tensors.Memory;

/// <summary>
/// Buffers that wait to be used again, by size class. Successive classes differ by a quarter of a power of two, so at
/// most a fifth of a buffer is unused. When the pool must make a new buffer, it releases the buffers that no recent
/// arena used to the garbage collector. Repeated steps of the same shapes therefore reuse their buffers, and a process
/// whose shapes change does not keep a buffer of every size. Safe for concurrent use.
/// </summary>
internal sealed class BufferPool
{
    /// <summary>The pool releases a buffer that stayed unused while more than this number of arenas closed.</summary>
    internal const int ArenasKept = 256;

    private const int SmallestClassBytes = 256;

    // In each list, the buffer that has been unused for the longest time is first.
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

    /// <summary>Returns a buffer to the pool. The caller must not keep a reference.</summary>
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

    /// <summary>Counts an arena that has returned its buffers.</summary>
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
        // The largest class has the size of the largest buffer. A larger size stays as it is, and TensorBuffer refuses
        // it.
        return Math.Min((bytes + step - 1) / step * step, Math.Max(bytes, TensorBuffer.MaxBytes));
    }
}

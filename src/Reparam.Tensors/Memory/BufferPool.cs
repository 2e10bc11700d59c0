using System.Numerics;

namespace Reparam.Tensors.Memory;

/// <summary>
/// Buffers waiting to be used again, by size class. Classes grow by a quarter of a power of two, so at most a fifth of a
/// buffer is unused. Safe for concurrent use.
/// </summary>
internal sealed class BufferPool
{
    private const int SmallestClassBytes = 256;

    private readonly Dictionary<long, Stack<TensorBuffer>> _free = [];
    private readonly Lock _lock = new();

    /// <summary>The process-wide pool.</summary>
    public static BufferPool Shared { get; } = new();

    /// <summary>A buffer of <paramref name="length"/> elements with arbitrary content.</summary>
    public TensorBuffer Rent(DType type, int length)
    {
        long bytes = ClassOf((long)length * TensorBuffer.SizeOf(type));
        TensorBuffer? buffer = null;
        lock (_lock)
        {
            if (_free.TryGetValue(bytes, out Stack<TensorBuffer>? stack)) stack.TryPop(out buffer);
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
            if (!_free.TryGetValue(buffer.CapacityBytes, out Stack<TensorBuffer>? stack))
                _free.Add(buffer.CapacityBytes, stack = new Stack<TensorBuffer>());
            stack.Push(buffer);
        }
    }

    internal static long ClassOf(long bytes)
    {
        if (bytes <= SmallestClassBytes) return SmallestClassBytes;
        long step = (long)BitOperations.RoundUpToPowerOf2((ulong)bytes) >> 3;
        // The uppermost class ends where buffers do; what is larger keeps its size, for the buffer to refuse.
        return Math.Min((bytes + step - 1) / step * step, Math.Max(bytes, TensorBuffer.MaxBytes));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reparam.Tensors.Memory;

/// <summary>
/// Contiguous elements of one type in pinned, 64-byte aligned managed memory. Operations pass buffers to a
/// <c>Backend</c>; nothing else touches the memory. The array lives on the pinned object heap. The garbage collector
/// frees a buffer that is not returned to the pool, so there is nothing to dispose and no finalizer.
/// </summary>
internal sealed unsafe class TensorBuffer
{
    private const int Alignment = 64;

    private readonly byte[] _array;
    private readonly int _offset;

    /// <summary>Bytes of the largest buffer: the largest array minus the slack.</summary>
    public static long MaxBytes => Array.MaxLength - 2 * Alignment;

    internal TensorBuffer(DType type, long capacityBytes)
    {
        if (capacityBytes > MaxBytes)
        {
            throw new ArgumentException($"A tensor of {capacityBytes} bytes is larger than the largest buffer " +
                $"({MaxBytes} bytes); split it.", nameof(capacityBytes));
        }

        DType = type;
        CapacityBytes = capacityBytes;
        // The slack behind the data lets kernels load and store whole vectors past the last element.
        _array = GC.AllocateUninitializedArray<byte>(checked((int)(capacityBytes + 2 * Alignment)), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref _array[0]);
        Pointer = (byte*)((address + Alignment - 1) & ~(Alignment - 1));
        _offset = (int)(Pointer - (byte*)address);
    }

    private TensorBuffer(DType type, int length)
    {
        (DType, Length) = (type, length);
        _array = [];
    }

    public DType DType { get; private set; }

    /// <summary>Number of elements in use.</summary>
    public int Length { get; private set; }

    /// <summary>Start of the data, 64-byte aligned. The pointer does not keep the memory alive: code that uses the
    /// pointer must keep the buffer alive until the work is done (<see cref="GC.KeepAlive"/>).</summary>
    public byte* Pointer { get; }

    internal long CapacityBytes { get; }

    /// <summary>The number of arenas that had closed when this buffer returned to the pool.</summary>
    internal long UnusedSince { get; set; }

    /// <summary>The elements. The span is made from a reference, not from the pointer, so that it keeps the memory
    /// alive.</summary>
    public Span<T> AsSpan<T>()
        where T : unmanaged => MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref _array[_offset]), Length);

    public static int SizeOf(DType type) => type == DType.Float32 ? sizeof(float) : sizeof(double);

    /// <summary>A buffer without memory, for the backend that touches no memory: its pointer is null, and making a span
    /// of it throws.</summary>
    internal static TensorBuffer Hollow(DType type, int length) => new(type, length);

    internal void Use(DType type, int length)
    {
        DType = type;
        Length = length;
    }
}

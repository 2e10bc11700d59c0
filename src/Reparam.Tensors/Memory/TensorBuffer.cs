using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Memory;

/// <summary>
/// A run of elements of one type in pinned, 64-byte aligned managed memory. Buffers are handed to a <c>Backend</c>;
/// nothing else touches the memory. The array lives on the pinned object heap: a buffer that nobody returns to the pool is
/// ordinary garbage, so there is nothing to dispose and no finalizer.
/// </summary>
internal sealed unsafe class TensorBuffer
{
    private const int Alignment = 64;

    private readonly byte[] _array;

    internal TensorBuffer(DType type, long capacityBytes)
    {
        DType = type;
        CapacityBytes = capacityBytes;
        // The slack behind the data lets kernels load and store whole vectors past the last element.
        _array = GC.AllocateUninitializedArray<byte>(checked((int)(capacityBytes + 2 * Alignment)), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref _array[0]);
        Pointer = (byte*)((address + Alignment - 1) & ~(Alignment - 1));
    }

    public DType DType { get; private set; }

    /// <summary>Number of elements in use.</summary>
    public int Length { get; private set; }

    /// <summary>Start of the data, 64-byte aligned.</summary>
    public byte* Pointer { get; }

    internal long CapacityBytes { get; }

    public float* Float32 => (float*)Pointer;

    public double* Float64 => (double*)Pointer;

    public Span<T> AsSpan<T>() where T : unmanaged => new(Pointer, Length);

    public static int SizeOf(DType type) => type == DType.Float32 ? sizeof(float) : sizeof(double);

    internal void Use(DType type, int length)
    {
        DType = type;
        Length = length;
    }
}

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Working memory of a thread, which is kept between calls and grows if needed, so that packed panels and
/// partial sums need no allocation per call.</summary>
internal static unsafe class Scratch
{
    private const int Alignment = 64;

    [ThreadStatic]
    private static byte[]?[]? t_arrays;

    /// <summary>At least <paramref name="bytes"/> bytes, 64-byte aligned, followed by one vector of slack. The contents
    /// are undefined. The memory belongs to the caller until the thread takes the same slot again.</summary>
    public static byte* Take(int slot, long bytes)
    {
        t_arrays ??= new byte[8][];
        byte[]? array = t_arrays[slot];
        long needed = bytes + 2 * Alignment;
        if (array is null || array.Length < needed)
        {
            // The memory grows by at least half, so that slowly growing work does not allocate at every call.
            long size = Math.Max(needed, Math.Min(array is null ? 4096 : array.Length * 3L / 2, Array.MaxLength));
            t_arrays[slot] = array = GC.AllocateUninitializedArray<byte>(checked((int)size), pinned: true);
        }

        nint address = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref array[0]);
        return (byte*)((address + Alignment - 1) & ~(Alignment - 1));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Copies a strip of a matrix to a panel: for every k, the <c>width</c> elements of the strip side by side. If the
/// matrix has fewer elements, the rest of the panel keeps its old content; the tile computes with it and does not store
/// the results.
/// </summary>
internal static unsafe class Packing
{
    /// <summary>Whether <see cref="Low(Vector128{float}, Vector128{float})"/> and the related functions are
    /// available.</summary>
    public static bool HasZips => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>For a strip whose elements are contiguous in memory: rows of a stored [depth, extent] matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Straight(byte* source, long stride, int valid, int width, int depth, int element, byte* panel)
    {
        uint bytes = (uint)(valid * element);
        long step = (long)width * element;
        if ((bytes & 15) == 0)
        {
            for (; depth > 0; depth--, source += stride, panel += step)
            {
                for (uint i = 0; i < bytes; i += 16) Vector128.Store(Vector128.Load(source + i), panel + i);
            }

            return;
        }

        for (; depth > 0; depth--, source += stride, panel += step)
        {
            Unsafe.CopyBlockUnaligned(panel, source, bytes);
        }
    }

    /// <summary>For a strip whose elements are <paramref name="stride"/> bytes apart: transposes a stored [extent,
    /// depth] matrix, one cache line of every row at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Transposed(byte* source, long stride, int valid, int width, int depth, int element, byte* panel)
    {
        int line = 64 / element;
        for (int k = 0; k < depth; k += line)
        {
            int count = Math.Min(line, depth - k);
            byte* from = source + (long)k * element;
            byte* to = panel + (long)k * width * element;
            if (element == 4) Singles((float*)from, stride / 4, valid, width, count, (float*)to);
            else Doubles((double*)from, stride / 8, valid, width, count, (double*)to);
        }
    }

    /// <summary>Copies a stored [depth, extent] matrix to its transpose.</summary>
    public static void Columns(byte* source, int depth, int extent, int element, byte* turned)
    {
        if (extent >= 4) Transposed(source, (long)extent * element, depth, depth, extent, element, turned);
        else if (element == 8) Few((double*)source, depth, extent, (double*)turned);
        else if (extent == 2 && HasZips) Two((float*)source, depth, (float*)turned);
        else Few((float*)source, depth, extent, (float*)turned);
    }

    /// <summary>Separates the elements of pairs, four pairs at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Two(float* source, int depth, float* turned)
    {
        int k = 0;
        for (; k <= depth - 4; k += 4)
        {
            Vector128<float> first = Vector128.Load(source + 2 * k), second = Vector128.Load(source + 2 * k + 4);
            Vector128<float> even = Low(first, second), odd = High(first, second);
            Vector128.Store(Low(even, odd), turned + k);
            Vector128.Store(High(even, odd), turned + depth + k);
        }

        for (; k < depth; k++) (turned[k], turned[depth + k]) = (source[2 * k], source[2 * k + 1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Few<T>(T* source, int depth, int extent, T* turned)
        where T : unmanaged
    {
        for (int i = 0; i < extent; i++, turned += depth)
        {
            T* from = source + i;
            for (int k = 0; k < depth; k++, from += extent) turned[k] = *from;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Singles(float* source, long stride, int valid, int width, int depth, float* panel)
    {
        int row = 0;
        if (Avx.IsSupported)
        {
            for (; row <= valid - 8; row += 8) Eight(source + row * stride, stride, width, depth, panel + row);
        }

        if (HasZips)
        {
            for (; row <= valid - 4; row += 4)
            {
                float* from = source + row * stride;
                float* to = panel + row;
                int k = 0;
                for (; k <= depth - 4; k += 4, from += 4, to += 4 * width)
                {
                    Vector128<float> r0 = Vector128.Load(from), r1 = Vector128.Load(from + stride);
                    Vector128<float> r2 = Vector128.Load(from + 2 * stride), r3 = Vector128.Load(from + 3 * stride);
                    // Pairs of rows, then pairs of pairs.
                    Vector128<double> a0 = Low(r0, r1).AsDouble(), a1 = Low(r2, r3).AsDouble();
                    Vector128<double> b0 = High(r0, r1).AsDouble(), b1 = High(r2, r3).AsDouble();
                    Vector128.Store(Low(a0, a1).AsSingle(), to);
                    Vector128.Store(High(a0, a1).AsSingle(), to + width);
                    Vector128.Store(Low(b0, b1).AsSingle(), to + 2 * width);
                    Vector128.Store(High(b0, b1).AsSingle(), to + 3 * width);
                }

                for (; k < depth; k++, from++, to += width)
                {
                    for (int i = 0; i < 4; i++) to[i] = from[i * stride];
                }
            }
        }

        Rest(source, stride, row, valid, width, depth, panel);
    }

    /// <summary>Eight rows at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Eight(float* source, long stride, int width, int depth, float* panel)
    {
        int k = 0;
        for (; k <= depth - 4; k += 4, source += 4, panel += 4 * width)
        {
            TurnedColumns.Transpose(source, stride, out Vector256<float> v0, out Vector256<float> v1,
                out Vector256<float> v2, out Vector256<float> v3);
            Vector256.Store(v0, panel);
            Vector256.Store(v1, panel + width);
            Vector256.Store(v2, panel + 2 * width);
            Vector256.Store(v3, panel + 3 * width);
        }

        for (; k < depth; k++, source++, panel += width)
        {
            for (int i = 0; i < 8; i++) panel[i] = source[i * stride];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Doubles(double* source, long stride, int valid, int width, int depth, double* panel)
    {
        int row = 0;
        if (Sse2.IsSupported || AdvSimd.Arm64.IsSupported)
        {
            for (; row <= valid - 2; row += 2)
            {
                double* from = source + row * stride;
                double* to = panel + row;
                int k = 0;
                for (; k <= depth - 2; k += 2, from += 2, to += 2 * width)
                {
                    Vector128<double> r0 = Vector128.Load(from), r1 = Vector128.Load(from + stride);
                    Vector128.Store(Low(r0, r1), to);
                    Vector128.Store(High(r0, r1), to + width);
                }

                if (k < depth) (to[0], to[1]) = (from[0], from[stride]);
            }
        }

        Rest(source, stride, row, valid, width, depth, panel);
    }

    /// <summary>The remaining rows, which do not fill a vector.</summary>
    private static void Rest<T>(T* source, long stride, int row, int valid, int width, int depth, T* panel)
        where T : unmanaged
    {
        for (; row < valid; row++)
        {
            for (int k = 0; k < depth; k++) panel[(long)k * width + row] = source[row * stride + k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Low(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> High(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}

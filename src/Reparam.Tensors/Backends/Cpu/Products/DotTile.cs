using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Dot products of rows of a with columns of b, both contiguous along k. An element of c is a sum in
/// <see cref="Count"/> lanes: lane l is one chain of fused multiply-adds over k = l, l + 16, l + 32, ...; if the depth
/// is not a multiple of 16, the last step takes the last 16 elements, with zeros for the elements that were already
/// counted. The lanes are folded by halves. Vectors with fewer than 16 elements compute their lanes one vector after
/// another, so every width gives the same bits.
/// </summary>
internal static unsafe class DotTile
{
    /// <summary>Number of lanes: part of the reproducibility contract, so it must not be tuned per machine.</summary>
    public const int Count = 16;

    /// <summary>Columns of a tile.</summary>
    public const int Columns = 4;

    /// <summary>Largest number of rows of a tile.</summary>
    public const int MaxRows = 4;

    /// <summary>Bytes of the lanes of a tile, and of a mask (see <see cref="Mask"/>).</summary>
    public const int LaneBytes = MaxRows * Columns * Count * 8, MaskBytes = 2 * Count * 8;

    /// <summary>The number of rows of the next tile if <paramref name="rows"/> rows are left. The accumulators stay in
    /// registers, of which narrower vectors have half as many.</summary>
    public static int Rows<L>(int rows) where L : struct, ILanes<L> => rows >= 4 && L.Count * L.ElementSize == 64 ? 4
        : rows >= 2 ? 2 : 1;

    /// <summary>Writes the mask of the last, partial step: all bits set for its last <paramref name="rest"/>
    /// elements.</summary>
    public static byte* Mask(byte* memory, int rest, int element)
    {
        new Span<byte>(memory, MaskBytes / 2).Clear();
        new Span<byte>(memory + MaskBytes / 2, MaskBytes / 2).Fill(0xFF);
        return memory + MaskBytes / 2 - (Count - rest) * element;
    }

    /// <summary>Writes the lanes of rows x columns dot products to <paramref name="lanes"/>, four dot products per row.
    /// Rows of a are rowA bytes apart, columns of b rowB.</summary>
    public static void Run<L>(
        int rows, int columns, byte* a, long rowA, byte* b, long rowB, int depth, byte* mask, byte* lanes)
        where L : struct, ILanes<L>
    {
        long whole = depth / Count * Count * L.ElementSize, rest = depth % Count == 0 ? -1
            : (depth - Count) * L.ElementSize;
        if (rows == 4 && columns <= 2) Rows4x2<L>(a, rowA, b, rowB, columns, whole, rest, mask, lanes);
        else if (rows == 4) Rows4x4<L>(a, rowA, b, rowB, columns, whole, rest, mask, lanes);
        else if (rows == 2) Rows2x4<L>(a, rowA, b, rowB, columns, whole, rest, mask, lanes);
        else Rows1x4<L>(a, rowA, b, rowB, columns, whole, rest, mask, lanes);
    }

    /// <summary>c[rows, columns] = the folded lanes (+ bias).</summary>
    public static void Store<L>(byte* lanes, int rows, int columns, byte* c, long strideC, byte* bias)
        where L : struct, ILanes<L>
    {
        if (!L.IsSingle) Store<double>((double*)lanes, rows, columns, (double*)c, strideC, (double*)bias);
        else if (Packing.HasZips) Store((float*)lanes, rows, columns, (float*)c, strideC, (float*)bias);
        else Store<float>((float*)lanes, rows, columns, (float*)c, strideC, (float*)bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Store(float* lanes, int rows, int columns, float* c, long strideC, float* bias)
    {
        Vector128<float> offset = bias == null ? default : columns == Columns ? Vector128.Load(bias)
            : Vector128.Create(bias[0], columns > 1 ? bias[1] : 0, columns > 2 ? bias[2] : 0, 0);
        for (; rows > 0; rows--, lanes += Columns * Count, c += strideC)
        {
            // The lanes are folded by halves until four are left. The last four lanes of two dot products are folded in
            // one vector.
            Vector128<float> s0 = Quarter(lanes), s1 = Quarter(lanes + Count), s2 = Quarter(lanes + 2 * Count),
                s3 = Quarter(lanes + 3 * Count);
            Vector128<double> low = (Packing.Low(s0, s1) + Packing.High(s0, s1)).AsDouble(),
                high = (Packing.Low(s2, s3) + Packing.High(s2, s3)).AsDouble();
            Put(Packing.Low(low, high).AsSingle() + Packing.High(low, high).AsSingle(), columns, c,
                bias != null, offset);
        }
    }

    private static void Store<T>(T* lanes, int rows, int columns, T* c, long strideC, T* bias)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        for (; rows > 0; rows--, lanes += Columns * Count, c += strideC)
        {
            for (int j = 0; j < columns; j++)
            {
                T* sums = lanes + j * Count;
                for (int half = Count / 2; half > 0; half /= 2)
                {
                    for (int i = 0; i < half; i++) sums[i] += sums[i + half];
                }

                c[j] = bias == null ? sums[0] : sums[0] + bias[j];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector128<float> sum, int columns, float* c, bool hasBias, Vector128<float> offset)
    {
        if (hasBias) sum += offset;
        if (columns == Columns)
        {
            Vector128.Store(sum, c);
            return;
        }

        if (columns == 1) c[0] = sum.ToScalar();
        else Vector64.Store(sum.GetLower(), c);
        if (columns == 3) c[2] = sum.GetElement(2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Quarter(float* lanes) =>
        (Vector128.Load(lanes) + Vector128.Load(lanes + 8)) + (Vector128.Load(lanes + 4) + Vector128.Load(lanes + 12));

    /// <summary>Four rows times up to four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4x4<L>(
        byte* a, long rowA, byte* b, long rowB, int columns, long whole, long rest, byte* mask, byte* lanes)
        where L : struct, ILanes<L>
    {
        long vector = L.Count * L.ElementSize, step = Count * L.ElementSize;
        byte* a1 = a + rowA, a2 = a + 2 * rowA, a3 = a + 3 * rowA;
        byte* b1 = columns > 1 ? b + rowB : b, b2 = columns > 2 ? b1 + rowB : b1, b3 = columns > 3 ? b2 + rowB : b2;
        for (long at = 0; at < step; at += vector, lanes += vector)
        {
            L c00 = L.Zero, c01 = L.Zero, c02 = L.Zero, c03 = L.Zero;
            L c10 = L.Zero, c11 = L.Zero, c12 = L.Zero, c13 = L.Zero;
            L c20 = L.Zero, c21 = L.Zero, c22 = L.Zero, c23 = L.Zero;
            L c30 = L.Zero, c31 = L.Zero, c32 = L.Zero, c33 = L.Zero;
            for (long i = at; i < whole; i += step)
            {
                L y0 = L.Load(b + i), y1 = L.Load(b1 + i), y2 = L.Load(b2 + i), y3 = L.Load(b3 + i);
                L x = L.Load(a + i);
                c00 = L.Fma(x, y0, c00);
                c01 = L.Fma(x, y1, c01);
                c02 = L.Fma(x, y2, c02);
                c03 = L.Fma(x, y3, c03);
                x = L.Load(a1 + i);
                c10 = L.Fma(x, y0, c10);
                c11 = L.Fma(x, y1, c11);
                c12 = L.Fma(x, y2, c12);
                c13 = L.Fma(x, y3, c13);
                x = L.Load(a2 + i);
                c20 = L.Fma(x, y0, c20);
                c21 = L.Fma(x, y1, c21);
                c22 = L.Fma(x, y2, c22);
                c23 = L.Fma(x, y3, c23);
                x = L.Load(a3 + i);
                c30 = L.Fma(x, y0, c30);
                c31 = L.Fma(x, y1, c31);
                c32 = L.Fma(x, y2, c32);
                c33 = L.Fma(x, y3, c33);
            }

            if (rest >= 0)
            {
                L keep = L.Load(mask + at);
                long last = rest + at;
                L y0 = L.Load(b + last) & keep, y1 = L.Load(b1 + last) & keep, y2 = L.Load(b2 + last) & keep,
                    y3 = L.Load(b3 + last) & keep;
                L x = L.Load(a + last) & keep;
                c00 = L.Fma(x, y0, c00);
                c01 = L.Fma(x, y1, c01);
                c02 = L.Fma(x, y2, c02);
                c03 = L.Fma(x, y3, c03);
                x = L.Load(a1 + last) & keep;
                c10 = L.Fma(x, y0, c10);
                c11 = L.Fma(x, y1, c11);
                c12 = L.Fma(x, y2, c12);
                c13 = L.Fma(x, y3, c13);
                x = L.Load(a2 + last) & keep;
                c20 = L.Fma(x, y0, c20);
                c21 = L.Fma(x, y1, c21);
                c22 = L.Fma(x, y2, c22);
                c23 = L.Fma(x, y3, c23);
                x = L.Load(a3 + last) & keep;
                c30 = L.Fma(x, y0, c30);
                c31 = L.Fma(x, y1, c31);
                c32 = L.Fma(x, y2, c32);
                c33 = L.Fma(x, y3, c33);
            }

            L.Store(c00, lanes);
            L.Store(c01, lanes + step);
            L.Store(c02, lanes + 2 * step);
            L.Store(c03, lanes + 3 * step);
            L.Store(c10, lanes + 4 * step);
            L.Store(c11, lanes + 5 * step);
            L.Store(c12, lanes + 6 * step);
            L.Store(c13, lanes + 7 * step);
            L.Store(c20, lanes + 8 * step);
            L.Store(c21, lanes + 9 * step);
            L.Store(c22, lanes + 10 * step);
            L.Store(c23, lanes + 11 * step);
            L.Store(c30, lanes + 12 * step);
            L.Store(c31, lanes + 13 * step);
            L.Store(c32, lanes + 14 * step);
            L.Store(c33, lanes + 15 * step);
        }
    }

    /// <summary>Four rows times two columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4x2<L>(
        byte* a, long rowA, byte* b, long rowB, int columns, long whole, long rest, byte* mask, byte* lanes)
        where L : struct, ILanes<L>
    {
        long vector = L.Count * L.ElementSize, step = Count * L.ElementSize;
        byte* a1 = a + rowA, a2 = a + 2 * rowA, a3 = a + 3 * rowA;
        byte* b1 = columns > 1 ? b + rowB : b;
        for (long at = 0; at < step; at += vector, lanes += vector)
        {
            L c00 = L.Zero, c01 = L.Zero;
            L c10 = L.Zero, c11 = L.Zero;
            L c20 = L.Zero, c21 = L.Zero;
            L c30 = L.Zero, c31 = L.Zero;
            for (long i = at; i < whole; i += step)
            {
                L y0 = L.Load(b + i), y1 = L.Load(b1 + i);
                L x = L.Load(a + i);
                c00 = L.Fma(x, y0, c00);
                c01 = L.Fma(x, y1, c01);
                x = L.Load(a1 + i);
                c10 = L.Fma(x, y0, c10);
                c11 = L.Fma(x, y1, c11);
                x = L.Load(a2 + i);
                c20 = L.Fma(x, y0, c20);
                c21 = L.Fma(x, y1, c21);
                x = L.Load(a3 + i);
                c30 = L.Fma(x, y0, c30);
                c31 = L.Fma(x, y1, c31);
            }

            if (rest >= 0)
            {
                L keep = L.Load(mask + at);
                long last = rest + at;
                L y0 = L.Load(b + last) & keep, y1 = L.Load(b1 + last) & keep;
                L x = L.Load(a + last) & keep;
                c00 = L.Fma(x, y0, c00);
                c01 = L.Fma(x, y1, c01);
                x = L.Load(a1 + last) & keep;
                c10 = L.Fma(x, y0, c10);
                c11 = L.Fma(x, y1, c11);
                x = L.Load(a2 + last) & keep;
                c20 = L.Fma(x, y0, c20);
                c21 = L.Fma(x, y1, c21);
                x = L.Load(a3 + last) & keep;
                c30 = L.Fma(x, y0, c30);
                c31 = L.Fma(x, y1, c31);
            }

            L.Store(c00, lanes);
            L.Store(c01, lanes + step);
            L.Store(c10, lanes + 4 * step);
            L.Store(c11, lanes + 5 * step);
            L.Store(c20, lanes + 8 * step);
            L.Store(c21, lanes + 9 * step);
            L.Store(c30, lanes + 12 * step);
            L.Store(c31, lanes + 13 * step);
        }
    }

    /// <summary>Two rows times up to four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows2x4<L>(
        byte* a, long rowA, byte* b, long rowB, int columns, long whole, long rest, byte* mask, byte* lanes)
        where L : struct, ILanes<L>
    {
        long vector = L.Count * L.ElementSize, step = Count * L.ElementSize;
        byte* a1 = a + rowA;
        byte* b1 = columns > 1 ? b + rowB : b, b2 = columns > 2 ? b1 + rowB : b1, b3 = columns > 3 ? b2 + rowB : b2;
        for (long at = 0; at < step; at += vector, lanes += vector)
        {
            L c00 = L.Zero, c01 = L.Zero, c02 = L.Zero, c03 = L.Zero;
            L c10 = L.Zero, c11 = L.Zero, c12 = L.Zero, c13 = L.Zero;
            for (long i = at; i < whole; i += step)
            {
                L y0 = L.Load(b + i), y1 = L.Load(b1 + i), y2 = L.Load(b2 + i), y3 = L.Load(b3 + i);
                L x = L.Load(a + i);
                c00 = L.Fma(x, y0, c00);
                c01 = L.Fma(x, y1, c01);
                c02 = L.Fma(x, y2, c02);
                c03 = L.Fma(x, y3, c03);
                x = L.Load(a1 + i);
                c10 = L.Fma(x, y0, c10);
                c11 = L.Fma(x, y1, c11);
                c12 = L.Fma(x, y2, c12);
                c13 = L.Fma(x, y3, c13);
            }

            if (rest >= 0)
            {
                L keep = L.Load(mask + at);
                long last = rest + at;
                L y0 = L.Load(b + last) & keep, y1 = L.Load(b1 + last) & keep, y2 = L.Load(b2 + last) & keep,
                    y3 = L.Load(b3 + last) & keep;
                L x = L.Load(a + last) & keep;
                c00 = L.Fma(x, y0, c00);
                c01 = L.Fma(x, y1, c01);
                c02 = L.Fma(x, y2, c02);
                c03 = L.Fma(x, y3, c03);
                x = L.Load(a1 + last) & keep;
                c10 = L.Fma(x, y0, c10);
                c11 = L.Fma(x, y1, c11);
                c12 = L.Fma(x, y2, c12);
                c13 = L.Fma(x, y3, c13);
            }

            L.Store(c00, lanes);
            L.Store(c01, lanes + step);
            L.Store(c02, lanes + 2 * step);
            L.Store(c03, lanes + 3 * step);
            L.Store(c10, lanes + 4 * step);
            L.Store(c11, lanes + 5 * step);
            L.Store(c12, lanes + 6 * step);
            L.Store(c13, lanes + 7 * step);
        }
    }

    /// <summary>One row times up to four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows1x4<L>(
        byte* a, long rowA, byte* b, long rowB, int columns, long whole, long rest, byte* mask, byte* lanes)
        where L : struct, ILanes<L>
    {
        long vector = L.Count * L.ElementSize, step = Count * L.ElementSize;
        byte* b1 = columns > 1 ? b + rowB : b, b2 = columns > 2 ? b1 + rowB : b1, b3 = columns > 3 ? b2 + rowB : b2;
        for (long at = 0; at < step; at += vector, lanes += vector)
        {
            L c00 = L.Zero, c01 = L.Zero, c02 = L.Zero, c03 = L.Zero;
            for (long i = at; i < whole; i += step)
            {
                L y0 = L.Load(b + i), y1 = L.Load(b1 + i), y2 = L.Load(b2 + i), y3 = L.Load(b3 + i);
                L x = L.Load(a + i);
                c00 = L.Fma(x, y0, c00);
                c01 = L.Fma(x, y1, c01);
                c02 = L.Fma(x, y2, c02);
                c03 = L.Fma(x, y3, c03);
            }

            if (rest >= 0)
            {
                L keep = L.Load(mask + at);
                long last = rest + at;
                L y0 = L.Load(b + last) & keep, y1 = L.Load(b1 + last) & keep, y2 = L.Load(b2 + last) & keep,
                    y3 = L.Load(b3 + last) & keep;
                L x = L.Load(a + last) & keep;
                c00 = L.Fma(x, y0, c00);
                c01 = L.Fma(x, y1, c01);
                c02 = L.Fma(x, y2, c02);
                c03 = L.Fma(x, y3, c03);
            }

            L.Store(c00, lanes);
            L.Store(c01, lanes + step);
            L.Store(c02, lanes + 2 * step);
            L.Store(c03, lanes + 3 * step);
        }
    }
}

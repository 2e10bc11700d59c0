using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// <see cref="DotTile"/> for Float32 with 512-bit vectors. The results have the same bits, but one vector contains all
/// lanes of a dot product. Twenty-four such vectors stay in registers and are folded there, with the sums of four
/// columns in one vector.
/// </summary>
internal static unsafe class DotTile512
{
    /// <summary>Whether a tile can use this class: Float32, 512-bit vectors and four columns.</summary>
    public static bool Fits<L>(int columns) where L : struct, ILanes<L> =>
        Avx512F.IsSupported && L.IsSingle && L.Count == DotTile.Count && columns == DotTile.Columns;

    /// <summary>Smallest number of rows of a tile.</summary>
    public const int LeastRows = 4;

    /// <summary>The number of rows of the next tile if <paramref name="rows"/> rows are left, at least four: six, or
    /// four if four, five or eight are left. Eight rows are two tiles of four.</summary>
    public static int Rows(int rows) => rows >= 6 && rows != 8 ? 6 : LeastRows;

    /// <summary>c[rows, 4] = a b (+ bias) for six or four rows. Rows of a are rowA elements apart, columns of b rowB; a
    /// <paramref name="depth"/> that is not a multiple of 16 must be at least 16.</summary>
    public static void Run(
        int rows, float* a, long rowA, float* b, long rowB, int depth, float* mask, float* c, long rowC, float* bias)
    {
        if (rows == 6) Six(a, rowA, b, rowB, depth, mask, c, rowC, bias);
        else Four(a, rowA, b, rowB, depth, mask, c, rowC, bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Six(
        float* a, long rowA, float* b, long rowB, int depth, float* mask, float* c, long rowC, float* bias)
    {
        float* a1 = a + rowA, a2 = a + 2 * rowA, a3 = a + 3 * rowA, a4 = a + 4 * rowA, a5 = a + 5 * rowA;
        float* b1 = b + rowB, b2 = b + 2 * rowB, b3 = b + 3 * rowB;
        Vector512<float> c00 = default, c01 = default, c02 = default, c03 = default;
        Vector512<float> c10 = default, c11 = default, c12 = default, c13 = default;
        Vector512<float> c20 = default, c21 = default, c22 = default, c23 = default;
        Vector512<float> c30 = default, c31 = default, c32 = default, c33 = default;
        Vector512<float> c40 = default, c41 = default, c42 = default, c43 = default;
        Vector512<float> c50 = default, c51 = default, c52 = default, c53 = default;
        long whole = depth / DotTile.Count * DotTile.Count;
        for (long i = 0; i < whole; i += DotTile.Count)
        {
            Vector512<float> y0 = Vector512.Load(b + i), y1 = Vector512.Load(b1 + i), y2 = Vector512.Load(b2 + i),
                y3 = Vector512.Load(b3 + i);
            Vector512<float> x = Vector512.Load(a + i);
            c00 = Avx512F.FusedMultiplyAdd(x, y0, c00);
            c01 = Avx512F.FusedMultiplyAdd(x, y1, c01);
            c02 = Avx512F.FusedMultiplyAdd(x, y2, c02);
            c03 = Avx512F.FusedMultiplyAdd(x, y3, c03);
            x = Vector512.Load(a1 + i);
            c10 = Avx512F.FusedMultiplyAdd(x, y0, c10);
            c11 = Avx512F.FusedMultiplyAdd(x, y1, c11);
            c12 = Avx512F.FusedMultiplyAdd(x, y2, c12);
            c13 = Avx512F.FusedMultiplyAdd(x, y3, c13);
            x = Vector512.Load(a2 + i);
            c20 = Avx512F.FusedMultiplyAdd(x, y0, c20);
            c21 = Avx512F.FusedMultiplyAdd(x, y1, c21);
            c22 = Avx512F.FusedMultiplyAdd(x, y2, c22);
            c23 = Avx512F.FusedMultiplyAdd(x, y3, c23);
            x = Vector512.Load(a3 + i);
            c30 = Avx512F.FusedMultiplyAdd(x, y0, c30);
            c31 = Avx512F.FusedMultiplyAdd(x, y1, c31);
            c32 = Avx512F.FusedMultiplyAdd(x, y2, c32);
            c33 = Avx512F.FusedMultiplyAdd(x, y3, c33);
            x = Vector512.Load(a4 + i);
            c40 = Avx512F.FusedMultiplyAdd(x, y0, c40);
            c41 = Avx512F.FusedMultiplyAdd(x, y1, c41);
            c42 = Avx512F.FusedMultiplyAdd(x, y2, c42);
            c43 = Avx512F.FusedMultiplyAdd(x, y3, c43);
            x = Vector512.Load(a5 + i);
            c50 = Avx512F.FusedMultiplyAdd(x, y0, c50);
            c51 = Avx512F.FusedMultiplyAdd(x, y1, c51);
            c52 = Avx512F.FusedMultiplyAdd(x, y2, c52);
            c53 = Avx512F.FusedMultiplyAdd(x, y3, c53);
        }

        if (whole != depth)
        {
            Vector512<float> keep = Vector512.Load(mask);
            long i = depth - DotTile.Count;
            Vector512<float> y0 = Vector512.Load(b + i) & keep, y1 = Vector512.Load(b1 + i) & keep,
                y2 = Vector512.Load(b2 + i) & keep, y3 = Vector512.Load(b3 + i) & keep;
            Vector512<float> x = Vector512.Load(a + i) & keep;
            c00 = Avx512F.FusedMultiplyAdd(x, y0, c00);
            c01 = Avx512F.FusedMultiplyAdd(x, y1, c01);
            c02 = Avx512F.FusedMultiplyAdd(x, y2, c02);
            c03 = Avx512F.FusedMultiplyAdd(x, y3, c03);
            x = Vector512.Load(a1 + i) & keep;
            c10 = Avx512F.FusedMultiplyAdd(x, y0, c10);
            c11 = Avx512F.FusedMultiplyAdd(x, y1, c11);
            c12 = Avx512F.FusedMultiplyAdd(x, y2, c12);
            c13 = Avx512F.FusedMultiplyAdd(x, y3, c13);
            x = Vector512.Load(a2 + i) & keep;
            c20 = Avx512F.FusedMultiplyAdd(x, y0, c20);
            c21 = Avx512F.FusedMultiplyAdd(x, y1, c21);
            c22 = Avx512F.FusedMultiplyAdd(x, y2, c22);
            c23 = Avx512F.FusedMultiplyAdd(x, y3, c23);
            x = Vector512.Load(a3 + i) & keep;
            c30 = Avx512F.FusedMultiplyAdd(x, y0, c30);
            c31 = Avx512F.FusedMultiplyAdd(x, y1, c31);
            c32 = Avx512F.FusedMultiplyAdd(x, y2, c32);
            c33 = Avx512F.FusedMultiplyAdd(x, y3, c33);
            x = Vector512.Load(a4 + i) & keep;
            c40 = Avx512F.FusedMultiplyAdd(x, y0, c40);
            c41 = Avx512F.FusedMultiplyAdd(x, y1, c41);
            c42 = Avx512F.FusedMultiplyAdd(x, y2, c42);
            c43 = Avx512F.FusedMultiplyAdd(x, y3, c43);
            x = Vector512.Load(a5 + i) & keep;
            c50 = Avx512F.FusedMultiplyAdd(x, y0, c50);
            c51 = Avx512F.FusedMultiplyAdd(x, y1, c51);
            c52 = Avx512F.FusedMultiplyAdd(x, y2, c52);
            c53 = Avx512F.FusedMultiplyAdd(x, y3, c53);
        }

        Vector512<float> first = Pair(Quarter(c00, c01, c02, c03), Quarter(c10, c11, c12, c13)),
            second = Pair(Quarter(c20, c21, c22, c23), Quarter(c30, c31, c32, c33));
        Vector512<float> third = Pair(Quarter(c40, c41, c42, c43), Quarter(c50, c51, c52, c53));
        Vector128<float> offset = bias == null ? default : Vector128.Load(bias);
        Put(Whole(first, second), c, rowC, offset, bias != null);
        Vector256<float> last = Whole(third, third).GetLower();
        c += 4 * rowC;
        Put(last.GetLower(), c, offset, bias != null);
        Put(last.GetUpper(), c + rowC, offset, bias != null);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Four(
        float* a, long rowA, float* b, long rowB, int depth, float* mask, float* c, long rowC, float* bias)
    {
        float* a1 = a + rowA, a2 = a + 2 * rowA, a3 = a + 3 * rowA;
        float* b1 = b + rowB, b2 = b + 2 * rowB, b3 = b + 3 * rowB;
        Vector512<float> c00 = default, c01 = default, c02 = default, c03 = default;
        Vector512<float> c10 = default, c11 = default, c12 = default, c13 = default;
        Vector512<float> c20 = default, c21 = default, c22 = default, c23 = default;
        Vector512<float> c30 = default, c31 = default, c32 = default, c33 = default;
        long whole = depth / DotTile.Count * DotTile.Count;
        for (long i = 0; i < whole; i += DotTile.Count)
        {
            Vector512<float> y0 = Vector512.Load(b + i), y1 = Vector512.Load(b1 + i), y2 = Vector512.Load(b2 + i),
                y3 = Vector512.Load(b3 + i);
            Vector512<float> x = Vector512.Load(a + i);
            c00 = Avx512F.FusedMultiplyAdd(x, y0, c00);
            c01 = Avx512F.FusedMultiplyAdd(x, y1, c01);
            c02 = Avx512F.FusedMultiplyAdd(x, y2, c02);
            c03 = Avx512F.FusedMultiplyAdd(x, y3, c03);
            x = Vector512.Load(a1 + i);
            c10 = Avx512F.FusedMultiplyAdd(x, y0, c10);
            c11 = Avx512F.FusedMultiplyAdd(x, y1, c11);
            c12 = Avx512F.FusedMultiplyAdd(x, y2, c12);
            c13 = Avx512F.FusedMultiplyAdd(x, y3, c13);
            x = Vector512.Load(a2 + i);
            c20 = Avx512F.FusedMultiplyAdd(x, y0, c20);
            c21 = Avx512F.FusedMultiplyAdd(x, y1, c21);
            c22 = Avx512F.FusedMultiplyAdd(x, y2, c22);
            c23 = Avx512F.FusedMultiplyAdd(x, y3, c23);
            x = Vector512.Load(a3 + i);
            c30 = Avx512F.FusedMultiplyAdd(x, y0, c30);
            c31 = Avx512F.FusedMultiplyAdd(x, y1, c31);
            c32 = Avx512F.FusedMultiplyAdd(x, y2, c32);
            c33 = Avx512F.FusedMultiplyAdd(x, y3, c33);
        }

        if (whole != depth)
        {
            Vector512<float> keep = Vector512.Load(mask);
            long i = depth - DotTile.Count;
            Vector512<float> y0 = Vector512.Load(b + i) & keep, y1 = Vector512.Load(b1 + i) & keep,
                y2 = Vector512.Load(b2 + i) & keep, y3 = Vector512.Load(b3 + i) & keep;
            Vector512<float> x = Vector512.Load(a + i) & keep;
            c00 = Avx512F.FusedMultiplyAdd(x, y0, c00);
            c01 = Avx512F.FusedMultiplyAdd(x, y1, c01);
            c02 = Avx512F.FusedMultiplyAdd(x, y2, c02);
            c03 = Avx512F.FusedMultiplyAdd(x, y3, c03);
            x = Vector512.Load(a1 + i) & keep;
            c10 = Avx512F.FusedMultiplyAdd(x, y0, c10);
            c11 = Avx512F.FusedMultiplyAdd(x, y1, c11);
            c12 = Avx512F.FusedMultiplyAdd(x, y2, c12);
            c13 = Avx512F.FusedMultiplyAdd(x, y3, c13);
            x = Vector512.Load(a2 + i) & keep;
            c20 = Avx512F.FusedMultiplyAdd(x, y0, c20);
            c21 = Avx512F.FusedMultiplyAdd(x, y1, c21);
            c22 = Avx512F.FusedMultiplyAdd(x, y2, c22);
            c23 = Avx512F.FusedMultiplyAdd(x, y3, c23);
            x = Vector512.Load(a3 + i) & keep;
            c30 = Avx512F.FusedMultiplyAdd(x, y0, c30);
            c31 = Avx512F.FusedMultiplyAdd(x, y1, c31);
            c32 = Avx512F.FusedMultiplyAdd(x, y2, c32);
            c33 = Avx512F.FusedMultiplyAdd(x, y3, c33);
        }

        Vector512<float> first = Pair(Quarter(c00, c01, c02, c03), Quarter(c10, c11, c12, c13)),
            second = Pair(Quarter(c20, c21, c22, c23), Quarter(c30, c31, c32, c33));
        Put(Whole(first, second), c, rowC, bias == null ? default : Vector128.Load(bias), bias != null);
    }

    /// <summary>Folds the 16 lanes of each of four sums to four lanes, which become a quarter of the vector. In the
    /// first step a vector contains 8 lanes of each of two sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarter(
        Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3)
    {
        Vector512<float> low = Avx512F.Shuffle4x128(s0, s1, 0b01_00_01_00) + Avx512F.Shuffle4x128(
            s0, s1, 0b11_10_11_10);
        Vector512<float> high = Avx512F.Shuffle4x128(s2, s3, 0b01_00_01_00) + Avx512F.Shuffle4x128(
            s2, s3, 0b11_10_11_10);
        return Avx512F.Shuffle4x128(low, high, 0b10_00_10_00) + Avx512F.Shuffle4x128(low, high, 0b11_01_11_01);
    }

    /// <summary>Folds four lanes to two within each quarter. The lanes of the second row follow those of the first
    /// row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pair(Vector512<float> row0, Vector512<float> row1) =>
        Avx512F.UnpackLow(row0.AsDouble(), row1.AsDouble()).AsSingle() + Avx512F.UnpackHigh(
            row0.AsDouble(), row1.AsDouble()).AsSingle();

    /// <summary>Folds two lanes to one. Each quarter then contains the sums of four rows for one column; the sums are
    /// transposed so that each quarter contains one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Whole(Vector512<float> rows01, Vector512<float> rows23)
    {
        Vector512<float> sums = Avx512F.Shuffle(rows01, rows23, 0b10_00_10_00) + Avx512F.Shuffle(
            rows01, rows23, 0b11_01_11_01);
        return Avx512F.PermuteVar16x32(sums, Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<float> rows, float* c, long rowC, Vector128<float> offset, bool hasBias)
    {
        Put(rows.GetLower().GetLower(), c, offset, hasBias);
        Put(rows.GetLower().GetUpper(), c + rowC, offset, hasBias);
        Put(rows.GetUpper().GetLower(), c + 2 * rowC, offset, hasBias);
        Put(rows.GetUpper().GetUpper(), c + 3 * rowC, offset, hasBias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector128<float> sums, float* c, Vector128<float> offset, bool hasBias) =>
        Vector128.Store(hasBias ? sums + offset : sums, c);
}

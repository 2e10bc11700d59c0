using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Up to four rows of a times columns of b whose elements are contiguous along k. Packing b would cost more than the
/// product, so eight columns at a time are transposed in registers. Every element is the same chain of fused
/// multiply-adds over k as in the register tiles. For Float32 with AVX and FMA.
/// </summary>
internal static unsafe class TurnedColumns
{
    /// <summary>Largest number of rows of a.</summary>
    public const int MaxRows = 4;

    /// <summary>Columns of a whole panel, and of the units that the remaining columns are divided into.</summary>
    public const int Panel = 32, Unit = 8;

    public static bool IsSupported => Fma.IsSupported && Avx.IsSupported;

    /// <summary>tile[rows, 32] = a b over <see cref="Panel"/> columns, or over <see cref="Unit"/> of them. Strides are
    /// in elements.</summary>
    public static void Run(
        int rows, int columns, float* a, long rowA, long stepA, float* b, long strideB, int depth, float* tile)
    {
        for (int row = 0, count; row < rows; row += count, a += count * rowA, tile += count * Panel)
        {
            count = rows - row >= 4 ? 4 : rows - row >= 2 ? 2 : 1;
            switch (count, columns)
            {
                case (1, Unit): Rows1x1(a, rowA, stepA, b, strideB, depth, tile); break;
                case (2, Unit): Rows2x1(a, rowA, stepA, b, strideB, depth, tile); break;
                case (4, Unit): Rows4x1(a, rowA, stepA, b, strideB, depth, tile); break;
                case (1, _): Rows1x4(a, rowA, stepA, b, strideB, depth, tile); break;
                case (2, _): Rows2x4(a, rowA, stepA, b, strideB, depth, tile); break;
                default:
                    Rows4x2(a, rowA, stepA, b, strideB, depth, tile);
                    Rows4x2(a, rowA, stepA, b + Panel / 2 * strideB, strideB, depth, tile + Panel / 2);
                    break;
            }
        }
    }

    /// <summary>One row of a times 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows1x1(float* a, long rowA, long stepA, float* b, long strideB, int depth, float* tile)
    {
        Vector256<float> c0p = default;
        int k = 0;
        for (; k <= depth - 4; k += 4, b += 4)
        {
            float* at0 = a;
            Vector256<float> x00 = Vector256.Create(*at0), x01 = Vector256.Create(at0[stepA]);
            Vector256<float> x02 = Vector256.Create(at0[2 * stepA]), x03 = Vector256.Create(at0[3 * stepA]);
            Transpose(b, strideB, out Vector256<float> b0, out Vector256<float> b1, out Vector256<float> b2,
                out Vector256<float> b3);
            c0p = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0p))));
            a += 4 * stepA;
        }

        for (; k < depth; k++, a += stepA, b++)
        {
            Vector256<float> x0 = Vector256.Create(a[0]);
            Vector256<float> column = Column(b, strideB);
            c0p = Fma.MultiplyAdd(x0, column, c0p);
        }

        Vector256.Store(c0p, tile);
    }

    /// <summary>Two rows of a times 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows2x1(float* a, long rowA, long stepA, float* b, long strideB, int depth, float* tile)
    {
        Vector256<float> c0p = default;
        Vector256<float> c1p = default;
        int k = 0;
        for (; k <= depth - 4; k += 4, b += 4)
        {
            float* at0 = a;
            Vector256<float> x00 = Vector256.Create(*at0), x01 = Vector256.Create(at0[stepA]);
            Vector256<float> x02 = Vector256.Create(at0[2 * stepA]), x03 = Vector256.Create(at0[3 * stepA]);
            float* at1 = a + rowA;
            Vector256<float> x10 = Vector256.Create(*at1), x11 = Vector256.Create(at1[stepA]);
            Vector256<float> x12 = Vector256.Create(at1[2 * stepA]), x13 = Vector256.Create(at1[3 * stepA]);
            Transpose(b, strideB, out Vector256<float> b0, out Vector256<float> b1, out Vector256<float> b2,
                out Vector256<float> b3);
            c0p = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0p))));
            c1p = Fma.MultiplyAdd(
                x13, b3, Fma.MultiplyAdd(x12, b2, Fma.MultiplyAdd(x11, b1, Fma.MultiplyAdd(x10, b0, c1p))));
            a += 4 * stepA;
        }

        for (; k < depth; k++, a += stepA, b++)
        {
            Vector256<float> x0 = Vector256.Create(a[0]);
            Vector256<float> x1 = Vector256.Create(a[rowA]);
            Vector256<float> column = Column(b, strideB);
            c0p = Fma.MultiplyAdd(x0, column, c0p);
            c1p = Fma.MultiplyAdd(x1, column, c1p);
        }

        Vector256.Store(c0p, tile);
        Vector256.Store(c1p, tile + 32);
    }

    /// <summary>Four rows of a times 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4x1(float* a, long rowA, long stepA, float* b, long strideB, int depth, float* tile)
    {
        Vector256<float> c0p = default;
        Vector256<float> c1p = default;
        Vector256<float> c2p = default;
        Vector256<float> c3p = default;
        int k = 0;
        for (; k <= depth - 4; k += 4, b += 4)
        {
            float* at0 = a;
            Vector256<float> x00 = Vector256.Create(*at0), x01 = Vector256.Create(at0[stepA]);
            Vector256<float> x02 = Vector256.Create(at0[2 * stepA]), x03 = Vector256.Create(at0[3 * stepA]);
            float* at1 = a + rowA;
            Vector256<float> x10 = Vector256.Create(*at1), x11 = Vector256.Create(at1[stepA]);
            Vector256<float> x12 = Vector256.Create(at1[2 * stepA]), x13 = Vector256.Create(at1[3 * stepA]);
            float* at2 = a + 2 * rowA;
            Vector256<float> x20 = Vector256.Create(*at2), x21 = Vector256.Create(at2[stepA]);
            Vector256<float> x22 = Vector256.Create(at2[2 * stepA]), x23 = Vector256.Create(at2[3 * stepA]);
            float* at3 = a + 3 * rowA;
            Vector256<float> x30 = Vector256.Create(*at3), x31 = Vector256.Create(at3[stepA]);
            Vector256<float> x32 = Vector256.Create(at3[2 * stepA]), x33 = Vector256.Create(at3[3 * stepA]);
            Transpose(b, strideB, out Vector256<float> b0, out Vector256<float> b1, out Vector256<float> b2,
                out Vector256<float> b3);
            c0p = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0p))));
            c1p = Fma.MultiplyAdd(
                x13, b3, Fma.MultiplyAdd(x12, b2, Fma.MultiplyAdd(x11, b1, Fma.MultiplyAdd(x10, b0, c1p))));
            c2p = Fma.MultiplyAdd(
                x23, b3, Fma.MultiplyAdd(x22, b2, Fma.MultiplyAdd(x21, b1, Fma.MultiplyAdd(x20, b0, c2p))));
            c3p = Fma.MultiplyAdd(
                x33, b3, Fma.MultiplyAdd(x32, b2, Fma.MultiplyAdd(x31, b1, Fma.MultiplyAdd(x30, b0, c3p))));
            a += 4 * stepA;
        }

        for (; k < depth; k++, a += stepA, b++)
        {
            Vector256<float> x0 = Vector256.Create(a[0]);
            Vector256<float> x1 = Vector256.Create(a[rowA]);
            Vector256<float> x2 = Vector256.Create(a[2 * rowA]);
            Vector256<float> x3 = Vector256.Create(a[3 * rowA]);
            Vector256<float> column = Column(b, strideB);
            c0p = Fma.MultiplyAdd(x0, column, c0p);
            c1p = Fma.MultiplyAdd(x1, column, c1p);
            c2p = Fma.MultiplyAdd(x2, column, c2p);
            c3p = Fma.MultiplyAdd(x3, column, c3p);
        }

        Vector256.Store(c0p, tile);
        Vector256.Store(c1p, tile + 32);
        Vector256.Store(c2p, tile + 64);
        Vector256.Store(c3p, tile + 96);
    }

    /// <summary>One row of a times 32 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows1x4(float* a, long rowA, long stepA, float* b, long strideB, int depth, float* tile)
    {
        Vector256<float> c0p = default, c0q = default, c0s = default, c0t = default;
        int k = 0;
        for (; k <= depth - 4; k += 4, b += 4)
        {
            float* at0 = a;
            Vector256<float> x00 = Vector256.Create(*at0), x01 = Vector256.Create(at0[stepA]);
            Vector256<float> x02 = Vector256.Create(at0[2 * stepA]), x03 = Vector256.Create(at0[3 * stepA]);
            Transpose(b, strideB, out Vector256<float> b0, out Vector256<float> b1, out Vector256<float> b2,
                out Vector256<float> b3);
            c0p = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0p))));
            Transpose(b + 8 * strideB, strideB, out b0, out b1, out b2, out b3);
            c0q = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0q))));
            Transpose(b + 16 * strideB, strideB, out b0, out b1, out b2, out b3);
            c0s = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0s))));
            Transpose(b + 24 * strideB, strideB, out b0, out b1, out b2, out b3);
            c0t = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0t))));
            a += 4 * stepA;
        }

        for (; k < depth; k++, a += stepA, b++)
        {
            Vector256<float> x0 = Vector256.Create(a[0]);
            Vector256<float> column = Column(b, strideB);
            c0p = Fma.MultiplyAdd(x0, column, c0p);
            column = Column(b + 8 * strideB, strideB);
            c0q = Fma.MultiplyAdd(x0, column, c0q);
            column = Column(b + 16 * strideB, strideB);
            c0s = Fma.MultiplyAdd(x0, column, c0s);
            column = Column(b + 24 * strideB, strideB);
            c0t = Fma.MultiplyAdd(x0, column, c0t);
        }

        Vector256.Store(c0p, tile);
        Vector256.Store(c0q, tile + 8);
        Vector256.Store(c0s, tile + 16);
        Vector256.Store(c0t, tile + 24);
    }

    /// <summary>Two rows of a times 32 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows2x4(float* a, long rowA, long stepA, float* b, long strideB, int depth, float* tile)
    {
        Vector256<float> c0p = default, c0q = default, c0s = default, c0t = default;
        Vector256<float> c1p = default, c1q = default, c1s = default, c1t = default;
        int k = 0;
        for (; k <= depth - 4; k += 4, b += 4)
        {
            float* at0 = a;
            Vector256<float> x00 = Vector256.Create(*at0), x01 = Vector256.Create(at0[stepA]);
            Vector256<float> x02 = Vector256.Create(at0[2 * stepA]), x03 = Vector256.Create(at0[3 * stepA]);
            float* at1 = a + rowA;
            Vector256<float> x10 = Vector256.Create(*at1), x11 = Vector256.Create(at1[stepA]);
            Vector256<float> x12 = Vector256.Create(at1[2 * stepA]), x13 = Vector256.Create(at1[3 * stepA]);
            Transpose(b, strideB, out Vector256<float> b0, out Vector256<float> b1, out Vector256<float> b2,
                out Vector256<float> b3);
            c0p = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0p))));
            c1p = Fma.MultiplyAdd(
                x13, b3, Fma.MultiplyAdd(x12, b2, Fma.MultiplyAdd(x11, b1, Fma.MultiplyAdd(x10, b0, c1p))));
            Transpose(b + 8 * strideB, strideB, out b0, out b1, out b2, out b3);
            c0q = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0q))));
            c1q = Fma.MultiplyAdd(
                x13, b3, Fma.MultiplyAdd(x12, b2, Fma.MultiplyAdd(x11, b1, Fma.MultiplyAdd(x10, b0, c1q))));
            Transpose(b + 16 * strideB, strideB, out b0, out b1, out b2, out b3);
            c0s = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0s))));
            c1s = Fma.MultiplyAdd(
                x13, b3, Fma.MultiplyAdd(x12, b2, Fma.MultiplyAdd(x11, b1, Fma.MultiplyAdd(x10, b0, c1s))));
            Transpose(b + 24 * strideB, strideB, out b0, out b1, out b2, out b3);
            c0t = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0t))));
            c1t = Fma.MultiplyAdd(
                x13, b3, Fma.MultiplyAdd(x12, b2, Fma.MultiplyAdd(x11, b1, Fma.MultiplyAdd(x10, b0, c1t))));
            a += 4 * stepA;
        }

        for (; k < depth; k++, a += stepA, b++)
        {
            Vector256<float> x0 = Vector256.Create(a[0]);
            Vector256<float> x1 = Vector256.Create(a[rowA]);
            Vector256<float> column = Column(b, strideB);
            c0p = Fma.MultiplyAdd(x0, column, c0p);
            c1p = Fma.MultiplyAdd(x1, column, c1p);
            column = Column(b + 8 * strideB, strideB);
            c0q = Fma.MultiplyAdd(x0, column, c0q);
            c1q = Fma.MultiplyAdd(x1, column, c1q);
            column = Column(b + 16 * strideB, strideB);
            c0s = Fma.MultiplyAdd(x0, column, c0s);
            c1s = Fma.MultiplyAdd(x1, column, c1s);
            column = Column(b + 24 * strideB, strideB);
            c0t = Fma.MultiplyAdd(x0, column, c0t);
            c1t = Fma.MultiplyAdd(x1, column, c1t);
        }

        Vector256.Store(c0p, tile);
        Vector256.Store(c0q, tile + 8);
        Vector256.Store(c0s, tile + 16);
        Vector256.Store(c0t, tile + 24);
        Vector256.Store(c1p, tile + 32);
        Vector256.Store(c1q, tile + 40);
        Vector256.Store(c1s, tile + 48);
        Vector256.Store(c1t, tile + 56);
    }

    /// <summary>Four rows of a times 16 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4x2(float* a, long rowA, long stepA, float* b, long strideB, int depth, float* tile)
    {
        Vector256<float> c0p = default, c0q = default;
        Vector256<float> c1p = default, c1q = default;
        Vector256<float> c2p = default, c2q = default;
        Vector256<float> c3p = default, c3q = default;
        int k = 0;
        for (; k <= depth - 4; k += 4, b += 4)
        {
            float* at0 = a;
            Vector256<float> x00 = Vector256.Create(*at0), x01 = Vector256.Create(at0[stepA]);
            Vector256<float> x02 = Vector256.Create(at0[2 * stepA]), x03 = Vector256.Create(at0[3 * stepA]);
            float* at1 = a + rowA;
            Vector256<float> x10 = Vector256.Create(*at1), x11 = Vector256.Create(at1[stepA]);
            Vector256<float> x12 = Vector256.Create(at1[2 * stepA]), x13 = Vector256.Create(at1[3 * stepA]);
            float* at2 = a + 2 * rowA;
            Vector256<float> x20 = Vector256.Create(*at2), x21 = Vector256.Create(at2[stepA]);
            Vector256<float> x22 = Vector256.Create(at2[2 * stepA]), x23 = Vector256.Create(at2[3 * stepA]);
            float* at3 = a + 3 * rowA;
            Vector256<float> x30 = Vector256.Create(*at3), x31 = Vector256.Create(at3[stepA]);
            Vector256<float> x32 = Vector256.Create(at3[2 * stepA]), x33 = Vector256.Create(at3[3 * stepA]);
            Transpose(b, strideB, out Vector256<float> b0, out Vector256<float> b1, out Vector256<float> b2,
                out Vector256<float> b3);
            c0p = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0p))));
            c1p = Fma.MultiplyAdd(
                x13, b3, Fma.MultiplyAdd(x12, b2, Fma.MultiplyAdd(x11, b1, Fma.MultiplyAdd(x10, b0, c1p))));
            c2p = Fma.MultiplyAdd(
                x23, b3, Fma.MultiplyAdd(x22, b2, Fma.MultiplyAdd(x21, b1, Fma.MultiplyAdd(x20, b0, c2p))));
            c3p = Fma.MultiplyAdd(
                x33, b3, Fma.MultiplyAdd(x32, b2, Fma.MultiplyAdd(x31, b1, Fma.MultiplyAdd(x30, b0, c3p))));
            Transpose(b + 8 * strideB, strideB, out b0, out b1, out b2, out b3);
            c0q = Fma.MultiplyAdd(
                x03, b3, Fma.MultiplyAdd(x02, b2, Fma.MultiplyAdd(x01, b1, Fma.MultiplyAdd(x00, b0, c0q))));
            c1q = Fma.MultiplyAdd(
                x13, b3, Fma.MultiplyAdd(x12, b2, Fma.MultiplyAdd(x11, b1, Fma.MultiplyAdd(x10, b0, c1q))));
            c2q = Fma.MultiplyAdd(
                x23, b3, Fma.MultiplyAdd(x22, b2, Fma.MultiplyAdd(x21, b1, Fma.MultiplyAdd(x20, b0, c2q))));
            c3q = Fma.MultiplyAdd(
                x33, b3, Fma.MultiplyAdd(x32, b2, Fma.MultiplyAdd(x31, b1, Fma.MultiplyAdd(x30, b0, c3q))));
            a += 4 * stepA;
        }

        for (; k < depth; k++, a += stepA, b++)
        {
            Vector256<float> x0 = Vector256.Create(a[0]);
            Vector256<float> x1 = Vector256.Create(a[rowA]);
            Vector256<float> x2 = Vector256.Create(a[2 * rowA]);
            Vector256<float> x3 = Vector256.Create(a[3 * rowA]);
            Vector256<float> column = Column(b, strideB);
            c0p = Fma.MultiplyAdd(x0, column, c0p);
            c1p = Fma.MultiplyAdd(x1, column, c1p);
            c2p = Fma.MultiplyAdd(x2, column, c2p);
            c3p = Fma.MultiplyAdd(x3, column, c3p);
            column = Column(b + 8 * strideB, strideB);
            c0q = Fma.MultiplyAdd(x0, column, c0q);
            c1q = Fma.MultiplyAdd(x1, column, c1q);
            c2q = Fma.MultiplyAdd(x2, column, c2q);
            c3q = Fma.MultiplyAdd(x3, column, c3q);
        }

        Vector256.Store(c0p, tile);
        Vector256.Store(c0q, tile + 8);
        Vector256.Store(c1p, tile + 32);
        Vector256.Store(c1q, tile + 40);
        Vector256.Store(c2p, tile + 64);
        Vector256.Store(c2q, tile + 72);
        Vector256.Store(c3p, tile + 96);
        Vector256.Store(c3q, tile + 104);
    }

    /// <summary>Transposes four elements of each of eight columns: vector j contains element j of every
    /// column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(
        float* b, long stride, out Vector256<float> v0, out Vector256<float> v1, out Vector256<float> v2,
        out Vector256<float> v3)
    {
        // The lower half of a vector comes from one column, the upper half from the fourth column after it. Two 4 by 4
        // transpositions are therefore computed together.
        float* upper = b + 4 * stride;
        Vector256<float> r0 = Vector256.Create(Vector128.Load(b), Vector128.Load(upper));
        Vector256<float> r1 = Vector256.Create(Vector128.Load(b + stride), Vector128.Load(upper + stride));
        Vector256<float> r2 = Vector256.Create(Vector128.Load(b + 2 * stride), Vector128.Load(upper + 2 * stride));
        Vector256<float> r3 = Vector256.Create(Vector128.Load(b + 3 * stride), Vector128.Load(upper + 3 * stride));
        Vector256<double> a0 = Avx.UnpackLow(r0, r1).AsDouble(), a1 = Avx.UnpackLow(r2, r3).AsDouble();
        Vector256<double> b0 = Avx.UnpackHigh(r0, r1).AsDouble(), b1 = Avx.UnpackHigh(r2, r3).AsDouble();
        v0 = Avx.UnpackLow(a0, a1).AsSingle();
        v1 = Avx.UnpackHigh(a0, a1).AsSingle();
        v2 = Avx.UnpackLow(b0, b1).AsSingle();
        v3 = Avx.UnpackHigh(b0, b1).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Column(float* b, long stride) => Vector256.Create(
        b[0], b[stride], b[2 * stride], b[3 * stride], b[4 * stride], b[5 * stride], b[6 * stride], b[7 * stride]);
}

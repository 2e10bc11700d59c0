using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Maps the columns of a panel to their pixels: runs of positions that are one step apart in the result. Two phases
/// whose pixels alternate along a row are stored as a pair, in runs without gaps.
/// </summary>
internal unsafe ref struct ResultRuns
{
    private const int MaxRuns = 32;

    private fixed long _start[MaxRuns];
    private fixed int _length[MaxRuns];
    private readonly long _imageSize, _planeSize, _rowStep, _origin;
    private readonly int _columnStep, _step;
    private readonly bool _pair;
    private int _count;

    /// <param name="phase">The phase, or the left phase of a pair.</param>
    /// <param name="geometry">The steps of the result.</param>
    /// <param name="extent">The extent of a plane of the result.</param>
    /// <param name="imageSize">Elements of an image of the result.</param>
    /// <param name="firstRow">The first row of the unit.</param>
    /// <param name="pair">Whether the right neighbour of the phase is stored with it.</param>
    public ResultRuns(Phase phase, in PatchGeometry geometry, Extent2d extent, long imageSize, int firstRow, bool pair)
    {
        _imageSize = imageSize;
        _planeSize = (long)extent.Height * extent.Width;
        _rowStep = (long)geometry.ResultRowStep * extent.Width;
        _columnStep = geometry.ResultColumnStep;
        _step = pair ? 1 : _columnStep;
        _pair = pair;
        _origin = ((long)firstRow * geometry.ResultRowStep + phase.FirstRow) * extent.Width + phase.FirstColumn;
    }

    public void Clear() => _count = 0;

    /// <summary>Adds positions of one row. Positions that follow the previous run directly are joined to it.</summary>
    public void Add(int image, int row, int column, int positions)
    {
        int length = _pair ? 2 * positions : positions;
        long start = image * _imageSize + _origin + row * _rowStep + (long)column * _columnStep;
        if (_count > 0 && _start[_count - 1] + (long)_length[_count - 1] * _step == start)
        {
            _length[_count - 1] += length;
            return;
        }

        _start[_count] = start;
        _length[_count++] = length;
    }

    /// <summary>Adds the bias to the rows of a product, or of a pair of consecutive products, and stores them to the
    /// planes of the result.</summary>
    /// <param name="product">The rows; they are overwritten.</param>
    /// <param name="stride">Bytes of a row: two vectors.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="bias">A number for each row, or null.</param>
    /// <param name="pairs">Memory for all rows of a pair, interleaved.</param>
    /// <param name="result">The plane of the first row, in the first image of the unit.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Store<L>(byte* product, long stride, int rows, byte* bias, byte* pairs, byte* result)
        where L : struct, ILanes<L>
    {
        int element = L.ElementSize, vector = L.Count * element;
        long plane = _planeSize * element;
        bool whole = _count == 1 && _step == 1 && !_pair && _length[0] == 2 * L.Count;
        if (bias != null)
        {
            for (int row = 0; row < (_pair ? 2 : 1) * rows; row++)
            {
                L added = L.Broadcast(bias + (long)(row < rows ? row : row - rows) * element);
                byte* at = product + row * stride;
                L.Store(L.Load(at) + added, at);
                L.Store(L.Load(at + vector) + added, at + vector);
            }
        }

        // All rows are interleaved before the first row is read again, because a load that spans two stores waits until
        // both have left the core.
        if (_pair)
        {
            for (int row = 0; row < rows; row++)
            {
                Interleave(
                    product + row * stride, product + (rows + row) * stride, stride, element, pairs + 2 * row * stride);
            }

            product = pairs;
            stride *= 2;
        }

        for (int row = 0; row < rows; row++, product += stride, result += plane)
        {
            if (whole)
            {
                L.Store(L.Load(product), result + _start[0] * element);
                L.Store(L.Load(product + vector), result + _start[0] * element + vector);
                continue;
            }

            byte* from = product;
            for (int i = 0; i < _count; i++)
            {
                byte* to = result + _start[i] * element;
                int length = _length[i];
                if (_step == 1) Copy(from, to, (long)length * element);
                else if (element == 4) Spread((uint*)from, (uint*)to, length, _step);
                else Spread((ulong*)from, (ulong*)to, length, _step);
                from += (long)length * element;
            }
        }
    }

    /// <summary>Writes a[0], b[0], a[1], b[1] and so on: the elements of two rows, alternately. It works in steps of 16
    /// bytes, so it reads up to 15 bytes after the end of each row, and writes them too.</summary>
    /// <param name="a">The first row.</param>
    /// <param name="b">The second row.</param>
    /// <param name="bytes">The length of each row in bytes.</param>
    /// <param name="element">The bytes of an element, 4 or 8.</param>
    /// <param name="to">The target.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(byte* a, byte* b, long bytes, int element, byte* to)
    {
        if (element == 4 && Avx512F.IsSupported && bytes % 64 == 0)
        {
            Vector512<uint> low = Vector512.Create(0u, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
                high = low + Vector512.Create(8u);
            for (long i = 0; i < bytes; i += 64)
            {
                Vector512<uint> left = Vector512.Load((uint*)(a + i)), right = Vector512.Load((uint*)(b + i));
                Vector512.Store(Avx512F.PermuteVar16x32x2(left, low, right), (uint*)(to + 2 * i));
                Vector512.Store(Avx512F.PermuteVar16x32x2(left, high, right), (uint*)(to + 2 * i + 64));
            }

            return;
        }

        for (long i = 0; i < bytes; i += 16)
        {
            if (!Sse2.IsSupported && !AdvSimd.Arm64.IsSupported)
            {
                for (long j = i; j < i + 16; j += element)
                {
                    Unsafe.CopyBlockUnaligned(to + 2 * j, a + j, (uint)element);
                    Unsafe.CopyBlockUnaligned(to + 2 * j + element, b + j, (uint)element);
                }
            }
            else if (element == 4)
            {
                Vector128<float> left = Vector128.Load((float*)(a + i)), right = Vector128.Load((float*)(b + i));
                Vector128.Store(Packing.Low(left, right), (float*)(to + 2 * i));
                Vector128.Store(Packing.High(left, right), (float*)(to + 2 * i + 16));
            }
            else
            {
                Vector128<double> left = Vector128.Load((double*)(a + i)), right = Vector128.Load((double*)(b + i));
                Vector128.Store(Packing.Low(left, right), (double*)(to + 2 * i));
                Vector128.Store(Packing.High(left, right), (double*)(to + 2 * i + 16));
            }
        }
    }

    /// <summary>Copies exactly the given number of bytes, at least four, in whole vectors; the last vector overlaps the
    /// one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(byte* from, byte* to, long bytes)
    {
        if (bytes >= 32)
        {
            for (long i = 0; i < bytes - 32; i += 32) Vector256.Store(Vector256.Load(from + i), to + i);
            Vector256.Store(Vector256.Load(from + bytes - 32), to + bytes - 32);
        }
        else if (bytes >= 16)
        {
            Vector128<byte> head = Vector128.Load(from), tail = Vector128.Load(from + bytes - 16);
            Vector128.Store(head, to);
            Vector128.Store(tail, to + bytes - 16);
        }
        else if (bytes >= 8)
        {
            ulong head = Unsafe.ReadUnaligned<ulong>(from), tail = Unsafe.ReadUnaligned<ulong>(from + bytes - 8);
            Unsafe.WriteUnaligned(to, head);
            Unsafe.WriteUnaligned(to + bytes - 8, tail);
        }
        else
        {
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<uint>(from));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread<T>(T* from, T* to, int length, int step) where T : unmanaged
    {
        for (int i = 0; i < length; i++) to[(long)i * step] = from[i];
    }
}

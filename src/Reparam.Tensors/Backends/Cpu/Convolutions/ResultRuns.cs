using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The way of a panel's columns to their pixels: runs of positions that lie one step apart in the result.</summary>
internal unsafe ref struct ResultRuns
{
    private const int MaxRuns = 32;

    private fixed long _start[MaxRuns];
    private fixed int _length[MaxRuns];
    private readonly long _imageSize, _planeSize, _rowStep, _origin;
    private readonly int _step;
    private int _count;

    public ResultRuns(Phase phase, in PatchGeometry geometry, Extent2d extent, long imageSize, int firstRow)
    {
        _imageSize = imageSize;
        _planeSize = (long)extent.Height * extent.Width;
        _rowStep = (long)geometry.ResultRowStep * extent.Width;
        _step = geometry.ResultColumnStep;
        _origin = ((long)firstRow * geometry.ResultRowStep + phase.FirstRow) * extent.Width + phase.FirstColumn;
    }

    public void Clear() => _count = 0;

    /// <summary>Adds positions of one row; they join the run before them where they follow it.</summary>
    public void Add(int image, int row, int column, int length)
    {
        long start = image * _imageSize + _origin + row * _rowStep + (long)column * _step;
        if (_count > 0 && _start[_count - 1] + (long)_length[_count - 1] * _step == start)
        {
            _length[_count - 1] += length;
            return;
        }

        _start[_count] = start;
        _length[_count++] = length;
    }

    /// <summary>Stores the rows of a product, each with its bias added, to the planes of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Store<L>(byte* product, long stride, int rows, byte* bias, byte* result) where L : struct, ILanes<L>
    {
        int element = L.ElementSize, vector = L.Count * element;
        long plane = _planeSize * element;
        for (int row = 0; row < rows; row++, product += stride, result += plane)
        {
            L a = L.Load(product), b = L.Load(product + vector);
            if (bias != null)
            {
                L added = L.Broadcast(bias + (long)row * element);
                (a, b) = (a + added, b + added);
            }

            if (_count == 1 && _step == 1 && _length[0] == 2 * L.Count)
            {
                L.Store(a, result + _start[0] * element);
                L.Store(b, result + _start[0] * element + vector);
                continue;
            }

            L.Store(a, product);
            L.Store(b, product + vector);
            byte* from = product;
            for (int i = 0; i < _count; i++)
            {
                byte* to = result + _start[i] * element;
                int length = _length[i];
                if (_step == 1) Unsafe.CopyBlockUnaligned(to, from, (uint)(length * element));
                else if (element == 4) Spread((uint*)from, (uint*)to, length, _step);
                else Spread((ulong*)from, (ulong*)to, length, _step);
                from += (long)length * element;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread<T>(T* from, T* to, int length, int step) where T : unmanaged
    {
        for (int i = 0; i < length; i++) to[(long)i * step] = from[i];
    }
}

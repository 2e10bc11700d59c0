using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Copies rows of images [batch, channels, height, width] with zeros around them, the columns of each residue modulo the column step side by side:
/// what a tap reads for neighbouring positions then lies side by side, and no reader asks whether it is inside the image.
/// </summary>
internal unsafe struct PaddedImages
{
    /// <summary>Elements behind a row, for the last vector of a copy.</summary>
    private const int RowSlack = 8;

    public byte* Source;
    public int Channels, Height, Width, Element;

    private readonly int _left, _split, _rowWidth, _rowStep, _firstTapRow;

    public PaddedImages(byte* source, int channels, Extent2d extent, int element, in PatchGeometry geometry, int unitRows)
    {
        Source = source;
        (Channels, Height, Width, Element) = (channels, extent.Height, extent.Width, element);
        _split = geometry.ColumnStep;
        _left = Math.Max(0, -geometry.FirstTapColumn);
        _rowStep = geometry.RowStep;
        _firstTapRow = geometry.FirstTapRow;
        // The columns that are read, and those that the image has.
        long read = ((long)geometry.LastTapColumn + _left) / _split + geometry.Columns, own = ((long)Width - 1 + _left) / _split + 1;
        _rowWidth = (int)Math.Min(Math.Max(read, own) + RowSlack, int.MaxValue);
        Rows = (int)Math.Min((long)(unitRows - 1) * _rowStep + geometry.LastTapRow - geometry.FirstTapRow + 1, int.MaxValue);
        PlaneBytes = (long)Rows * _split * _rowWidth * Element;
    }

    /// <summary>Rows of a plane.</summary>
    public int Rows { get; }

    /// <summary>Bytes of one channel's rows.</summary>
    public long PlaneBytes { get; }

    /// <summary>Bytes from a position to the one below it.</summary>
    public readonly long PositionPitch => (long)_rowStep * _split * _rowWidth * Element;

    /// <summary>Bytes from a position's own place in a plane to the factor of a tap.</summary>
    public readonly long OffsetOf(Tap tap)
    {
        (int index, int residue) = Math.DivRem(tap.Column + _left, _split);
        return (((long)(tap.Row - _firstTapRow) * _split + residue) * _rowWidth + index) * Element;
    }

    /// <summary>Copies the planes of a run of channels of an image, for positions from row <paramref name="firstRow"/> of the grid on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Copy(int image, int channel, int channels, int firstRow, byte* target)
    {
        long residue = (long)_rowWidth * Element, pitch = _split * residue;
        long top = (long)firstRow * _rowStep + _firstTapRow;
        bool halves = _split == 2 && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported);
        // Column 0 has the residue of the left padding, column 1 the other.
        long even = _left % 2 * residue, odd = (_left + 1) % 2 * residue;
        for (int c = channel; c < channel + channels; c++)
        {
            byte* plane = Source + ((long)image * Channels + c) * Height * Width * Element;
            for (int row = 0; row < Rows; row++, target += pitch)
            {
                long y = top + row;
                byte* from = plane + y * Width * Element;
                if (y < 0 || y >= Height)
                {
                    new Span<byte>(target, checked((int)pitch)).Clear();
                }
                else if (_split == 1)
                {
                    Zero(target, (long)_left * Element);
                    byte* to = target + (long)_left * Element;
                    for (long i = 0; i < (long)Width * Element; i += 16) Vector128.Store(Vector128.Load(from + i), to + i);
                    ZeroTail(to + (long)Width * Element, target + residue);
                }
                else if (halves)
                {
                    Halve(from, target + even, target + odd);
                }
                else if (Element == 4)
                {
                    Scatter((uint*)from, (uint*)target);
                }
                else
                {
                    Scatter((ulong*)from, (ulong*)target);
                }
            }
        }
    }

    /// <summary>Columns 0, 2, 4, ... to one row, 1, 3, 5, ... to the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Halve(byte* row, byte* evenRow, byte* oddRow)
    {
        long left = (long)(_left / 2) * Element, right = (long)((_left + 1) / 2) * Element;
        byte* even = evenRow + left, odd = oddRow + right;
        Zero(evenRow, left);
        Zero(oddRow, right);
        long bytes = (long)Width * Element;
        if (Element == 4)
        {
            for (long i = 0; i < bytes; i += 32)
            {
                Vector128<float> a = Vector128.Load((float*)(row + i)), b = Vector128.Load((float*)(row + i + 16));
                Vector128.Store(Sse.IsSupported ? Sse.Shuffle(a, b, 0x88) : AdvSimd.Arm64.UnzipEven(a, b), (float*)(even + i / 2));
                Vector128.Store(Sse.IsSupported ? Sse.Shuffle(a, b, 0xDD) : AdvSimd.Arm64.UnzipOdd(a, b), (float*)(odd + i / 2));
            }
        }
        else
        {
            for (long i = 0; i < bytes; i += 32)
            {
                Vector128<double> a = Vector128.Load((double*)(row + i)), b = Vector128.Load((double*)(row + i + 16));
                Vector128.Store(Packing.Low(a, b), (double*)(even + i / 2));
                Vector128.Store(Packing.High(a, b), (double*)(odd + i / 2));
            }
        }

        long residue = (long)_rowWidth * Element;
        ZeroTail(even + (long)((Width + 1) / 2) * Element, evenRow + residue);
        ZeroTail(odd + (long)(Width / 2) * Element, oddRow + residue);
    }

    private readonly void Scatter<T>(T* row, T* target) where T : unmanaged
    {
        new Span<T>(target, checked((int)((long)_split * _rowWidth))).Clear();
        (int index, int residue) = Math.DivRem(_left, _split);
        for (int x = 0; x < Width; x++)
        {
            target[(long)residue * _rowWidth + index] = row[x];
            if (++residue < _split) continue;
            residue = 0;
            index++;
        }
    }

    /// <summary>Zeros so many bytes and at most a vector more, which the data behind overwrites.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zero(byte* target, long bytes)
    {
        for (long i = 0; i < bytes; i += 16) Vector128.Store(Vector128<byte>.Zero, target + i);
    }

    /// <summary>Zeros from the end of the data, a vector or more, to the end of the row exactly: the next row may be written already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ZeroTail(byte* from, byte* end)
    {
        for (; from < end - 16; from += 16) Vector128.Store(Vector128<byte>.Zero, from);
        Vector128.Store(Vector128<byte>.Zero, end - 16);
    }
}

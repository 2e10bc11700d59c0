using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Copies rows of images [batch, channels, height, width] with zeros around them. A plane of a channel is divided into
/// parts, one for each pair of residues of the row and the column modulo the steps. The elements that a tap reads for
/// neighbouring positions are then contiguous, also from one row of positions to the next, and a reader does not need
/// to check whether it is inside the image. Vectors write past the end of a row, into elements that are written later
/// or into the slack of the part.
/// </summary>
internal unsafe struct PaddedImages
{
    /// <summary>Unused bytes after each part.</summary>
    private const int PartSlack = 32;

    private const int MaxUnitBytes = int.MaxValue - 4096;

    public byte* Source;
    public int Channels, Height, Width, Element;

    private readonly int _left, _split, _rowStep, _firstTapRow, _rows;
    private readonly long _rowBytes, _partBytes;

    /// <exception cref="ArgumentException">The padded rows that a unit of positions reads are larger than the largest
    /// working memory.</exception>
    public PaddedImages(
        byte* source, int channels, Extent2d extent, int element, in PatchGeometry geometry, in PositionCut cut)
    {
        Source = source;
        (Channels, Height, Width, Element) = (channels, extent.Height, extent.Width, element);
        (_rowStep, _split) = (geometry.RowStep, geometry.ColumnStep);
        _left = Math.Max(0, -geometry.FirstTapColumn);
        _firstTapRow = geometry.FirstTapRow;
        _rows = (cut.BandRows - 1) * _rowStep + geometry.LastTapRow - geometry.FirstTapRow + 1;
        // The number of columns that are read, and the number that the image has.
        long read = (geometry.LastTapColumn + _left) / _split + geometry.Columns,
            own = (Width - 1 + _left) / _split + 1;
        _rowBytes = Math.Max(read, own) * element;
        _partBytes = ((long)_rows + _rowStep - 1) / _rowStep * _rowBytes + PartSlack;
        double unit = (double)_rowStep * _split * _partBytes * channels * cut.Images;
        if (unit > MaxUnitBytes)
        {
            throw new ArgumentException($"{cut.Images} images of {channels} channels with stride " +
                $"{_rowStep}x{_split} take {unit:G3} bytes with their padding; the limit is {MaxUnitBytes}.");
        }
    }

    /// <summary>Bytes of one channel.</summary>
    public readonly long PlaneBytes => (long)_rowStep * _split * _partBytes;

    /// <summary>Bytes from a position to the one below it.</summary>
    public readonly long PositionPitch => _rowBytes;

    /// <summary>Bytes from the place of a position in a plane to the element that a tap multiplies.</summary>
    public readonly long OffsetOf(Tap tap)
    {
        (int row, int rowResidue) = Math.DivRem(tap.Row - _firstTapRow, _rowStep);
        (int column, int columnResidue) = Math.DivRem(tap.Column + _left, _split);
        return ((long)rowResidue * _split + columnResidue) * _partBytes + row * _rowBytes + (long)column * Element;
    }

    /// <summary>Copies the planes of consecutive channels of an image, for positions from row
    /// <paramref name="firstRow"/> of the grid on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public readonly void Copy(int image, int channel, int channels, int firstRow, byte* target)
    {
        long top = (long)firstRow * _rowStep + _firstTapRow, width = (long)Width * Element,
            left = (long)_left * Element, band = _split * _partBytes;
        bool halves = _split == 2 && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported);
        // Column 0 has the residue of the left padding, column 1 has the other residue.
        long even = _left % 2 * _partBytes, odd = (_left + 1) % 2 * _partBytes;
        byte* from = Source + (((long)image * Channels + channel) * Height + top) * width;
        for (int c = 0; c < channels; c++, from += Height * width, target += PlaneBytes)
        {
            byte* first = target, to = target;
            byte* source = from;
            for (int row = 0, residue = 0; row < _rows; row++, source += width)
            {
                if (top + row < 0 || top + row >= Height)
                {
                    for (int i = 0; i < _split; i++) Zero(to + i * _partBytes, _rowBytes);
                }
                else if (_split == 1)
                {
                    Zero(to, left);
                    for (long i = 0; i < width; i += 16) Vector128.Store(Vector128.Load(source + i), to + left + i);
                    Zero(to + left + width, _rowBytes - left - width);
                }
                else if (halves)
                {
                    Halve(source, to + even, to + odd);
                }
                else
                {
                    Scatter(source, to);
                }

                to += band;
                if (++residue < _rowStep) continue;
                residue = 0;
                to = first += _rowBytes;
            }
        }
    }

    /// <summary>Copies columns 0, 2, 4, ... to one row and columns 1, 3, 5, ... to the other row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Halve(byte* row, byte* evenRow, byte* oddRow)
    {
        long leftEven = (long)(_left / 2) * Element, leftOdd = (long)((_left + 1) / 2) * Element,
            bytes = (long)Width * Element;
        byte* even = evenRow + leftEven, odd = oddRow + leftOdd;
        Zero(evenRow, leftEven);
        Zero(oddRow, leftOdd);
        if (Element == 4 && Avx2.IsSupported)
        {
            for (long i = 0; i < bytes; i += 64)
            {
                Vector256<float> a = Vector256.Load((float*)(row + i)), b = Vector256.Load((float*)(row + i + 32));
                // The result of the shuffle alternates between the halves of a and b.
                Vector256.Store(
                    Avx2.Permute4x64(Avx.Shuffle(a, b, 0x88).AsDouble(), 0xD8).AsSingle(), (float*)(even + i / 2));
                Vector256.Store(
                    Avx2.Permute4x64(Avx.Shuffle(a, b, 0xDD).AsDouble(), 0xD8).AsSingle(), (float*)(odd + i / 2));
            }
        }
        else if (Element == 4)
        {
            for (long i = 0; i < bytes; i += 32)
            {
                Vector128<float> a = Vector128.Load((float*)(row + i)), b = Vector128.Load((float*)(row + i + 16));
                Vector128.Store(
                    Sse.IsSupported ? Sse.Shuffle(a, b, 0x88) : AdvSimd.Arm64.UnzipEven(a, b), (float*)(even + i / 2));
                Vector128.Store(
                    Sse.IsSupported ? Sse.Shuffle(a, b, 0xDD) : AdvSimd.Arm64.UnzipOdd(a, b), (float*)(odd + i / 2));
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

        long evens = (long)((Width + 1) / 2) * Element, odds = (long)(Width / 2) * Element;
        Zero(even + evens, _rowBytes - leftEven - evens);
        Zero(odd + odds, _rowBytes - leftOdd - odds);
    }

    private readonly void Scatter(byte* row, byte* target)
    {
        for (int i = 0; i < _split; i++) Zero(target + i * _partBytes, _rowBytes);
        (int index, int residue) = Math.DivRem(_left, _split);
        for (int x = 0; x < Width; x++)
        {
            byte* to = target + residue * _partBytes + (long)index * Element;
            if (Element == 4) *(uint*)to = ((uint*)row)[x];
            else *(ulong*)to = ((ulong*)row)[x];
            if (++residue < _split) continue;
            residue = 0;
            index++;
        }
    }

    /// <summary>Sets the given number of bytes to zero, and up to one vector more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zero(byte* target, long bytes)
    {
        for (long i = 0; i < bytes; i += 16) Vector128.Store(Vector128<byte>.Zero, target + i);
    }
}

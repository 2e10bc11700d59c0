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
    /// <summary>Room behind a row for the last vector of a copy.</summary>
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public readonly void Copy(int image, int channel, int channels, int firstRow, byte* target)
    {
        long pitch = (long)_split * _rowWidth * Element;
        long top = (long)firstRow * _rowStep + _firstTapRow;
        for (int c = channel; c < channel + channels; c++)
        {
            byte* plane = Source + ((long)image * Channels + c) * Height * Width * Element;
            for (int row = 0; row < Rows; row++, target += pitch)
            {
                long y = top + row;
                if (y < 0 || y >= Height) Zero(target, pitch);
                else if (_split == 1) Straight(plane + y * Width * Element, target);
                else Split(plane + y * Width * Element, target);
            }
        }
    }

    private readonly void Straight(byte* row, byte* target)
    {
        long bytes = (long)Width * Element, left = (long)_left * Element;
        Zero(target, left);
        Unsafe.CopyBlockUnaligned(target + left, row, (uint)bytes);
        Zero(target + left + bytes, (long)_rowWidth * Element - left - bytes);
    }

    private readonly void Split(byte* row, byte* target)
    {
        if (_split == 2 && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            // Column 0 has the residue of the left padding, column 1 the other.
            byte* even = target + ((long)(_left % 2) * _rowWidth + _left / 2) * Element;
            byte* odd = target + ((long)((_left + 1) % 2) * _rowWidth + (_left + 1) / 2) * Element;
            if (Element == 4) Halve((float*)row, (float*)even, (float*)odd);
            else Halve((double*)row, (double*)even, (double*)odd);
        }
        else if (Element == 4)
        {
            Scatter((uint*)row, (uint*)target);
        }
        else
        {
            Scatter((ulong*)row, (ulong*)target);
        }

        for (int residue = 0; residue < _split; residue++)
        {
            int first = (residue - _left % _split + _split) % _split;
            int start = (first + _left) / _split, end = first < Width ? start + (Width - 1 - first) / _split + 1 : start;
            byte* part = target + (long)residue * _rowWidth * Element;
            Zero(part, (long)start * Element);
            Zero(part + (long)end * Element, (long)(_rowWidth - end) * Element);
        }
    }

    private readonly void Halve(float* row, float* even, float* odd)
    {
        for (int x = 0; x < Width; x += 8)
        {
            Vector128<float> a = Vector128.Load(row + x), b = Vector128.Load(row + x + 4);
            Vector128.Store(Sse.IsSupported ? Sse.Shuffle(a, b, 0x88) : AdvSimd.Arm64.UnzipEven(a, b), even + x / 2);
            Vector128.Store(Sse.IsSupported ? Sse.Shuffle(a, b, 0xDD) : AdvSimd.Arm64.UnzipOdd(a, b), odd + x / 2);
        }
    }

    private readonly void Halve(double* row, double* even, double* odd)
    {
        for (int x = 0; x < Width; x += 4)
        {
            Vector128<double> a = Vector128.Load(row + x), b = Vector128.Load(row + x + 2);
            Vector128.Store(Packing.Low(a, b), even + x / 2);
            Vector128.Store(Packing.High(a, b), odd + x / 2);
        }
    }

    private readonly void Scatter<T>(T* row, T* target) where T : unmanaged
    {
        (int index, int residue) = Math.DivRem(_left, _split);
        for (int x = 0; x < Width; x++)
        {
            target[(long)residue * _rowWidth + index] = row[x];
            if (++residue < _split) continue;
            residue = 0;
            index++;
        }
    }

    private static void Zero(byte* target, long bytes) => new Span<byte>(target, checked((int)bytes)).Clear();
}

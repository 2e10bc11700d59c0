using System.Buffers;
using System.Runtime.InteropServices;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>The rows of a file as a data set has them: channels first, and pixels by their meaning.</summary>
internal sealed class FileRows : StreamedRows
{
    private readonly RowFile _file;
    private readonly bool _turn;
    private readonly PixelLevels _levels;

    private FileRows(RowFile file, bool turn, PixelLevels levels, DataKind kind)
        : base(file.Count, file.RowShape.Size, kind) => (_file, _turn, _levels) = (file, turn, levels);

    private bool HoldsBytes => _file.Kind is ElementKind.UInt8 or ElementKind.Boolean;

    /// <summary>The rows of a file, all of which are read once to find their kind and to check them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="turn">Whether the rows are images with channels last, which become channels first.</param>
    /// <param name="levels">What the numbers mean; null to find out. Receives what was found.</param>
    /// <exception cref="InvalidDataFileException">A number is NaN or infinite, or does not fit its meaning.</exception>
    internal static FileRows Open(RowFile file, bool turn, ref PixelLevels? levels)
    {
        var raw = new FileRows(file, turn, PixelLevels.Stored, DataKind.Real);
        levels ??= raw.FindLevels();
        if (raw.HoldsBytes || (levels != PixelLevels.Stored && raw.AreLevels(levels.Value)))
        {
            var grey = new FileRows(file, turn, levels.Value, DataKind.Grey);
            return grey.AreDigits() ? new FileRows(file, turn, levels.Value, DataKind.Binary) : grey;
        }

        // Numbers that are not levels stay as they are, except for those of 0 to 255.
        var real = new FileRows(file, turn, levels == PixelLevels.Bytes ? PixelLevels.Bytes : PixelLevels.Stored,
            DataKind.Real);
        float[] block = new float[real.BlockRows * real.Size];
        real.Any((start, count) =>
        {
            real.Read(start, block.AsSpan(0, count * real.Size));
            return false;
        });
        return real;
    }

    internal override void Read(int start, Span<byte> destination)
    {
        if (HoldsBytes && !_turn)
        {
            _file.Read(start, destination.Length / Size, destination);
            return;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(destination.Length * _file.Kind.Size());
        try
        {
            NumericArray block = Block(start, destination.Length / Size, rented);
            if (HoldsBytes) block.Content.Span.CopyTo(destination);
            else if (!ToBytes(block, start, _levels, destination))
                throw _file.Bad(start, "or one of the next is no longer a grey level; the file changed while in use.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    internal override void Read(int start, Span<float> destination)
    {
        int count = destination.Length / Size;
        if (_file.Kind == ElementKind.Float32 && !_turn && BitConverter.IsLittleEndian)
        {
            _file.Read(start, count, MemoryMarshal.AsBytes(destination));
        }
        else
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(destination.Length * _file.Kind.Size());
            try
            {
                NumericArray block = Block(start, count, rented);
                for (int i = 0; i < destination.Length; i++) destination[i] = (float)block[i];
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }

        RequireFinite(start, destination);
        if (_levels != PixelLevels.Bytes) return;
        try
        {
            ImageArrays.Divide(destination, Size, start);
        }
        catch (ArgumentException failure)
        {
            throw new InvalidDataFileException(_file.Path, failure.Message, failure);
        }
    }

    private int BlockRows => Math.Min(Count, RowBlocks.Rows(Size));

    private void RequireFinite(int start, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (float.IsFinite(values[i])) continue;
            throw _file.Bad(start + i / Size, FormattableString.Invariant(
                $"has {values[i]} in element {i % Size}; replace or drop missing values first."));
        }
    }

    private PixelLevels FindLevels()
    {
        if (HoldsBytes) return PixelLevels.Stored;
        var numbers = new ImageArrays.PixelNumbers();
        byte[] content = BlockBytes();
        Any((start, count) => !numbers.Add(Block(start, count, content)));
        return numbers.LevelsOf(EventShape);
    }

    private bool AreLevels(PixelLevels levels)
    {
        byte[] content = BlockBytes(), bytes = new byte[BlockRows * Size];
        return !Any((start, count) =>
            !ToBytes(Block(start, count, content), start, levels, bytes.AsSpan(0, count * Size)));
    }

    private bool AreDigits()
    {
        byte[] bytes = new byte[BlockRows * Size];
        return !Any((start, count) =>
        {
            Span<byte> block = bytes.AsSpan(0, count * Size);
            Read(start, block);
            return block.IndexOfAnyExceptInRange((byte)0, (byte)1) >= 0;
        });
    }

    private bool ToBytes(NumericArray block, int start, PixelLevels levels, Span<byte> bytes)
    {
        try
        {
            return ImageArrays.TryToBytes(block, levels, bytes, start);
        }
        catch (ArgumentException failure)
        {
            throw new InvalidDataFileException(_file.Path, failure.Message, failure);
        }
    }

    /// <summary>Whether a block of rows, given by its first row and their number, has a property. Later blocks are not
    /// read.</summary>
    private bool Any(Func<int, int, bool> has)
    {
        for (int start = 0; start < Count; start += BlockRows)
        {
            if (has(start, Math.Min(BlockRows, Count - start))) return true;
        }

        return false;
    }

    private byte[] BlockBytes() => new byte[BlockRows * Size * _file.Kind.Size()];

    private Shape EventShape => _turn ? [_file.RowShape[2], _file.RowShape[0], _file.RowShape[1]] : _file.RowShape;

    private NumericArray Block(int start, int count, byte[] content)
    {
        Memory<byte> used = content.AsMemory(0, count * Size * _file.Kind.Size());
        _file.Read(start, count, used.Span);
        var block = new NumericArray(_file.Kind, [count, .. _file.RowShape], used);
        return _turn ? ImageArrays.ChannelsFirst(block) : block;
    }
}

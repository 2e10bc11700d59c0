using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// The rows of an uncompressed .npy or IDX file, which are read from the file when they are needed. The file may be
/// larger than the memory. Each read checks that the open file has its length and time of the first read. A file that
/// was removed or replaced under its name stays open with its old content where the system allows that.
/// </summary>
/// <remarks>Data sets share an open file and none owns it: the finaliser of the handle closes it after the last of
/// them. Only a file that is refused is closed at once.</remarks>
internal sealed class RowFile : IDisposable
{
    private const int LargestRow = 1 << 27; // elements

    // Loops over blocks count to the end of a block after the last row.
    private const int MostRows = int.MaxValue - RowBlocks.BlockElements;

    private readonly SafeFileHandle _handle;
    private readonly long _length;
    private readonly DateTime _written;
    private readonly int _rowBytes;
    private readonly ArrayLayout _layout;

    /// <summary>The rows of an open file.</summary>
    /// <param name="path">The path, for messages.</param>
    /// <param name="handle">The open file.</param>
    /// <param name="layout">Where the rows are.</param>
    internal RowFile(string path, SafeFileHandle handle, ArrayLayout layout)
    {
        (Path, _handle, _layout) = (path, handle, layout);
        Count = layout.Extents[0];
        RowShape = Shape.Create(layout.Extents.AsSpan(1));
        _rowBytes = RowShape.Size * layout.Stored;
        (_length, _written) = (RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle));
    }

    /// <summary>The path of the file.</summary>
    internal string Path { get; }

    /// <summary>The number of rows.</summary>
    internal int Count { get; }

    /// <summary>The shape of a row in the file.</summary>
    internal Shape RowShape { get; }

    /// <summary>The number format of the elements.</summary>
    internal ElementKind Kind => _layout.Kind;

    /// <summary>Opens a file and checks its header and its length. No row is read.</summary>
    /// <exception cref="InvalidDataFileException">The rows of the file cannot be streamed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    internal static RowFile Open(string path)
    {
        UnpackedFile.RequireContent(path);
        // Writers are not locked out, because a lock would not keep out most of them. Reads detect a change.
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete);
        try
        {
            return Open(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static RowFile Open(string path, SafeFileHandle handle)
    {
        byte[] head = new byte[Math.Min(Math.Max(NpyFile.LongestHead, IdxFile.LongestHead),
            RandomAccess.GetLength(handle))];
        var start = new UnpackedFile(path, head[..Fill(handle, head, 0)]);
        ArrayLayout layout = NpyFile.IsNpy(start.Content) ? NpyFile.LayoutOf(start)
            : start.Content is [0, ..] && !MatFile.IsVersion4(start.Content) ? IdxFile.LayoutOf(start)
            : throw new InvalidDataFileException(path, Refusal(start.Content));
        if (layout.Extents.Length < 2 || Array.IndexOf(layout.Extents, 0) >= 0)
        {
            throw new InvalidDataFileException(path, $"it holds an array of shape [{string.Join(", ", layout.Extents)}]"
                + "; data need shape [count, ...], one data point per row, and at least one number.");
        }

        if (layout.Extents[0] > MostRows)
        {
            throw new InvalidDataFileException(path, string.Create(CultureInfo.InvariantCulture,
                $"it has {layout.Extents[0]:N0} rows, and at most {MostRows:N0} are streamed; split it."));
        }

        long size = 1;
        foreach (int extent in layout.Extents.AsSpan(1))
        {
            size *= extent;
            if (size <= LargestRow) continue;
            throw new InvalidDataFileException(path, string.Create(CultureInfo.InvariantCulture,
                $"a row has more than {LargestRow:N0} numbers, and a row is read at once; save smaller rows."));
        }

        long needed = layout.Offset + layout.Extents[0] * size * layout.Stored, has = RandomAccess.GetLength(handle);
        return has == needed ? new RowFile(path, handle, layout) : throw start.Bad(Math.Min(needed, has),
            $"its header declares {needed} bytes and the file has {has}; fetch or copy it again.");
    }

    /// <summary>Whether the rows of a file can be streamed. A file that cannot, or that is damaged, is left to the
    /// reader of its format.</summary>
    internal static bool CanOpen(string path)
    {
        try
        {
            Open(path).Dispose();
            return true;
        }
        catch (InvalidDataFileException)
        {
            return false;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>Reads consecutive rows, with little-endian elements of the format <see cref="Kind"/>.</summary>
    /// <exception cref="InvalidDataFileException">The file has changed since it was opened.</exception>
    /// <exception cref="IOException">The system cannot read the file.</exception>
    internal void Read(int start, int count, Span<byte> destination)
    {
        if (_layout.Stored == _layout.Kind.Size())
        {
            ReadStored(start, count, destination);
            return;
        }

        byte[] halves = ArrayPool<byte>.Shared.Rent(checked(count * _rowBytes));
        try
        {
            Span<byte> stored = halves.AsSpan(0, count * _rowBytes);
            ReadStored(start, count, stored);
            NpyFile.Widen(stored, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(halves);
        }
    }

    /// <summary>The number of a row in an error message: rows count from 0.</summary>
    internal InvalidDataFileException Bad(int row, string problem) => new(Path, FormattableString.Invariant(
        $"row {row} (counted from 0) {problem}"));

    private void ReadStored(int start, int count, Span<byte> destination)
    {
        int read;
        try
        {
            RequireUnchanged(start);
            read = Fill(_handle, destination, _layout.Offset + (long)start * _rowBytes);
            if (read == destination.Length) RequireUnchanged(start);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{Path}': rows {start} to {start + count - 1} cannot be read " +
                $"({failure.Message.TrimEnd('.')}); check the disk, and resume the training when the file can be " +
                "read again.", failure);
        }

        if (read < destination.Length) throw Changed(start);
        if (_layout.Swapped) ElementKinds.SwapBytes(destination, _layout.Stored);
    }

    private void RequireUnchanged(int row)
    {
        if (RandomAccess.GetLength(_handle) != _length || File.GetLastWriteTimeUtc(_handle) != _written)
            throw Changed(row);
    }

    private InvalidDataFileException Changed(int row) => new(Path, string.Create(CultureInfo.InvariantCulture,
        $"it changed while it was in use, seen at row {row}: it had {_length} bytes of {_written:u} and has " +
        $"{RandomAccess.GetLength(_handle)} of {File.GetLastWriteTimeUtc(_handle):u}; put the old file back before " +
        $"you resume, or start a new run."));

    /// <summary>Reads until the destination is full or the file ends, and returns the number of bytes.</summary>
    private static int Fill(SafeFileHandle handle, Span<byte> destination, long offset)
    {
        int filled = 0;
        while (filled < destination.Length
            && RandomAccess.Read(handle, destination[filled..], offset + filled) is > 0 and var read) filled += read;
        return filled;
    }

    private static string Refusal(ReadOnlySpan<byte> head)
    {
        string what = head switch
        {
            [0x1F, 0x8B, ..] => "it is compressed (gzip), and the rows of a compressed file have no fixed places; " +
                "unpack it first",
            [(byte)'P', (byte)'K', ..] => "it is an .npz (a zip file), whose arrays may be compressed; save the " +
                "array with numpy.save",
            _ => "only .npy and IDX files have rows of one length that can be streamed; save the array with numpy.save",
        };
        return $"{what}, or read the file into memory (data.stream false).";
    }
}

using System.Buffers.Binary;

namespace Reparam.Data;

/// <summary>The content of a data file in memory, decompressed if the file was gzip.</summary>
internal sealed record UnpackedFile(string Path, byte[] Content)
{
    /// <summary>The largest number of unpacked bytes of a file that is read. The largest file of a known data set has
    /// 78.4 million.</summary>
    internal const long MaxBytes = 1L << 30;

    private const int GzipFrame = 18; // 10 bytes header, 4 bytes CRC-32, 4 bytes size

    /// <summary>Reads a file. Decompresses it if the content starts like gzip, whatever the name of the file
    /// is.</summary>
    internal static UnpackedFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new FileNotFoundException(
                $"'{path}' is a folder, not a data file; give the path of a file in it.", path);
        }

        RequireContent(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long length = file.Length;
        if (length > MaxBytes)
        {
            throw new InvalidDataFileException(
                path, 0, $"it has {length} bytes, and at most {MaxBytes} are read at once; split it, or read the " +
                "rows of an .npy or IDX file when they are needed (data.stream).");
        }

        byte[] raw = new byte[length];
        if (file.ReadAtLeast(raw, raw.Length, throwOnEndOfStream: false) < raw.Length)
        {
            throw new InvalidDataFileException(
                path, 0, "it became shorter while it was read; wait until the program that writes it is done.");
        }

        return FromBytes(path, raw);
    }

    /// <summary>Throws if a file has no bytes, before it is opened: to open a pipe may wait for ever.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataFileException">The file is empty, or a pipe.</exception>
    internal static void RequireContent(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'; check the path.", path);
        if (HasContent(path)) return;
        throw new InvalidDataFileException(path, 0, "it is empty; fetch or copy it again. If it is a pipe, which " +
            "cannot be read twice, save its content as a file first.");
    }

    /// <summary>Whether a file has bytes. A pipe has none until it is read.</summary>
    internal static bool HasContent(string path) => new FileInfo(
        File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) is { Exists: true, Length: > 0 };

    /// <summary>Decompresses bytes in memory if they are gzip.</summary>
    internal static UnpackedFile FromBytes(string path, byte[] raw)
    {
        if (!GzipFile.IsPacked(raw)) return new UnpackedFile(path, raw);
        if (raw.Length < GzipFrame)
        {
            throw new InvalidDataFileException(
                path, raw.Length, "it begins like gzip but is too short; fetch or copy it again.");
        }

        raw = raw[..EndOf(path, raw)];
        // The trailer declares the size, which bounds the memory before anything is decompressed.
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(raw.Length - 4));
        // Deflate cannot expand by more than about 1032:1. A larger declared size is false, or the file is truncated.
        if (size > MaxBytes || size > 1040L * raw.Length)
        {
            throw new InvalidDataFileException(path, raw.Length - 4, $"its gzip trailer declares {size} bytes, which " +
                "is impossible; the file is cut short or damaged, so fetch or copy it again.");
        }

        using Stream packed = GzipFile.Unpack(new MemoryStream(raw, writable: false));
        byte[] head = new byte[Math.Min(64, size)];
        if (Inflation.Fill(packed, head, path, 0) < head.Length)
        {
            throw new InvalidDataFileException(
                path, 0, "the compressed data end at once; the file is cut short, so fetch or copy it again.");
        }

        // If the header of the format gives the size, a decompression bomb is refused before it is decompressed.
        if (IdxFile.DeclaredLength(head) is { } declared && declared != size)
        {
            throw new InvalidDataFileException(path, 0, $"its IDX header declares {declared} bytes and the gzip " +
                $"trailer {size}; the file is cut short or damaged, so fetch or copy it again.");
        }

        using Stream again = GzipFile.Unpack(new MemoryStream(raw, writable: false));
        return new UnpackedFile(path, Inflation.ReadExactly(again, size, path, 0));
    }

    /// <summary>The end of a gzip file without the zeros that pad it to whole blocks, which gzip ignores. Up to three
    /// zeros are those of the size in the trailer; with more, the place where that size stands is the end.</summary>
    private static int EndOf(string path, byte[] raw)
    {
        int last = raw.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        if (raw.Length - last <= 3) return raw.Length;
        using Stream packed = GzipFile.Unpack(new MemoryStream(raw, writable: false));
        byte[] buffer = new byte[1 << 16];
        long size = 0;
        while (size <= MaxBytes && Inflation.Fill(packed, buffer, path, 0) is > 0 and var read) size += read;
        for (int end = Math.Max(last, GzipFrame); end <= last + 3; end++)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(end - 4)) == size) return end;
        }

        return raw.Length;
    }

    internal InvalidDataFileException Bad(long offset, string problem) => new(Path, offset, problem);
}

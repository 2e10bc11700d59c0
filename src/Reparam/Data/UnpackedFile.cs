using System.Buffers.Binary;
using System.IO.Compression;
using Reparam.Serialization;

namespace Reparam.Data;

/// <summary>A data file's content in memory, gzip taken off.</summary>
internal sealed record UnpackedFile(string Path, byte[] Content)
{
    /// <summary>No file of more unpacked bytes than this is read: the largest known set has 78.4 million.</summary>
    internal const long MaxBytes = 1L << 30;

    private const int GzipFrame = 18; // 10 bytes header, 4 bytes CRC-32, 4 bytes size

    /// <summary>Reads a file; takes gzip off if the content starts as gzip does, whatever the name says.</summary>
    internal static UnpackedFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new FileNotFoundException(
                $"'{path}' is a folder, not a data file; give the path of a file in it.", path);
        }

        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'; check the path.", path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long length = file.Length;
        if (length > MaxBytes)
        {
            throw new InvalidDataFileException(
                path, 0, $"it has {length} bytes, more than the {MaxBytes} that are read at once; split it.");
        }

        byte[] raw = new byte[length];
        if (file.ReadAtLeast(raw, raw.Length, throwOnEndOfStream: false) < raw.Length)
        {
            throw new InvalidDataFileException(
                path, 0, "it shrank while it was read; wait until whatever writes it is done.");
        }

        return FromBytes(path, raw);
    }

    /// <summary>Takes gzip off bytes that are already in memory.</summary>
    internal static UnpackedFile FromBytes(string path, byte[] raw)
    {
        if (raw is not [0x1F, 0x8B, ..]) return new UnpackedFile(path, raw);
        if (raw.Length < GzipFrame)
        {
            throw new InvalidDataFileException(
                path, raw.Length, "it begins as gzip but is too short to be one; fetch or copy it again.");
        }

        // The runtime's decompressor takes a cut-off file for a finished one, so the trailer is checked here.
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(raw.Length - 8));
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(raw.Length - 4));
        // Deflate cannot expand by more than about 1032:1: a larger claim is a lie or a cut-off file.
        if (size > MaxBytes || size > 1040L * raw.Length)
        {
            throw new InvalidDataFileException(path, raw.Length - 4, $"its gzip trailer claims {size} bytes, which " +
                "cannot be; the file is cut short or damaged, so fetch or copy it again.");
        }

        using GZipStream packed = new(new MemoryStream(raw, writable: false), CompressionMode.Decompress);
        byte[] head = new byte[Math.Min(64, size)];
        if (Inflation.Fill(packed, head, path, 0) < head.Length)
        {
            throw new InvalidDataFileException(
                path, 0, "the compressed data ends at once; the file is cut short, so fetch or copy it again.");
        }

        // Where the format's own header tells the size, a bomb is refused before it is inflated.
        if (IdxFile.DeclaredLength(head) is { } declared && declared != size)
        {
            throw new InvalidDataFileException(path, 0, $"its IDX header needs {declared} bytes but the gzip trailer " +
                $"has {size}; the file is cut short or damaged, so fetch or copy it again.");
        }

        using GZipStream again = new(new MemoryStream(raw, writable: false), CompressionMode.Decompress);
        byte[] content = Inflation.ReadExactly(again, size, path, 0);
        return Crc32.Of(content) == crc
            ? new UnpackedFile(path, content)
            : throw new InvalidDataFileException(path, raw.Length - 8, "its gzip checksum does not match its " +
                "content; the file is cut short, damaged or several gzip files in one, so fetch or copy it again.");
    }

    internal InvalidDataFileException Bad(long offset, string problem) => new(Path, offset, problem);
}

using System.IO.Compression;

namespace Reparam.Data;

/// <summary>Files that may be compressed by gzip. The content decides, and not the name of the file.</summary>
public static class GzipFile
{
    /// <summary>Opens a file to read it once, from its start to its end. A gzip file is decompressed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bufferSize">The size of the buffer of the file, in bytes.</param>
    /// <returns>The stream. It throws an <see cref="InvalidDataException"/> where a gzip file is damaged or was cut
    /// off.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Stream OpenRead(string path, int bufferSize = 4096)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize);
        Span<byte> head = stackalloc byte[2];
        bool isPacked = IsPacked(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        file.Position = 0;
        return isPacked ? Unpack(file) : file;
    }

    /// <summary>Whether bytes begin like gzip.</summary>
    internal static bool IsPacked(ReadOnlySpan<byte> bytes) => bytes is [0x1F, 0x8B, ..];

    /// <summary>The decompressed content of a gzip file.</summary>
    internal static GZipStream Unpack(Stream file) => new(new GzipEnd(file), CompressionMode.Decompress);
}

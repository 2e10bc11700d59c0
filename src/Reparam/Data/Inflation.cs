namespace Reparam.Data;

/// <summary>
/// Reads from decompressors without trust in the size that a file declares. Memory grows only with bytes that were
/// really decompressed, and the output is bounded. A stream that ends early is an error here; the decompressors of the
/// runtime do not report it.
/// </summary>
internal static class Inflation
{
    private const int FirstChunk = 64 * 1024;

    /// <summary>Reads exactly <paramref name="expected"/> bytes. Throws if the stream ends before or continues after
    /// them.</summary>
    internal static byte[] ReadExactly(Stream packed, long expected, string path, long offset)
    {
        if (expected > Array.MaxLength)
        {
            throw new InvalidDataFileException(path, offset, $"it declares {expected} bytes after unpacking, and one " +
                $"array holds at most {Array.MaxLength}; split the data into several files.");
        }

        byte[] buffer = new byte[(int)Math.Min(expected, FirstChunk)];
        int filled = 0;
        while (true)
        {
            filled += Fill(packed, buffer.AsSpan(filled), path, offset);
            if (filled < buffer.Length)
            {
                throw new InvalidDataFileException(path, offset, $"the compressed data end after {filled} of " +
                    $"{expected} bytes; the file is cut short, so fetch or copy it again.");
            }

            if (filled == expected) break;
            // Doubles the bytes that have really arrived. A false length costs at most twice the bytes that exist.
            Array.Resize(ref buffer, (int)Math.Min(expected, 2L * filled));
        }

        Span<byte> beyond = stackalloc byte[1];
        return Fill(packed, beyond, path, offset) == 0
            ? buffer
            : throw new InvalidDataFileException(path, offset, $"the compressed data continue after the {expected} " +
                "bytes that are declared; the file is damaged, so fetch or copy it again.");
    }

    /// <summary>Fills a span with bytes from the stream. Returns the number of bytes, which is smaller if the stream
    /// ends.</summary>
    internal static int Fill(Stream packed, Span<byte> destination, string path, long offset)
    {
        try
        {
            return packed.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or NotSupportedException)
        {
            throw new InvalidDataFileException(
                path, offset, "the compressed data are damaged; fetch or copy the file again.", failure);
        }
    }
}

namespace Reparam.Data;

/// <summary>
/// Reading from decompressors without trusting what a file says about its size: memory grows only with bytes that
/// really came out, output is bounded, and a stream that ends early (which the runtime's decompressors pass over in
/// silence) is noticed.
/// </summary>
internal static class Inflation
{
    private const int FirstChunk = 64 * 1024;

    /// <summary>Reads exactly <paramref name="expected"/> bytes and requires the end of the stream after
    /// them.</summary>
    internal static byte[] ReadExactly(Stream packed, long expected, string path, long offset)
    {
        if (expected > Array.MaxLength)
        {
            throw new InvalidDataFileException(path, offset, $"it declares {expected} unpacked bytes, more than one " +
                "array can hold; split the data over several files.");
        }

        byte[] buffer = new byte[(int)Math.Min(expected, FirstChunk)];
        int filled = 0;
        while (true)
        {
            filled += Fill(packed, buffer.AsSpan(filled), path, offset);
            if (filled < buffer.Length)
            {
                throw new InvalidDataFileException(path, offset, $"the compressed data ends after {filled} of " +
                    $"{expected} bytes; the file is cut short, so fetch or copy it again.");
            }

            if (filled == expected) break;
            // Double what has really arrived: a lying length costs at most twice the bytes that exist.
            Array.Resize(ref buffer, (int)Math.Min(expected, 2L * filled));
        }

        Span<byte> beyond = stackalloc byte[1];
        return Fill(packed, beyond, path, offset) == 0
            ? buffer
            : throw new InvalidDataFileException(path, offset, $"the compressed data goes on past the {expected} " +
                "bytes it declares; the file is damaged, so fetch or copy it again.");
    }

    /// <summary>Fills as much of a span as the stream yields; returns how much that was.</summary>
    internal static int Fill(Stream packed, Span<byte> destination, string path, long offset)
    {
        try
        {
            return packed.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or NotSupportedException)
        {
            throw new InvalidDataFileException(
                path, offset, "the compressed data is damaged; fetch or copy the file again.", failure);
        }
    }
}

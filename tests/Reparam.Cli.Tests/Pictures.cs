using System.Buffers.Binary;

namespace Reparam.Cli.Tests;

/// <summary>Reads what a PNG says of itself.</summary>
internal static class Pictures
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Fails unless the file is a whole PNG that lays out cells of 28 x 28, zoomed twice, with borders of one
    /// pixel.</summary>
    public static void RequireGrid(string path, int columns, int rows)
    {
        byte[] content = File.ReadAllBytes(path);
        Assert.Equal(Signature, content[..8]);
        Assert.Equal("IHDR"u8.ToArray(), content[12..16]);
        Assert.Equal("IEND"u8.ToArray(), content[^8..^4]);
        Assert.Equal(columns * 57 + 1, BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(16)));
        Assert.Equal(rows * 57 + 1, BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(20)));
    }
}

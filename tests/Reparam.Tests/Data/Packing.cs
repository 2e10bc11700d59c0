using System.IO.Compression;

namespace Reparam.Tests.Data;

/// <summary>Compressed forms for the readers' tests.</summary>
internal static class Packing
{
    internal static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(content);
        return packed.ToArray();
    }

    internal static byte[] Zlib(ReadOnlySpan<byte> content)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(content);
        return packed.ToArray();
    }

    internal static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using MemoryStream packed = new();
        using (ZipArchive zip = new(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }
}

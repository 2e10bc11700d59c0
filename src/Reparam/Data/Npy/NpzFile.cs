using System.IO.Compression;
using Reparam.Serialization;

namespace Reparam.Data;

/// <summary>
/// Reads and writes NumPy's <c>.npz</c>: a zip of <c>.npy</c> entries. Sizes and checksums are verified here, because an entry whose directory
/// lies about its size is otherwise read short in silence. Nothing is ever extracted to disk.
/// </summary>
public static class NpzFile
{
    private const int MaxEntries = 10_000;

    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the earliest time that a zip can hold

    /// <summary>Reads all arrays, by name (without the <c>.npy</c>).</summary>
    /// <exception cref="InvalidDataFileException">The content is not a whole zip of .npy files.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyDictionary<string, NumericArray> Read(string path) => Read(UnpackedFile.Read(path));

    /// <summary>Writes named arrays, as <c>numpy.savez</c> does: stored without compression. The same arrays give the same bytes, and the file appears whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written; an older file of that name is left as it was.</exception>
    public static void Write(string path, params IReadOnlyList<(string Name, NumericArray Array)> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        AtomicFile.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string name, NumericArray array) in arrays)
            {
                ZipArchiveEntry entry = zip.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
                entry.LastWriteTime = Epoch;
                using Stream content = entry.Open();
                NpyFile.Write(content, array);
            }
        });
    }

    internal static bool IsNpz(ReadOnlySpan<byte> content) => content.StartsWith("PK\u0003\u0004"u8) || content.StartsWith("PK\u0005\u0006"u8);

    internal static IReadOnlyDictionary<string, NumericArray> Read(UnpackedFile file)
    {
        try
        {
            using ZipArchive zip = new(new MemoryStream(file.Content, writable: false), ZipArchiveMode.Read);
            if (zip.Entries.Count > MaxEntries) throw file.Bad(0, $"it has {zip.Entries.Count} entries, and at most {MaxEntries} are read; split it.");
            Dictionary<string, NumericArray> arrays = new(StringComparer.Ordinal);
            long total = 0;
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                if (entry.Length < 0 || (total += entry.Length) > UnpackedFile.MaxBytes)
                    throw file.Bad(0, $"its entries unpack to more than {UnpackedFile.MaxBytes} bytes; split it.");
                // Deflate's best is about 1032:1, so a larger claim is a lie; refused before anything is inflated.
                if (entry.Length > 1040L * file.Content.Length)
                    throw file.Bad(0, $"an entry claims {entry.Length} bytes, which cannot be; the file is damaged.");
                string name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
                if (!arrays.TryAdd(name, ReadEntry(file, entry)))
                    throw file.Bad(0, $"it has two entries named '{name}'; save it again with numpy.savez.");
            }

            return arrays;
        }
        // The zip reader answers damage with a whole family of exceptions; to a caller all mean the same.
        catch (Exception failure) when (failure is not (InvalidDataFileException or OutOfMemoryException))
        {
            throw new InvalidDataFileException(file.Path, 0, "its zip directory is damaged; fetch or copy it again.", failure);
        }
    }

    private static NumericArray ReadEntry(UnpackedFile file, ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] content = Inflation.ReadExactly(stream, entry.Length, file.Path, 0);
        if (Crc32.Of(content) != entry.Crc32)
            throw file.Bad(0, $"the checksum of entry '{entry.FullName}' does not match its content; fetch or copy it again.");
        return NpyFile.Read(new UnpackedFile($"{file.Path}:{entry.FullName}", content));
    }
}

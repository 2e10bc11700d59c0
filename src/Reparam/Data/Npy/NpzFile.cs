using System.IO.Compression;
using Reparam.Serialization;

namespace Reparam.Data;

/// <summary>
/// Reads and writes NumPy's <c>.npz</c> files: a zip archive of <c>.npy</c> entries. Sizes and checksums are verified
/// here, because an entry with a wrong size in the zip directory would otherwise be truncated without an error. Nothing
/// is extracted to disk, and a pickle is never opened.
/// </summary>
public static class NpzFile
{
    private const int MaxEntries = 10_000;

    // The earliest time that a zip archive can store.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Reads all arrays of plain numbers, by name (without <c>.npy</c>). Text, pickled objects and other entries are
    /// ignored.
    /// </summary>
    /// <exception cref="InvalidDataFileException">The content is not a complete zip archive, an array in it is damaged,
    /// or it has entries and none of them is an array of plain numbers.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyDictionary<string, NumericArray> Read(string path) => Read(UnpackedFile.Read(path));

    /// <summary>Writes named arrays without compression, as <c>numpy.savez</c> does. The same arrays give the same
    /// bytes. The file is written completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written. An older file of that name is unchanged.</exception>
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

    internal static bool IsNpz(ReadOnlySpan<byte> content) => content.StartsWith("PK\u0003\u0004"u8)
        || content.StartsWith("PK\u0005\u0006"u8);

    internal static IReadOnlyDictionary<string, NumericArray> Read(UnpackedFile file) =>
        ArrayMember.ReadAll(Members(file));

    /// <summary>The entries of the archive. Before an entry is read, only its header is unpacked.</summary>
    internal static IReadOnlyList<ArrayMember> Members(UnpackedFile file) => Guarded(file, zip =>
    {
        if (zip.Entries.Count > MaxEntries)
            throw file.Bad(0, $"it has {zip.Entries.Count} entries, and at most {MaxEntries} are allowed; split it.");
        List<ArrayMember> members = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        long total = 0;
        for (int i = 0; i < zip.Entries.Count; i++)
        {
            int index = i;
            ZipArchiveEntry entry = zip.Entries[index];
            string name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4]
                : entry.FullName;
            if (!names.Add(name))
                throw file.Bad(0, $"it has two entries named '{name}'; save it again with numpy.savez.");
            members.Add(new ArrayMember(name, Foreign(file, entry), () =>
                Guarded(file, again => ReadEntry(file, again.Entries[index], ref total))));
        }

        return members;
    });

    private static T Guarded<T>(UnpackedFile file, Func<ZipArchive, T> read)
    {
        try
        {
            using ZipArchive zip = new(new MemoryStream(file.Content, writable: false), ZipArchiveMode.Read);
            return read(zip);
        }
        // The zip reader throws many types of exceptions for damaged files. All of them mean the same to a caller.
        catch (Exception failure) when (failure is not (InvalidDataFileException or OutOfMemoryException))
        {
            throw new InvalidDataFileException(
                file.Path, "its zip directory, at the end of the file, is missing or damaged; fetch or copy the " +
                "file again.", failure);
        }
    }

    /// <summary>
    /// What an entry contains if it is not an array of plain numbers; null for plain numbers. Also null for a damaged
    /// entry; reading it reports the damage.
    /// </summary>
    private static string? Foreign(UnpackedFile file, ZipArchiveEntry entry)
    {
        byte[] head = new byte[Math.Clamp(entry.Length, 0, NpyFile.LongestHead)];
        try
        {
            using Stream stream = entry.Open();
            int filled = Inflation.Fill(stream, head, file.Path, 0);
            return NpyFile.Foreign(new UnpackedFile(file.Path, head[..filled]));
        }
        catch (InvalidDataFileException)
        {
            return null;
        }
        catch (Exception failure) when (failure is InvalidDataException or NotSupportedException)
        {
            return "an entry with unsupported compression or encryption";
        }
    }

    private static NumericArray ReadEntry(UnpackedFile file, ZipArchiveEntry entry, ref long total)
    {
        if (entry.Length < 0 || (total += entry.Length) > UnpackedFile.MaxBytes)
        {
            throw file.Bad(0,
                $"with its array '{entry.FullName}' the unpacked data exceed {UnpackedFile.MaxBytes} bytes; " +
                "save a part of it, such as every fourth row: numpy.savez_compressed('part.npz', x=array[::4]).");
        }

        // Deflate cannot expand by more than about 1032:1, so a larger declared size is false. It is refused before
        // anything is decompressed.
        if (entry.Length > 1040L * file.Content.Length)
            throw file.Bad(0, $"an entry declares {entry.Length} bytes, which is impossible; the file is damaged.");
        byte[] content;
        try
        {
            using Stream stream = entry.Open();
            content = Inflation.ReadExactly(stream, entry.Length, file.Path, 0);
        }
        catch (Exception failure) when (failure is InvalidDataException or NotSupportedException)
        {
            throw new InvalidDataFileException(file.Path, 0, $"its entry '{entry.FullName}' has an unsupported " +
                "compression or encryption; save it again with numpy.savez_compressed.", failure);
        }

        if (Crc32.Of(content) != entry.Crc32)
        {
            throw file.Bad(
                0, $"the checksum of entry '{entry.FullName}' does not match its content; fetch or copy it again.");
        }

        return NpyFile.Read(new UnpackedFile($"{file.Path}:{entry.FullName}", content));
    }
}

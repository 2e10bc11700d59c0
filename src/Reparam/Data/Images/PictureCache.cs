using System.Buffers.Binary;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Reparam.Serialization;

namespace Reparam.Data;

/// <summary>
/// The decoded and scaled pictures of one folder, in a file of the cache folder. A picture is found by the SHA-256 of
/// its file's content, so a picture that was changed or added is decoded, and one that was renamed is not. The file is
/// replaced as a whole, with the pictures of the last reading alone.
/// </summary>
/// <remarks>
/// The file: 8 bytes of magic, the number of pictures and the bytes of one as Int64 (little-endian); for each picture
/// the SHA-256 of its content, the SHA-256 of its levels, and a byte that is 1 for colours; then the levels of all. A
/// file of another length, and levels with another SHA-256, count as absent.
/// </remarks>
internal sealed class PictureCache : IDisposable
{
    private const int HashBytes = SHA256.HashSizeInBytes, EntryBytes = 2 * HashBytes + 1, HeadBytes = 24;
    private const int DaysKept = 90;

    private static readonly byte[] s_magic = "RPMPIX01"u8.ToArray();
    private static readonly string s_version = typeof(PictureCache).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private readonly Dictionary<Key, int> _positions = [];
    private readonly string _path;
    private readonly int _size;
    private SafeFileHandle? _file;
    private byte[] _entries = [];

    /// <summary>Opens the cache of a folder of pictures for one way to scale them.</summary>
    /// <param name="folder">The folder of all caches. It is created if it is absent.</param>
    /// <param name="source">The folder of the pictures.</param>
    /// <param name="options">The decoders and the way to cut pictures.</param>
    /// <param name="size">Height, width and channels of the scaled pictures.</param>
    /// <exception cref="IOException">The folder cannot be created, or the file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file is not accessible.</exception>
    public PictureCache(
        string folder, string source, PictureOptions options, (int Height, int Width, int Channels) size)
    {
        Directory.CreateDirectory(folder);
        _size = size.Height * size.Width * size.Channels;
        string decoders = string.Join(' ', options.Formats.Pictures.Select(d => d.GetType().FullName));
        string key = string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFullPath(source)}\n{size} {options.Crop} {options.MaxSamples}\n{s_version}\n{decoders}");
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        _path = Path.Combine(folder, $"{name}.pixels");
        if (File.Exists(_path)) Load();
    }

    /// <summary>Copies the levels of a picture, if they are there.</summary>
    /// <param name="content">The SHA-256 of the file's content.</param>
    /// <param name="levels">Receives the levels.</param>
    /// <param name="isColour">Whether the picture has colours.</param>
    public bool TryRead(ReadOnlySpan<byte> content, Span<byte> levels, out bool isColour)
    {
        isColour = false;
        if (_file is null || !_positions.TryGetValue(new Key(content), out int at)) return false;
        long start = HeadBytes + (long)_positions.Count * EntryBytes + (long)at * _size;
        ReadOnlySpan<byte> entry = _entries.AsSpan(at * EntryBytes, EntryBytes);
        isColour = entry[^1] == 1;
        return RandomAccess.Read(_file, levels, start) == _size
            && SHA256.HashData(levels).AsSpan().SequenceEqual(entry.Slice(HashBytes, HashBytes));
    }

    /// <summary>Replaces the file, and deletes the files of this cache that were written long ago.</summary>
    /// <param name="contents">The SHA-256 of the content of each picture's file.</param>
    /// <param name="isColour">Whether each picture has colours.</param>
    /// <param name="levels">The levels of a picture.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">An old file cannot be deleted.</exception>
    public void Save(
        IReadOnlyList<byte[]> contents, IReadOnlyList<bool> isColour, Func<int, ReadOnlyMemory<byte>> levels)
    {
        // The same content twice is one entry, because an entry is found by its content.
        int[] distinct = [.. Enumerable.Range(0, contents.Count).DistinctBy(i => new Key(contents[i]))];
        AtomicFile.Write(_path, stream =>
        {
            Span<byte> head = stackalloc byte[HeadBytes];
            s_magic.CopyTo(head);
            BinaryPrimitives.WriteInt64LittleEndian(head[8..], distinct.Length);
            BinaryPrimitives.WriteInt64LittleEndian(head[16..], _size);
            stream.Write(head);
            foreach (int i in distinct)
            {
                stream.Write(contents[i]);
                stream.Write(SHA256.HashData(levels(i).Span));
                stream.WriteByte(isColour[i] ? (byte)1 : (byte)0);
            }

            foreach (int i in distinct) stream.Write(levels(i).Span);
        });
        DateTime oldest = DateTime.UtcNow.AddDays(-DaysKept);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(_path)!, "*.pixels"))
            if (File.GetLastWriteTimeUtc(file) < oldest) File.Delete(file);
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Load()
    {
        _file = File.OpenHandle(_path);
        long length = RandomAccess.GetLength(_file);
        Span<byte> head = stackalloc byte[HeadBytes];
        if (RandomAccess.Read(_file, head, 0) != HeadBytes || !head[..8].SequenceEqual(s_magic)) return;
        long count = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
        if (BinaryPrimitives.ReadInt64LittleEndian(head[16..]) != _size || count is < 1 or > PictureOptions.MaxPictures
            || length != HeadBytes + count * (EntryBytes + (long)_size))
            return;
        byte[] entries = new byte[count * EntryBytes];
        if (RandomAccess.Read(_file, entries, HeadBytes) != entries.Length) return;
        for (int i = 0; i < count; i++) _positions[new Key(entries.AsSpan(i * EntryBytes, HashBytes))] = i;
        // Entries with one key twice would shift the start of the levels.
        if (_positions.Count == count) _entries = entries;
        else _positions.Clear();
    }

    /// <summary>A SHA-256 as a key of a dictionary.</summary>
    private readonly record struct Key
    {
        private readonly UInt128 _low, _high;

        public Key(ReadOnlySpan<byte> hash)
        {
            ReadOnlySpan<UInt128> parts = MemoryMarshal.Cast<byte, UInt128>(hash);
            (_low, _high) = (parts[0], parts[1]);
        }
    }
}

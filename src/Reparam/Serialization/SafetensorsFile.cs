using System.Buffers.Binary;
using System.Text.Json;

namespace Reparam.Serialization;

/// <summary>
/// A safetensors file: named tensors and a map of text to text. Reading makes all checks of the reference
/// implementation and applies <see cref="ReadLimits"/>. Writing is deterministic: the same tensors give the same bytes.
/// The Python library of safetensors can read the files.
/// </summary>
public sealed class SafetensorsFile
{
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    /// <summary>Creates a file from tensors and text.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name, or a tensor is named
    /// <c>__metadata__</c>.</exception>
    public SafetensorsFile(IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        _byName = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Name == SafetensorsHeader.MetadataKey)
            {
                throw new ArgumentException(
                    $"A tensor cannot be named {SafetensorsHeader.MetadataKey}; the format reserves that name.");
            }

            if (!_byName.TryAdd(entry.Name, entry))
                throw new ArgumentException($"Two tensors are named '{entry.Name}'. Give each tensor its own name.");
        }

        // Tensors with larger elements come first, then tensors are sorted by name. This keeps every tensor aligned to
        // the size of its elements.
        Entries = [.. _byName.Values.OrderByDescending(e => e.Type).ThenBy(e => e.Name, StringComparer.Ordinal)];
        Metadata = metadata is null
            ? new Dictionary<string, string>()
            : new Dictionary<string, string>(metadata, StringComparer.Ordinal);
    }

    /// <summary>The tensors in the order of the file.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The text of the file; empty if there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor with a name.</summary>
    /// <exception cref="KeyNotFoundException">There is no tensor of that name.</exception>
    public SafetensorsEntry this[string name] => _byName.TryGetValue(name, out SafetensorsEntry? entry)
        ? entry
        : throw new KeyNotFoundException($"The file has no tensor named '{name}'.");

    /// <summary>Whether there is a tensor with a name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidModelException">The file is not valid safetensors, or it exceeds the limits.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SafetensorsFile Read(string path, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no model file '{path}'; check the path.", path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Read(file, path, limits);
    }

    /// <summary>Reads a seekable stream from its start.</summary>
    /// <param name="stream">The content.</param>
    /// <param name="path">The name of the content in error messages.</param>
    /// <param name="limits">The limits; null uses <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="InvalidModelException">The content is not valid safetensors, or it exceeds the
    /// limits.</exception>
    public static SafetensorsFile Read(Stream stream, string path, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= ReadLimits.Default;
        long length = stream.Length;
        if (length > limits.MaxFileBytes)
        {
            throw new InvalidModelException(path, 0, $"it has {length} bytes and the limit is {limits.MaxFileBytes}; " +
                "raise ReadLimits.MaxFileBytes if you trust it.");
        }

        if (length < 8)
        {
            throw new InvalidModelException(
                path, length, "a safetensors file needs at least 8 bytes; it is cut short, so fetch or copy it again.");
        }

        Span<byte> prefix = stackalloc byte[8];
        stream.Position = 0;
        stream.ReadExactly(prefix);
        ulong declared = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (declared > SafetensorsHeader.FormatLimit)
        {
            throw new InvalidModelException(path, 0, $"its header declares {declared} bytes, more than the format " +
                "allows; this is not a safetensors file, or it is damaged.");
        }

        if ((long)declared > length - 8)
        {
            throw new InvalidModelException(path, 0, $"its header declares {declared} bytes and {length - 8} follow; " +
                "it is cut short, so fetch or copy it again.");
        }

        if ((long)declared > limits.MaxHeaderBytes)
        {
            throw new InvalidModelException(path, 0, $"its header has {declared} bytes and the limit is " +
                $"{limits.MaxHeaderBytes}; raise ReadLimits.MaxHeaderBytes if you trust it.");
        }

        byte[] text = new byte[(int)declared];
        stream.ReadExactly(text);
        SafetensorsHeader header = SafetensorsHeader.Parse(text, path, length, limits);

        List<SafetensorsEntry> entries = new(header.Tensors.Count);
        foreach (SafetensorsHeader.Tensor tensor in header.Tensors)
        {
            byte[] data = new byte[tensor.End - tensor.Begin]; // the header has checked the offsets
            stream.Position = 8 + text.Length + tensor.Begin;
            stream.ReadExactly(data);
            entries.Add(new SafetensorsEntry(tensor.Name, tensor.Type, tensor.Shape, data));
        }

        return new SafetensorsFile(entries, header.Metadata);
    }

    /// <summary>Writes a file completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written. An older file of that name is kept.</exception>
    public void Write(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes to a stream.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] header = Header();
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (SafetensorsEntry entry in Entries) stream.Write(entry.Data.Span);
    }

    private byte[] Header()
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach ((string key, string value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            long at = 0;
            foreach (SafetensorsEntry entry in Entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type.Code());
                json.WriteStartArray("shape");
                foreach (int extent in entry.Shape) json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += entry.Data.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (text.Length % 8 != 0) text.WriteByte((byte)' '); // so that the data start aligned
        return text.ToArray();
    }
}

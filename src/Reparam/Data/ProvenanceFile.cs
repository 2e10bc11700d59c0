using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;
using Reparam.Serialization;

namespace Reparam.Data;

/// <summary>
/// Reads and writes the marks of generated files (<see cref="Provenance"/>): the XMP packet in a PNG file, and for
/// other files, such as tables, the JSON file <c>FILE.json</c> beside it.
/// </summary>
public static class ProvenanceFile
{
    private const int MostBytes = 1 << 20; // of one mark

    /// <summary>The path of the mark of a file that is not a PNG: <c>rows.csv.json</c> for <c>rows.csv</c>.</summary>
    public static string PathOf(string path) => path + ".json";

    /// <summary>Writes the mark of a finished file beside it, with the SHA-256 of the file.</summary>
    /// <param name="path">The path of the generated file.</param>
    /// <param name="provenance">The mark.</param>
    /// <exception cref="IOException">The generated file cannot be read, or the mark cannot be written.</exception>
    public static void WriteBeside(string path, Provenance provenance)
    {
        ArgumentNullException.ThrowIfNull(provenance);
        var mark = new SavedProvenance
        {
            DigitalSourceType = provenance.DigitalSourceType,
            Software = Clean(provenance.Software),
            Command = Clean(provenance.Command),
            Run = provenance.Run,
            Seed = provenance.Seed,
            Data = Clean(provenance.Data),
            License = Clean(provenance.License),
            Sha256 = Hash(path),
        };
        AtomicFile.WriteAllText(
            PathOf(path), JsonSerializer.Serialize(mark, SavedProvenanceContext.Default.SavedProvenance) + "\n");

        static string? Clean(string? text) => text is null ? null : Provenance.Clean(text);
    }

    /// <summary>Whether the mark of a file can be written beside it: no file has its name, or only an older mark, which
    /// is replaced.</summary>
    public static bool CanWriteBeside(string path)
    {
        try
        {
            string mark = PathOf(path);
            return !Path.Exists(mark) || (File.Exists(mark) && ReadBeside(mark) is not null);
        }
        catch (InvalidDataFileException)
        {
            return false; // a file of another program
        }
    }

    /// <summary>Reads the mark of a file; null if the file carries none.</summary>
    /// <param name="path">The path of a picture or table.</param>
    /// <exception cref="InvalidDataFileException">The PNG file, its XMP packet or the JSON file is damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Provenance? Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'; check the path.", path);
        return IsPng(path) ? ReadPng(path, File.ReadAllBytes(path)) : ReadBeside(PathOf(path));
    }

    /// <summary>Whether a file is a PNG, by its name or by its first bytes.</summary>
    public static bool IsPng(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) return true;
        byte[] head = new byte[16];
        using FileStream file = File.OpenRead(path);
        return PngDecoder.Instance.Recognises(
            head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
    }

    /// <summary>Whether a file still has the content that its mark was written for. It may have been edited.</summary>
    public static bool IsUnchanged(string path, Provenance provenance)
    {
        ArgumentNullException.ThrowIfNull(provenance);
        return provenance.Sha256 is not { } hash || hash == Hash(path);
    }

    private static string Hash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static Provenance? ReadPng(string path, byte[] bytes)
    {
        PngDecoder.ReadHeader(path, bytes, out int at);
        Provenance? found = null;
        while (true)
        {
            ReadOnlySpan<byte> data = PngDecoder.Chunk(path, bytes, at, out uint type);
            if (type == PngDecoder.Type("IEND"u8)) return found;
            if (type == PngDecoder.Type("iTXt"u8) && found is null && IsXmp(data))
            {
                try
                {
                    found = XmpPacket.Read(Packet(path, data, at));
                }
                catch (Exception failure) when (failure is XmlException or FormatException)
                {
                    throw new InvalidDataFileException(path, at, "its XMP packet, which says how the picture was " +
                        $"made, is damaged ({failure.Message.TrimEnd('.')}); fetch or copy the file again.", failure);
                }
            }

            at += PngDecoder.Frame + data.Length;
        }
    }

    private static bool IsXmp(ReadOnlySpan<byte> data) => data.StartsWith(PngImage.XmpKeyword)
        && data.Length > PngImage.XmpKeyword.Length && data[PngImage.XmpKeyword.Length] == 0;

    /// <summary>The text of an iTXt chunk: after the keyword a 0, whether it is compressed and how, and a language and
    /// a translated keyword that end with 0.</summary>
    private static byte[] Packet(string path, ReadOnlySpan<byte> data, int at)
    {
        ReadOnlySpan<byte> rest = data[(PngImage.XmpKeyword.Length + 1)..];
        int language = rest.Length < 2 ? -1 : rest[2..].IndexOf((byte)0);
        int translated = language < 0 ? -1 : rest[(language + 3)..].IndexOf((byte)0);
        if (translated < 0) throw PngDecoder.Bad(path, at, "the text of its XMP packet is missing");
        byte[] text = rest[(language + translated + 4)..].ToArray();
        if (rest[0] == 0) return text;
        using var unpacked = new ZLibStream(new MemoryStream(text), CompressionMode.Decompress);
        byte[] packet = new byte[MostBytes];
        int length = Inflation.Fill(unpacked, packet, path, at);
        return length < MostBytes ? packet[..length]
            : throw new InvalidDataFileException(path, at, $"its XMP packet has more than {MostBytes} bytes.");
    }

    private static Provenance? ReadBeside(string path)
    {
        if (!File.Exists(path)) return null;
        if (new FileInfo(path).Length > MostBytes)
            throw new InvalidDataFileException(path, $"a mark of generated data has at most {MostBytes} bytes.");
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
            // A JSON file of this name may be another program's.
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty(SavedProvenance.TypeKey, out _))
                return null;
            SavedProvenance mark = json.RootElement.Deserialize(SavedProvenanceContext.Default.SavedProvenance)!;
            return new Provenance
            {
                DigitalSourceType = mark.DigitalSourceType,
                Software = mark.Software,
                Command = mark.Command,
                Run = mark.Run,
                Seed = mark.Seed,
                Data = mark.Data,
                License = mark.License,
                Sha256 = mark.Sha256,
            };
        }
        catch (JsonException failure)
        {
            throw new InvalidDataFileException(path, "it should say how the file beside it was made, and it is " +
                $"damaged ({failure.Message.TrimEnd('.')}); delete it, or write the file beside it again.", failure);
        }
    }
}

/// <summary>The content of the JSON file beside a generated file.</summary>
internal sealed record SavedProvenance
{
    /// <summary>The key that a file of another program does not have.</summary>
    public const string TypeKey = "digitalSourceType";

    [JsonPropertyName(TypeKey)]
    public required string DigitalSourceType { get; init; }

    public string? Software { get; init; }

    public string? Command { get; init; }

    public string? Run { get; init; }

    public ulong? Seed { get; init; }

    public string? Data { get; init; }

    public string? License { get; init; }

    public string? Sha256 { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    NewLine = "\n", RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SavedProvenance))]
internal sealed partial class SavedProvenanceContext : JsonSerializerContext;

using System.Security.Cryptography;
using System.Text.Json;

namespace Reparam.Serialization;

/// <summary>The file MANIFEST.json of a checkpoint: the step, the length and SHA-256 of each file, and notes such as
/// the hash of the configuration.</summary>
internal sealed record CheckpointManifest(
    long Step, IReadOnlyDictionary<string, CheckpointManifest.Part> Files, IReadOnlyDictionary<string, string> Notes)
{
    internal const string FileName = "MANIFEST.json";
    private const long MaxBytes = 4 << 20;

    internal static Part Measure(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return new Part(file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    internal void Write(Stream stream)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteNumber("schema", 1);
        json.WriteNumber("step", Step);
        json.WriteStartObject("files");
        foreach ((string name, Part part) in Files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(name);
            json.WriteNumber("length", part.Length);
            json.WriteString("sha256", part.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("notes");
        foreach ((string key, string value) in Notes.OrderBy(n => n.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Reads the manifest of a checkpoint and checks every file against it.</summary>
    /// <exception cref="InvalidModelException">The manifest is missing or damaged, or a file is missing or differs from
    /// it.</exception>
    internal static CheckpointManifest Verify(string folder)
    {
        string path = Path.Combine(folder, FileName);
        CheckpointManifest manifest;
        try
        {
            FileInfo info = new(path);
            if (!info.Exists)
            {
                throw new InvalidModelException(
                    path, 0, "the checkpoint has no manifest; it is incomplete, so use another checkpoint.");
            }

            if (info.Length > MaxBytes)
                throw new InvalidModelException(path, 0, "the manifest is too long; use another checkpoint.");
            manifest = Parse(File.ReadAllBytes(path));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException)
        {
            throw new InvalidModelException(path, 0, "the manifest is damaged; use another checkpoint.", failure);
        }

        foreach ((string name, Part expected) in manifest.Files)
        {
            string file = Path.Combine(folder, name);
            if (!IsPlainName(name) || !File.Exists(file))
            {
                throw new InvalidModelException(
                    file, 0, "this file of the checkpoint is missing; use another checkpoint.");
            }

            if (new FileInfo(file).Length != expected.Length || Measure(file) != expected)
            {
                throw new InvalidModelException(file, 0,
                    "it differs from the manifest of the checkpoint; it is damaged, so use another checkpoint.");
            }
        }

        return manifest;
    }

    /// <summary>Whether a file name is a plain name that cannot lead out of its folder.</summary>
    internal static bool IsPlainName(string name) =>
        name.Length is > 0 and <= 200 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0;

    private static CheckpointManifest Parse(byte[] text)
    {
        using JsonDocument json = JsonDocument.Parse(
            text, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
        JsonElement root = json.RootElement;
        int schema = root.GetProperty("schema").GetInt32();
        if (schema != 1) throw new FormatException($"Manifest schema {schema} is unknown to this version.");
        Dictionary<string, Part> files = root.GetProperty("files").EnumerateObject().ToDictionary(
            file => file.Name,
            file => new Part(
                file.Value.GetProperty("length").GetInt64(), file.Value.GetProperty("sha256").GetString() ?? ""),
            StringComparer.Ordinal);
        Dictionary<string, string> notes = root.GetProperty("notes").EnumerateObject().ToDictionary(
            note => note.Name, note => note.Value.GetString() ?? "", StringComparer.Ordinal);
        return new CheckpointManifest(root.GetProperty("step").GetInt64(), files, notes);
    }

    internal readonly record struct Part(long Length, string Sha256);
}

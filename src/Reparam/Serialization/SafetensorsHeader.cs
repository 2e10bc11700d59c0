using System.Text.Json;
using System.Text.Unicode;
using Reparam.Tensors;

namespace Reparam.Serialization;

/// <summary>
/// The JSON header of a safetensors file. Parsing applies all rules of the reference reader (huggingface/safetensors,
/// tensor.rs) in the same order. After parsing, the offsets and sizes of all tensors are verified.
/// </summary>
internal sealed class SafetensorsHeader
{
    internal const string MetadataKey = "__metadata__";
    internal const ulong FormatLimit = 100_000_000;

    private readonly string _path;
    private readonly ReadLimits _limits;

    private SafetensorsHeader(string path, ReadLimits limits)
    {
        _path = path;
        _limits = limits;
    }

    /// <summary>The tensors, sorted by the offsets of their data.</summary>
    internal List<Tensor> Tensors { get; } = [];

    internal Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    internal static SafetensorsHeader Parse(byte[] text, string path, long fileLength, ReadLimits limits)
    {
        SafetensorsHeader header = new(path, limits);
        if (!Utf8.IsValid(text)) throw header.Bad("its header is not valid UTF-8; the file is damaged.");
        try
        {
            JsonDocumentOptions options = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
            using JsonDocument json = JsonDocument.Parse(text, options);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw header.Bad("its header is not a JSON object; this is not a safetensors file.");
            foreach (JsonProperty property in json.RootElement.EnumerateObject())
            {
                if (property.NameEquals(MetadataKey)) header.ReadMetadata(property.Value);
                else header.ReadTensor(property);
            }
        }
        // Text with a lone surrogate causes an InvalidOperationException when it is converted to a string.
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw new InvalidModelException(path, 8, "its header is not the JSON of the format, or it repeats a " +
                "name; the file is damaged or was written by faulty software.", failure);
        }

        header.CheckLayout(fileLength - 8 - text.Length);
        return header;
    }

    private void ReadMetadata(JsonElement map)
    {
        if (map.ValueKind != JsonValueKind.Object)
            throw Bad($"{MetadataKey} is not a map of text to text; write the file again.");
        foreach (JsonProperty property in map.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw Bad($"{MetadataKey} has a value that is not text; write the file again with text only.");
            Metadata.Add(property.Name, property.Value.GetString()!);
        }
    }

    private void ReadTensor(JsonProperty property)
    {
        if (Tensors.Count == _limits.MaxTensors)
            throw Bad($"it has more than {_limits.MaxTensors} tensors; raise ReadLimits.MaxTensors if you trust it.");
        string name = property.Name;
        if (name.Length > _limits.MaxNameLength)
        {
            throw Bad($"the name of a tensor has {name.Length} characters and the limit is {_limits.MaxNameLength}; " +
                "raise ReadLimits.MaxNameLength if you trust it.");
        }

        JsonElement info = property.Value;
        if (info.ValueKind != JsonValueKind.Object
            || !info.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !info.TryGetProperty("shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array
            || !info.TryGetProperty("data_offsets", out JsonElement offsets) || offsets.ValueKind != JsonValueKind.Array
            || offsets.GetArrayLength() != 2)
            throw Bad($"tensor '{name}' lacks a dtype, a shape or two data_offsets; the file is damaged.");
        string code = dtype.GetString()!;
        if (SafetensorsTypes.Of(code) is not { } type)
        {
            throw SafetensorsTypes.IsUnsupported(code)
                ? Bad($"tensor '{name}' has type {code}, which is not supported; convert it to F32 before saving.")
                : Bad($"tensor '{name}' has a type that the format does not know; the file is damaged.");
        }

        Tensors.Add(
            new Tensor(name, type, ReadShape(name, shape, type), Natural(name, offsets[0]), Natural(name, offsets[1])));
    }

    private Shape ReadShape(string name, JsonElement shape, SafetensorsType type)
    {
        int rank = shape.GetArrayLength();
        if (rank > Shape.MaxRank)
        {
            throw Bad(
                $"tensor '{name}' has {rank} axes, and the limit is {Shape.MaxRank}; reshape it before saving.");
        }

        int[] extents = new int[rank];
        long size = 1;
        int axis = 0;
        foreach (JsonElement element in shape.EnumerateArray())
        {
            long extent = Natural(name, element);
            if (extent > int.MaxValue) throw TooLarge(name);
            extents[axis++] = (int)extent;
            size *= extent;
            if (size > int.MaxValue) throw TooLarge(name);
        }

        return size * type.Size() <= Array.MaxLength ? Shape.Create(extents) : throw TooLarge(name);
    }

    private long Natural(string name, JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value) && value >= 0
            ? value
            : throw Bad($"tensor '{name}' has an extent or an offset that is not a whole number from 0 to 2^63-1; " +
                "the file is damaged.");

    /// <summary>Checks that the tensors cover the data exactly: without gaps, without overlaps, and without data after
    /// the last tensor.</summary>
    private void CheckLayout(long dataLength)
    {
        Tensors.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End != b.End ? a.End.CompareTo(b.End)
            : string.CompareOrdinal(a.Name, b.Name));
        long at = 0;
        foreach (Tensor tensor in Tensors)
        {
            if (tensor.Begin != at || tensor.End < tensor.Begin)
            {
                throw Bad($"tensor '{tensor.Name}' lies at {tensor.Begin} to {tensor.End} and should begin at {at}: " +
                    "the data overlap or have a gap; the file is damaged.");
            }

            long needed = (long)tensor.Shape.Size * tensor.Type.Size();
            if (tensor.End - tensor.Begin != needed)
            {
                throw Bad($"tensor '{tensor.Name}' {tensor.Shape} of {tensor.Type.Code()} needs {needed} bytes and " +
                    $"has {tensor.End - tensor.Begin}; the file is damaged.");
            }

            at = tensor.End;
        }

        if (at != dataLength)
        {
            throw Bad($"its tensors need {at} bytes and the file has {dataLength}; the file is cut short or has " +
                "extra bytes at its end, so fetch or copy it again.");
        }
    }

    private InvalidModelException TooLarge(string name) =>
        Bad($"the shape of tensor '{name}' has more elements than can be read; the file is damaged.");

    private InvalidModelException Bad(string problem) => new(_path, 8, problem);

    internal readonly record struct Tensor(string Name, SafetensorsType Type, Shape Shape, long Begin, long End);
}

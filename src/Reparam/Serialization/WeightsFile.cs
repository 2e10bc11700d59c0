using System.Security.Cryptography;
using Reparam.Tensors;

namespace Reparam.Serialization;

/// <summary>Parameters as safetensors: names and layouts as PyTorch's, so that <c>load_file</c> gives a state dict to
/// use as it is.</summary>
public static class WeightsFile
{
    /// <summary>The parameters under their names.</summary>
    public static SafetensorsFile From(
        IEnumerable<Parameter> parameters, IReadOnlyDictionary<string, string>? metadata = null) =>
        new(
            parameters.Select(p => p.Value.DType == DType.Float32
                ? SafetensorsEntry.FromFloat32(p.Name, p.Shape, p.Value.AsSpan<float>())
                : SafetensorsEntry.FromFloat64(p.Name, p.Shape, p.Value.AsSpan<double>())),
            metadata);

    /// <summary>Copies a file's tensors into parameters of the same names.</summary>
    /// <exception cref="InvalidModelException">A name is missing or left over, or a shape or type differs; nothing is
    /// changed then.</exception>
    public static void CopyTo(SafetensorsFile file, IReadOnlyList<Parameter> parameters, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(parameters);
        List<(Parameter Parameter, Tensor Value)> loaded = [];
        foreach (Parameter parameter in parameters)
        {
            if (!file.Contains(parameter.Name))
            {
                throw new InvalidModelException(path, 0, $"it has no tensor '{parameter.Name}'; it belongs to " +
                    "another model than the configuration describes.");
            }

            SafetensorsEntry entry = file[parameter.Name];
            if (entry.Shape != parameter.Shape)
            {
                throw new InvalidModelException(
                    path, 0, $"tensor '{entry.Name}' has shape {entry.Shape}, the model needs {parameter.Shape}.");
            }

            SafetensorsType type = parameter.Value.DType == DType.Float32 ? SafetensorsType.Float32
                : SafetensorsType.Float64;
            if (entry.Type != type)
            {
                throw new InvalidModelException(path, 0, $"tensor '{entry.Name}' is {entry.Type.Code()}, the model " +
                    $"needs {type.Code()}; convert it before saving.");
            }

            Tensor value = parameter.Value.DType == DType.Float32 ? Tensor.From(entry.ToFloat32(), entry.Shape)
                : Tensor.From(entry.ToFloat64(), entry.Shape);
            if (!value.IsFinite())
            {
                throw new InvalidModelException(
                    path, 0, $"tensor '{entry.Name}' holds NaN or infinity; take an earlier checkpoint.");
            }

            loaded.Add((parameter, value));
        }

        if (file.Entries.Count != parameters.Count)
        {
            string extra = file.Entries.First(e => parameters.All(p => p.Name != e.Name)).Name;
            throw new InvalidModelException(
                path, 0, $"tensor '{extra}' has no place in the model; it belongs to another configuration.");
        }

        foreach ((Parameter parameter, Tensor value) in loaded) parameter.Assign(value);
    }

    /// <summary>SHA-256 over names, shapes and bits of all parameters, in lower-case hexadecimal: equal hashes are
    /// equal models.</summary>
    public static string Sha256(IEnumerable<Parameter> parameters)
    {
        using var stream = new MemoryStream();
        From(parameters).Write(stream);
        return Convert.ToHexStringLower(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }
}

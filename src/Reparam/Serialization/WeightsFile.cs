using System.Security.Cryptography;
using Reparam.Tensors;

namespace Reparam.Serialization;

/// <summary>Stores parameters as safetensors. Names and layouts are those of PyTorch, so that <c>load_file</c> gives a
/// state dict that PyTorch can use.</summary>
public static class WeightsFile
{
    /// <summary>Creates a file of the parameters under their names.</summary>
    public static SafetensorsFile From(
        IEnumerable<Parameter> parameters, IReadOnlyDictionary<string, string>? metadata = null) =>
        new(
            parameters.Select(p => p.Value.DType == DType.Float32
                ? SafetensorsEntry.FromFloat32(p.Name, p.Shape, p.Value.AsSpan<float>())
                : SafetensorsEntry.FromFloat64(p.Name, p.Shape, p.Value.AsSpan<double>())),
            metadata);

    /// <summary>Copies the tensors of a file into parameters of the same names.</summary>
    /// <exception cref="InvalidModelException">The file has no tensor for a parameter or a tensor without a parameter,
    /// a shape or an element type differs, or a tensor contains NaN or infinity. In these cases no parameter is
    /// changed.</exception>
    public static void CopyTo(SafetensorsFile file, IReadOnlyList<Parameter> parameters, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(parameters);
        List<(Parameter Parameter, Tensor Value)> loaded = [];
        foreach (Parameter parameter in parameters)
        {
            if (!file.Contains(parameter.Name))
            {
                throw new InvalidModelException(path, 0, $"it has no tensor '{parameter.Name}'; it belongs to a " +
                    "model with another configuration.");
            }

            SafetensorsEntry entry = file[parameter.Name];
            if (entry.Shape != parameter.Shape)
            {
                throw new InvalidModelException(
                    path, 0, $"tensor '{entry.Name}' has shape {entry.Shape}, and the model needs {parameter.Shape}.");
            }

            SafetensorsType type = parameter.Value.DType == DType.Float32 ? SafetensorsType.Float32
                : SafetensorsType.Float64;
            if (entry.Type != type)
            {
                throw new InvalidModelException(path, 0, $"tensor '{entry.Name}' has type {entry.Type.Code()}, and " +
                    $"the model needs {type.Code()}; convert it before saving.");
            }

            Tensor value = parameter.Value.DType == DType.Float32 ? Tensor.From(entry.ToFloat32(), entry.Shape)
                : Tensor.From(entry.ToFloat64(), entry.Shape);
            if (!value.IsFinite())
            {
                throw new InvalidModelException(
                    path, 0, $"tensor '{entry.Name}' contains NaN or infinity; use an earlier checkpoint.");
            }

            loaded.Add((parameter, value));
        }

        if (file.Entries.Count != parameters.Count)
        {
            string extra = file.Entries.First(e => parameters.All(p => p.Name != e.Name)).Name;
            throw new InvalidModelException(
                path, 0, $"tensor '{extra}' has no parameter in the model; the file belongs to another configuration.");
        }

        foreach ((Parameter parameter, Tensor value) in loaded) parameter.Assign(value);
    }

    /// <summary>The SHA-256 over names, shapes and bits of all parameters, in lower-case hexadecimal. Equal hashes mean
    /// equal models.</summary>
    public static string Sha256(IEnumerable<Parameter> parameters)
    {
        using var stream = new MemoryStream();
        From(parameters).Write(stream);
        return Convert.ToHexStringLower(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }
}

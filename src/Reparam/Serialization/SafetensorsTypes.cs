namespace Reparam.Serialization;

/// <summary>Names and sizes of the element types of safetensors.</summary>
internal static class SafetensorsTypes
{
    // Types of the format that this library does not support. The message for them names the type instead of "unknown".
    private static readonly string[] Unsupported =
        ["F4", "F6_E2M3", "F6_E3M2", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "I16", "U16",
            "U32", "C64", "U64"];

    internal static int Size(this SafetensorsType type) => type switch
    {
        SafetensorsType.Bool or SafetensorsType.UInt8 => 1,
        SafetensorsType.Float16 or SafetensorsType.BFloat16 => 2,
        SafetensorsType.Int32 or SafetensorsType.Float32 => 4,
        _ => 8,
    };

    internal static string Code(this SafetensorsType type) => type switch
    {
        SafetensorsType.Bool => "BOOL",
        SafetensorsType.UInt8 => "U8",
        SafetensorsType.Float16 => "F16",
        SafetensorsType.BFloat16 => "BF16",
        SafetensorsType.Int32 => "I32",
        SafetensorsType.Float32 => "F32",
        SafetensorsType.Float64 => "F64",
        _ => "I64",
    };

    internal static SafetensorsType? Of(string code)
    {
        foreach (SafetensorsType type in Enum.GetValues<SafetensorsType>())
            if (type.Code() == code) return type;
        return null;
    }

    internal static bool IsUnsupported(string code) => Unsupported.Contains(code);
}

namespace Reparam.Serialization;

/// <summary>The supported element types of safetensors, in the sort order of the format. In a file the order is
/// reversed: the last type comes first.</summary>
public enum SafetensorsType
{
    /// <summary>BOOL, 1 byte.</summary>
    Bool,

    /// <summary>U8, 1 byte.</summary>
    UInt8,

    /// <summary>F16: IEEE 754 binary16.</summary>
    Float16,

    /// <summary>BF16: the upper 16 bits of an IEEE 754 binary32.</summary>
    BFloat16,

    /// <summary>I32, 4 bytes.</summary>
    Int32,

    /// <summary>F32: IEEE 754 binary32.</summary>
    Float32,

    /// <summary>F64: IEEE 754 binary64.</summary>
    Float64,

    /// <summary>I64, 8 bytes.</summary>
    Int64,
}

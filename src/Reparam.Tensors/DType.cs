namespace Reparam.Tensors;

/// <summary>Element type of a <c>Tensor</c>.</summary>
public enum DType
{
    /// <summary>IEEE 754 binary32: training and inference.</summary>
    Float32,

    /// <summary>IEEE 754 binary64: gradient checks and evaluation.</summary>
    Float64,
}

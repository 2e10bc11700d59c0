namespace Reparam.Tensors;

/// <summary>The largest tensor that a <see cref="MemoryMeter"/> saw; the first of equals.</summary>
/// <param name="Shape">Its extents.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Origin">What made it: "Linear in encoder.hidden.0", "gradient of Linear in encoder.hidden.0",
/// "parameter encoder.hidden.0.weight"; the layer alone, or nothing, where the operation is not recorded.</param>
public sealed record LargestTensor(Shape Shape, DType DType, string Origin)
{
    /// <summary>Number of elements.</summary>
    public int Elements => Shape.Size;
}

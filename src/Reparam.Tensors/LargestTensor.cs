namespace Reparam.Tensors;

/// <summary>The largest tensor that a <see cref="MemoryMeter"/> counted; the first of them if several are equally
/// large.</summary>
/// <param name="Shape">Extents of the tensor.</param>
/// <param name="DType">Element type of the tensor.</param>
/// <param name="Origin">What made the tensor: "Linear in encoder.hidden.0", "gradient of Linear in encoder.hidden.0" or
/// "parameter encoder.hidden.0.weight". If the operation is not recorded, it is only the name of the layer. It
/// is empty outside a layer.</param>
public sealed record LargestTensor(Shape Shape, DType DType, string Origin)
{
    /// <summary>Number of elements.</summary>
    public int Elements => Shape.Size;
}

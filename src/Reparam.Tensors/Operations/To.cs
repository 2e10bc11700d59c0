namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The values in another element type, rounded to nearest. The gradient is converted back to the element
    /// type of this tensor.</summary>
    public Tensor To(DType dtype) => dtype == DType ? this : Converted(dtype).Recorded(this, g => g.Converted(DType));

    private Tensor Converted(DType dtype)
    {
        if (dtype == DType) return this;
        Tensor y = Uninitialized(Shape, dtype);
        if (ShapeScope.IsOn) return y;
        if (dtype == DType.Float64)
        {
            ReadOnlySpan<float> source = AsSpan<float>();
            Span<double> target = y.Buffer.AsSpan<double>();
            for (int i = 0; i < source.Length; i++) target[i] = source[i];
        }
        else
        {
            ReadOnlySpan<double> source = AsSpan<double>();
            Span<float> target = y.Buffer.AsSpan<float>();
            for (int i = 0; i < source.Length; i++) target[i] = (float)source[i];
        }

        return y;
    }
}

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>A tensor of zeros whose gradient passes to this tensor unchanged. Adding it to a value leaves the value
    /// and adds the gradient of this tensor. It is the counterpart of <see cref="Detach"/>: x.Detach() +
    /// x.GradientOnly() has the value and the gradient of x.</summary>
    public Tensor GradientOnly() => Zeros(Shape, DType).Recorded(this, g => g);
}

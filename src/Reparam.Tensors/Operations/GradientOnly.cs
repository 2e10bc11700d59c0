namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Zeros whose gradient passes to this tensor as if they were it: added to a value, they leave it and add
    /// a gradient. What <see cref="Detach"/> leaves out.</summary>
    public Tensor GradientOnly() => Zeros(Shape, DType).Recorded(this, g => g);
}

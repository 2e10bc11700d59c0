namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The same elements under another shape of the same size; no copy.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public Tensor Reshape(Shape shape) => View(shape).Recorded(this, g => g.View(Shape));

    /// <summary>Merges every axis from <paramref name="fromAxis"/> on into one.</summary>
    public Tensor Flatten(Index fromAxis)
    {
        int at = Shape.AxisOf(fromAxis);
        return Reshape(Shape[..at] + [Shape[at..].Size]);
    }

    /// <summary>The unrecorded reshape that gradients use.</summary>
    private Tensor View(Shape shape)
    {
        if (shape.Size != Size)
            throw new ArgumentException($"Shape {Shape} of {Size} elements cannot become {shape} of {shape.Size}.");
        return new Tensor(_storage, shape);
    }
}

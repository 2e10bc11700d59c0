namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The same elements with another shape of the same size, without a copy. The gradient is reshaped
    /// back.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public Tensor Reshape(Shape shape) => View(shape).Recorded(this, g => g.View(Shape));

    /// <summary>Merges all axes from <paramref name="fromAxis"/> on into one, without a copy.</summary>
    public Tensor Flatten(Index fromAxis)
    {
        int at = Shape.AxisOf(fromAxis);
        return Reshape(Shape[..at] + [Shape[at..].Size]);
    }

    /// <summary>Reshapes without recording; gradients use it.</summary>
    private Tensor View(Shape shape)
    {
        if (shape.Size != Size)
            throw new ArgumentException($"Shape {Shape} ({Size} elements) cannot become {shape} ({shape.Size}).");
        return new Tensor(_storage, shape);
    }
}

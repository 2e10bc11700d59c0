using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Repeats axes of extent 1, and adds outer axes, to obtain <paramref name="shape"/>. The gradient is the
    /// sum over the repeats.</summary>
    /// <exception cref="ArgumentException">This shape does not broadcast to <paramref name="shape"/>.</exception>
    public Tensor BroadcastTo(Shape shape)
    {
        if (BroadcastPlan.Broadcast(Shape, shape) != shape)
        {
            throw new ArgumentException($"Shape {Shape} does not broadcast to {shape}: counted from the last axis, " +
                "each extent must be equal or 1.");
        }

        return ExpandTo(shape).Recorded(this, g => g.SumTo(Shape));
    }

    private Tensor ExpandTo(Shape shape)
    {
        if (Shape == shape) return this.Detach();
        int[] strides = new int[shape.Rank];
        int step = 1;
        for (int i = 1; i <= Rank; i++)
        {
            strides[^i] = Shape[^i] == 1 ? 0 : step;
            step *= Shape[^i];
        }

        return Strided(shape, strides, 0);
    }

    /// <summary>A contiguous copy of a strided view.</summary>
    private Tensor Strided(Shape shape, int[] strides, int offset)
    {
        Tensor y = Uninitialized(shape, DType);
        if (shape.Size > 0)
        {
            Backend.Current.Gather(
                Buffer, y.Buffer, new StridedPlan { Extents = shape.Extents, Strides = strides, Offset = offset });
        }

        return y;
    }
}

using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>Helpers of the elementwise operations.</summary>
public sealed partial class Tensor
{
    private static Tensor Apply(UnaryKernel kernel, Tensor x, double p0 = 0, double p1 = 0)
    {
        Tensor y = Uninitialized(x.Shape, x.DType);
        Backend.Current.Unary(kernel, x.Buffer, y.Buffer, p0, p1);
        return y;
    }

    private static Tensor Apply(BinaryKernel kernel, Tensor a, Tensor b, double p0 = 0, double p1 = 0)
    {
        RequireSameType(a, b);
        BroadcastPlan plan = BroadcastPlan.Create(a.Shape, b.Shape);
        Tensor y = Uninitialized(plan.Output, a.DType);
        Backend.Current.Binary(kernel, a.Buffer, b.Buffer, y.Buffer, plan, p0, p1);
        return y;
    }

    /// <summary>A special function of operands of the same shape, not recorded.</summary>
    internal static Tensor Apply(SpecialKernel kernel, Tensor a, Tensor? b = null, Tensor? c = null)
    {
        Tensor y = Uninitialized(a.Shape, a.DType);
        Backend.Current.Special(kernel, a.Buffer, b?.Buffer, c?.Buffer, y.Buffer);
        return y;
    }

    /// <summary>Both operands, expanded to the shape that they broadcast to. The expansion is recorded, so gradients of
    /// that shape flow back to the operands.</summary>
    internal static (Tensor A, Tensor B) Aligned(Tensor a, Tensor b)
    {
        RequireSameType(a, b);
        Shape shape = BroadcastPlan.Broadcast(a.Shape, b.Shape);
        return (a.Over(shape), b.Over(shape));
    }

    /// <summary>Three operands, expanded to the shape that they broadcast to. The expansion is recorded.</summary>
    internal static (Tensor A, Tensor B, Tensor C) Aligned(Tensor a, Tensor b, Tensor c)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(c);
        RequireSameType(a, b);
        RequireSameType(a, c);
        Shape shape = BroadcastPlan.Broadcast(BroadcastPlan.Broadcast(a.Shape, b.Shape), c.Shape);
        return (a.Over(shape), b.Over(shape), c.Over(shape));
    }

    private Tensor Over(Shape shape) => Shape == shape ? this : BroadcastTo(shape);
}

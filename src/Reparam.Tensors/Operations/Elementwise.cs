using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>How operations call elementwise kernels.</summary>
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
}

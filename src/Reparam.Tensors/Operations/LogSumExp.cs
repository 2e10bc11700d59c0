using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// log sum exp along one axis, shifted by the maximum so that nothing overflows; -infinity where all elements are. The
    /// gradient is the softmax along the axis.
    /// </summary>
    public Tensor LogSumExp(Index axis, bool keepAxis = false)
    {
        int at = Shape.AxisOf(axis);
        Shape kept = Shape.With(at, 1);
        // An all -infinity slice would give (-inf) - (-inf): shift it by the lowest finite number instead.
        double lowest = DType == DType.Float32 ? float.MinValue : double.MinValue;
        Tensor shift = Apply(UnaryKernel.Clamp, ReduceAxis(ReduceKernel.Max, at, kept), lowest, double.PositiveInfinity);
        Tensor scaled = Apply(UnaryKernel.Exp, Apply(BinaryKernel.Subtract, this, shift)).ReduceAxis(ReduceKernel.Sum, at, kept);
        Tensor total = Apply(BinaryKernel.Add, Apply(UnaryKernel.Log, scaled), shift);
        Tensor y = keepAxis ? total : total.View(Shape.Without(at));
        return y.Recorded(this, g => g.View(kept) * Apply(UnaryKernel.Exp, Apply(BinaryKernel.Subtract, this, total)));
    }

    /// <summary>exp(x - LogSumExp(x)) along one axis: non-negative, summing to 1.</summary>
    public Tensor SoftMax(Index axis) => (this - LogSumExp(axis, keepAxis: true)).Exp();
}

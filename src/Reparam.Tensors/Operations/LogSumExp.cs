using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// log sum exp along one axis. The elements are shifted by their maximum so that nothing overflows. The result is
    /// -infinity if all elements are -infinity, and infinity if one element is infinity. The gradient is the softmax
    /// along the axis (<see cref="SoftMaxWeights"/>), and 0 if all elements are -infinity.
    /// </summary>
    public Tensor LogSumExp(Index axis, bool keepAxis = false)
    {
        int at = Shape.AxisOf(axis);
        Shape kept = Shape.With(at, 1);
        // An infinite maximum would give inf - inf, so the shift is clamped to a finite number.
        double lowest = DType == DType.Float32 ? float.MinValue : double.MinValue;
        Tensor shift = Apply(UnaryKernel.Clamp, ReduceAxis(ReduceKernel.Max, at, kept), lowest, -lowest);
        Tensor scaled = Apply(UnaryKernel.Exp, Apply(BinaryKernel.Subtract, this, shift)).ReduceAxis(
            ReduceKernel.Sum, at, kept);
        Tensor total = Apply(BinaryKernel.Add, Apply(UnaryKernel.Log, scaled), shift);
        Tensor y = keepAxis ? total : total.View(Shape.Without(at));
        return y.Recorded(this, g =>
        {
            Tensor finite = Apply(UnaryKernel.Clamp, total, lowest, double.PositiveInfinity);
            return g.View(kept) * Apply(UnaryKernel.SoftMaxWeight, Apply(BinaryKernel.Subtract, this, finite));
        });
    }

    /// <summary>exp(x - LogSumExp(x)) along one axis: non-negative, summing to 1.</summary>
    public Tensor SoftMax(Index axis) => (this - LogSumExp(axis, keepAxis: true)).Exp();

    /// <summary>
    /// The weights of a weighted sum along one axis: <see cref="SoftMax"/>, in Float32 with 0 in place of weights
    /// below 2^-60, which change no digit of the sum. Their products with small numbers would be denormal numbers, with
    /// which processors are slow. The gradient is the gradient of <see cref="SoftMax"/>.
    /// </summary>
    public Tensor SoftMaxWeights(Index axis)
    {
        Tensor logs = this - LogSumExp(axis, keepAxis: true), y = Apply(UnaryKernel.SoftMaxWeight, logs);
        return y.Recorded(logs, g => g * y);
    }
}

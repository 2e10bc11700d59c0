using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// A prediction of f for each data point, learned together with the model (NVIL: Mnih and Gregor 2014). Its loss is the
/// squared error. The gradient of the estimate includes the gradient of this loss, so an optimiser of all parameters
/// also trains the baseline.
/// </summary>
/// <param name="predict">Returns the prediction, with the shape of the batch and its parameters on the tape: for
/// example, a network applied to the data.</param>
public sealed class LearnedBaseline(Func<Tensor> predict) : Baseline
{
    /// <inheritdoc/>
    public override string Name => "learned (NVIL)";

    internal override Tensor Subtract(Tensor values, out Tensor? own)
    {
        Tensor prediction = predict();
        Tensor less = values - prediction;
        own = less.Square().Mean(0);
        return less;
    }
}

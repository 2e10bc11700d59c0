using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// A prediction of f for each datum, learned beside the model (NVIL: Mnih and Gregor 2014): its loss is the squared
/// error, and it is part of the estimate's gradient, so any optimiser of all parameters trains it.
/// </summary>
/// <param name="predict">The prediction, of the batch's shape, with its parameters on the tape: a network applied to
/// the data, say.</param>
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

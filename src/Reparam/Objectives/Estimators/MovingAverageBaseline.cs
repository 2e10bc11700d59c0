using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// A running average of f over the batches seen so far: b = decay b + (1 - decay) mean f, from the first batch's mean
/// on. The one of a step is made of the steps before it, so the estimator stays unbiased. It keeps state: one instance
/// serves one training.
/// </summary>
public sealed class MovingAverageBaseline : Baseline
{
    private readonly double _decay;

    /// <summary>An average that forgets at <paramref name="decay"/> in [0, 1).</summary>
    public MovingAverageBaseline(double decay = 0.9)
    {
        if (!(decay is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay lies in [0, 1).");
        _decay = decay;
    }

    /// <summary>The average so far; null before the first batch.</summary>
    public double? Value { get; private set; }

    /// <inheritdoc/>
    public override string Name => "moving average";

    internal override Tensor Subtract(Tensor values, out Tensor? own)
    {
        own = null;
        double mean = values.Mean().Item();
        Tensor less = values - (Value ?? 0);
        if (values.HasElements) Value = Value is { } before ? _decay * before + (1 - _decay) * mean : mean;
        return less;
    }
}

using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// A running average of f over the batches so far: b = decay b + (1 - decay) mean f, starting from the mean of the
/// first batch. The baseline of a step uses only the steps before it, so the estimator stays unbiased. The baseline
/// keeps state: use one instance for one training run.
/// </summary>
public sealed class MovingAverageBaseline : Baseline
{
    private readonly double _decay;

    /// <summary>A running average in which the past has the weight <paramref name="decay"/>, in [0, 1).</summary>
    public MovingAverageBaseline(double decay = 0.9)
    {
        if (!(decay is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay must lie in [0, 1).");
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

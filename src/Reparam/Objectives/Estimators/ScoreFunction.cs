using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// The score-function estimator, or REINFORCE (Williams 1992; "black-box variational inference", Ranganath, Gerrish and
/// Blei 2014): (f(z) - b) d log q(z), which asks nothing of f and works for any distribution. Its variance is large; a
/// baseline b lowers it and leaves the expectation.
/// </summary>
/// <param name="baseline">What is taken from f.</param>
public sealed class ScoreFunction(Baseline baseline) : GradientEstimator<Distribution>
{
    /// <summary>Without a baseline.</summary>
    public ScoreFunction()
        : this(Baseline.None)
    {
    }

    /// <summary>What is taken from f.</summary>
    public Baseline Baseline { get; } = baseline;

    /// <inheritdoc/>
    public override string Name => Baseline.Name.Length == 0 ? "score function" : $"score function, {Baseline.Name}";

    /// <inheritdoc/>
    public override bool IsUnbiased => true;

    /// <inheritdoc/>
    public override Tensor Estimate(Distribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(f);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        Tensor z = q.Sample(rng, [samples]);
        Tensor values = f(z);
        Tensor signal = Baseline.Subtract(values.Detach(), out Tensor? own);
        Tensor estimate = (values + (signal.Detach() * q.LogProb(z)).GradientOnly()).Mean(0);
        return own is null ? estimate : estimate + own.GradientOnly();
    }
}

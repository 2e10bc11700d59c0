using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// The score-function estimator, or REINFORCE (Williams 1992; "black-box variational inference", Ranganath, Gerrish and
/// Blei 2014): (f(z) - b) d log q(z). It needs no derivative of f and works for any distribution. Its variance is
/// large; a baseline b reduces the variance and does not change the expectation.
/// </summary>
/// <param name="baseline">The value that is subtracted from f.</param>
public sealed class ScoreFunction(Baseline baseline) : GradientEstimator<Distribution>
{
    /// <summary>The estimator without a baseline.</summary>
    public ScoreFunction()
        : this(Baseline.None)
    {
    }

    /// <summary>The value that is subtracted from f.</summary>
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

using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// No sampling at all: sum over every value z of q(z) f(z), with its exact gradient. For discrete distributions of few
/// values; also the truth that other estimators are measured by.
/// </summary>
public sealed class Enumeration : GradientEstimator<Distribution>
{
    /// <inheritdoc/>
    public override string Name => "enumeration";

    /// <inheritdoc/>
    public override bool IsUnbiased => true;

    /// <summary>The exact expectation; noise and number of samples do not count.</summary>
    /// <exception cref="NotSupportedException">The values cannot be listed.</exception>
    public override Tensor Estimate(Distribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(f);
        Tensor listed = q.EnumerateSupport();
        Tensor z = listed.BroadcastTo([listed.Shape[0], .. q.BatchShape, .. q.EventShape]);
        return (q.LogProb(z).Exp() * f(z)).Sum(0);
    }
}

using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// The sum of q(z) f(z) over every value z, with its exact gradient; nothing is sampled. For discrete distributions
/// with few values. It also gives the exact gradient with which other estimators can be compared.
/// </summary>
public sealed class Enumeration : GradientEstimator<Distribution>
{
    /// <inheritdoc/>
    public override string Name => "enumeration";

    /// <inheritdoc/>
    public override bool IsUnbiased => true;

    /// <summary>The exact expectation. The noise source and the number of samples have no effect.</summary>
    /// <exception cref="NotSupportedException">The values of q cannot be enumerated.</exception>
    public override Tensor Estimate(Distribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(f);
        Tensor listed = q.EnumerateSupport();
        Tensor z = listed.BroadcastTo([listed.Shape[0], .. q.BatchShape, .. q.EventShape]);
        return (q.LogProb(z).Exp() * f(z)).Sum(0);
    }
}

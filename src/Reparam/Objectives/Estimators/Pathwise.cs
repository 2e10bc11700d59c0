using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// The reparameterization trick (Kingma and Welling 2013, section 2.4; Rezende, Mohamed and Wierstra 2014): z is a
/// differentiable function of the parameters and of noise, and the gradient of the mean of f(z) passes through it.
/// Unbiased if f is differentiable.
/// </summary>
public sealed class Pathwise : GradientEstimator<ReparameterizedDistribution>
{
    /// <inheritdoc/>
    public override string Name => "pathwise";

    /// <summary>True. The exception is a distribution with straight-through draws: their gradient is biased.</summary>
    public override bool IsUnbiased => true;

    /// <inheritdoc/>
    public override Tensor Estimate(ReparameterizedDistribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(f);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        return f(q.RSample(rng, [samples])).Mean(0);
    }
}

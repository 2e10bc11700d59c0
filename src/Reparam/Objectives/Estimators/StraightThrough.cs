using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>A discrete draw in the forward pass, the gradient of its mean in the backward pass (Bengio, Leonard and
/// Courville 2013): d f / d z is used as d f / d probabilities. BIASED, unless f is linear.</summary>
public sealed class StraightThrough : GradientEstimator<Distribution>
{
    /// <inheritdoc/>
    public override string Name => "straight-through";

    /// <inheritdoc/>
    public override bool IsUnbiased => false;

    /// <inheritdoc/>
    public override Tensor Estimate(Distribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(f);
        return f(DiscreteDraw.StraightThrough.Of(q, rng, samples)).Mean(0);
    }
}

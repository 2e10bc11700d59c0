using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// Replaces discrete draws by relaxed draws at a temperature, with a pathwise gradient through the relaxed draws (Jang,
/// Gu and Poole 2017; Maddison, Mnih and Teh 2017). BIASED: it is the gradient of the relaxed expectation. A lower
/// temperature makes the bias smaller and the variance larger. The straight-through form evaluates f at the discrete
/// draw and is also biased.
/// </summary>
public sealed class GumbelSoftmax : GradientEstimator<Distribution>
{
    private readonly DiscreteDraw _draw;
    private readonly bool _straightThrough;

    /// <summary>The estimator at <paramref name="temperature"/>. With <paramref name="straightThrough"/>, f is
    /// evaluated at the discrete draw, and the gradient passes as if f were evaluated at the relaxed draw.</summary>
    public GumbelSoftmax(double temperature, bool straightThrough = false)
    {
        _draw = straightThrough ? DiscreteDraw.RelaxedStraightThrough(temperature) : DiscreteDraw.Relaxed(temperature);
        Temperature = temperature;
        _straightThrough = straightThrough;
    }

    /// <summary>The temperature.</summary>
    public double Temperature { get; }

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant(
        $"Gumbel-Softmax{(_straightThrough ? " straight-through" : "")}, temperature {Temperature}");

    /// <inheritdoc/>
    public override bool IsUnbiased => false;

    /// <inheritdoc/>
    public override Tensor Estimate(Distribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(f);
        return f(_draw.Of(q, rng, samples)).Mean(0);
    }
}

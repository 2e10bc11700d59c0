using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// Discrete draws replaced by relaxed ones of a temperature, and a pathwise gradient through them (Jang, Gu and Poole
/// 2017; Maddison, Mnih and Teh 2017). BIASED: it is the gradient of the relaxed expectation. The lower the
/// temperature, the smaller the bias and the larger the variance. The straight-through form evaluates f at the discrete
/// draw and is biased too.
/// </summary>
public sealed class GumbelSoftmax : GradientEstimator<Distribution>
{
    private readonly DiscreteDraw _draw;
    private readonly bool _straightThrough;

    /// <summary>At <paramref name="temperature"/>; with <paramref name="straightThrough"/> f sees the discrete draw and
    /// the gradient passes as if it had seen the relaxed one.</summary>
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

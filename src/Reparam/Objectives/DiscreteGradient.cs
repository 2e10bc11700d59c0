using Reparam.Models;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// How an objective's gradient reaches latents that have no pathwise one: which draws it asks for, by step, and what it
/// makes of them. Latents with pathwise gradients are not touched by it.
/// </summary>
public sealed class DiscreteGradient
{
    private readonly string _text;
    private readonly Func<long, DiscreteDraw> _drawAt;

    private DiscreteGradient(string text, bool isUnbiased, bool isRelaxed, Func<long, DiscreteDraw> drawAt) =>
        (_text, IsUnbiased, IsRelaxed, _drawAt) = (text, isUnbiased, isRelaxed, drawAt);

    /// <summary>
    /// The score function at exact draws, less a leave-one-out baseline over the draws of a datum or, where there is
    /// one alone, over the batch. Unbiased. An importance-weighted bound makes it VIMCO (Mnih and Rezende 2016).
    /// </summary>
    public static DiscreteGradient ScoreFunction { get; } = new("score function", true, false, _ => DiscreteDraw.Exact);

    /// <summary>The gradient of the mean at exact draws. BIASED.</summary>
    public static DiscreteGradient StraightThrough { get; } = new(
        "straight-through", false, false, _ => DiscreteDraw.StraightThrough);

    /// <summary>Every value of the latent, weighted by its probability: no noise from it at all, at the price of as
    /// many decodings as it has values. For the class of a <see cref="SemiSupervisedVae"/>.</summary>
    public static DiscreteGradient Enumeration { get; } = new("enumeration", true, false, _ => DiscreteDraw.Enumerated);

    /// <summary>Whether the expectation of the gradient is that of the bound.</summary>
    public bool IsUnbiased { get; }

    /// <summary>Whether training scores values between those of the latents, so that what it maximises is no
    /// bound.</summary>
    public bool IsRelaxed { get; }

    /// <summary>Relaxed draws at a temperature that may change with the step, such as max(0.5, exp(-r t)) (Jang, Gu and
    /// Poole 2017). BIASED, the less the lower the temperature.</summary>
    /// <param name="temperature">The temperature by step, positive.</param>
    /// <param name="straightThrough">Whether the decoder sees the exact draws, and the relaxed ones serve the gradient
    /// alone.</param>
    public static DiscreteGradient GumbelSoftmax(Schedule temperature, bool straightThrough = false)
    {
        ArgumentNullException.ThrowIfNull(temperature);
        DiscreteDraw.RequireTemperature(temperature.At(0));
        return straightThrough
            ? new($"straight-through Gumbel-Softmax, temperature {temperature}", false, false,
                step => DiscreteDraw.RelaxedStraightThrough(temperature.At(step)))
            : new($"Gumbel-Softmax, temperature {temperature}", false, true,
                step => DiscreteDraw.Relaxed(temperature.At(step)));
    }

    /// <summary>The draws to train on at a step.</summary>
    public DiscreteDraw DrawAt(long step) => _drawAt(step);

    /// <summary>The estimator in words, with its settings.</summary>
    public override string ToString() => _text;

    /// <summary>
    /// A tensor of zeros, [K, B], with the gradient of E_q[signal] by which values are drawn: (signal - baseline) d log
    /// q(z). Null where every draw carries its gradient.
    /// </summary>
    /// <param name="pass">The pass that was scored.</param>
    /// <param name="signal">What is maximised, for each draw, [K, B].</param>
    public static Tensor? Score(InferencePass pass, Tensor signal) => LogDrawn(pass) is { } log
        ? (LeaveOneOut(signal.Detach()) * log).GradientOnly() : null;

    /// <summary>The sum of log q(z|x) over the latents whose draws carry no gradient, [K, B]; null where there is
    /// none.</summary>
    public static Tensor? LogDrawn(InferencePass pass)
    {
        Tensor? total = null;
        foreach (LatentTerm latent in pass.Latents)
        {
            if (latent.NeedsScore) total = total is null ? latent.LogPosterior : total + latent.LogPosterior;
        }

        return total;
    }

    private static Tensor LeaveOneOut(Tensor signal)
    {
        if (signal.Shape[0] > 1) return LeaveOneOutBaseline.Less(signal);
        // The draws of other data are as independent of this one's as its own others would be.
        return signal.Shape[1] > 1
            ? LeaveOneOutBaseline.Less(signal.Reshape([signal.Shape[1]])).Reshape(signal.Shape) : signal;
    }
}

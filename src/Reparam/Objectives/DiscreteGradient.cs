using Reparam.Models;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// How the gradient of an objective reaches latents that have no pathwise gradient: which kind of draws training uses
/// at each step, and how the gradient is computed from these draws. It does not affect latents with pathwise gradients.
/// </summary>
public sealed class DiscreteGradient
{
    private readonly string _text;
    private readonly Func<long, DiscreteDraw> _drawAt;

    private DiscreteGradient(string text, bool isUnbiased, bool isRelaxed, Func<long, DiscreteDraw> drawAt) =>
        (_text, IsUnbiased, IsRelaxed, _drawAt) = (text, isUnbiased, isRelaxed, drawAt);

    /// <summary>
    /// The score-function estimator at exact draws, with a leave-one-out baseline. The baseline is computed over the
    /// draws of a data point or, if each data point has only one draw, over the batch. Unbiased. In an
    /// importance-weighted bound this estimator is VIMCO (Mnih and Rezende 2016).
    /// </summary>
    public static DiscreteGradient ScoreFunction { get; } = new("score function", true, false, _ => DiscreteDraw.Exact);

    /// <summary>The gradient of the mean at exact draws. BIASED.</summary>
    public static DiscreteGradient StraightThrough { get; } = new(
        "straight-through", false, false, _ => DiscreteDraw.StraightThrough);

    /// <summary>
    /// A sum over every value of the latent, weighted by the probability of the value. The latent adds no noise to the
    /// gradient; the cost is one decoding for each value. For the class of a <see cref="SemiSupervisedVae"/>.
    /// </summary>
    public static DiscreteGradient Enumeration { get; } = new("enumeration", true, false, _ => DiscreteDraw.Enumerated);

    /// <summary>Whether the expectation of the gradient is the gradient of the bound.</summary>
    public bool IsUnbiased { get; }

    /// <summary>Whether training uses relaxed draws, which lie between the values of the latents. The quantity that
    /// training maximises is then not a lower bound.</summary>
    public bool IsRelaxed { get; }

    /// <summary>Relaxed draws at a temperature that may change with the step, such as max(0.5, exp(-r t)) (Jang, Gu and
    /// Poole 2017). BIASED; the bias falls with the temperature.</summary>
    /// <param name="temperature">The temperature by step, positive.</param>
    /// <param name="straightThrough">Whether the decoder sees the exact draws, and only the gradient uses the relaxed
    /// draws.</param>
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

    /// <summary>The kind of draws that training uses at a step.</summary>
    public DiscreteDraw DrawAt(long step) => _drawAt(step);

    /// <summary>The estimator in words, with its settings.</summary>
    public override string ToString() => _text;

    /// <summary>A tensor of zeros, [K, B], that carries the score-function gradient of E_q[signal]: (signal - baseline)
    /// d log q(z). Null if every draw carries its own gradient.</summary>
    /// <param name="pass">The inference pass.</param>
    /// <param name="signal">The quantity to maximise, for each draw, [K, B].</param>
    public static Tensor? Score(InferencePass pass, Tensor signal) => LogDrawn(pass) is { } log
        ? (LeaveOneOut(signal.Detach()) * log).GradientOnly() : null;

    /// <summary>The sum of log q(z|x) over the latents whose draws carry no gradient, [K, B]; null if there is no such
    /// latent.</summary>
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
        // The draws of the other data points are independent of the draw of this data point, as further draws of this
        // data point would be.
        return signal.Shape[1] > 1
            ? LeaveOneOutBaseline.Less(signal.Reshape([signal.Shape[1]])).Reshape(signal.Shape) : signal;
    }
}

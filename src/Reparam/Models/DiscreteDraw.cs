using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// How a latent without a pathwise gradient is drawn. An exact draw carries no gradient, so an objective needs the
/// gradient of log q (the score function). Straight-through and relaxed draws carry a gradient to the parameters of q
/// that is BIASED.
/// </summary>
public sealed class DiscreteDraw
{
    private readonly Func<Distribution, Rng, int, Tensor> _draw;

    private DiscreteDraw(bool carriesGradient, bool isRelaxed, Func<Distribution, Rng, int, Tensor> draw) =>
        (CarriesGradient, IsRelaxed, _draw) = (carriesGradient, isRelaxed, draw);

    /// <summary>Values of the latent, without a gradient.</summary>
    public static DiscreteDraw Exact { get; } = new(false, false, (q, rng, samples) => q.Sample(rng, [samples]));

    /// <summary>Values of the latent, with the gradient of its mean (Bengio, Leonard and Courville 2013).</summary>
    public static DiscreteDraw StraightThrough { get; } = new(true, false, (q, rng, samples) =>
    {
        Tensor hard = q.Sample(rng, [samples]);
        return Tensor.WithVjp(hard, [q.Mean.BroadcastTo(hard.Shape)], g => [g]);
    });

    /// <summary>All values of the latent, each weighted by its probability, instead of draws. Only a model that
    /// supports it can use it (<see cref="SemiSupervisedVae"/>).</summary>
    public static DiscreteDraw Enumerated { get; } = new(true, false, (q, _, _) => throw new NotSupportedException(
        $"The values of these latents ({q.GetType().Name}, event {q.EventShape}) cannot be enumerated. Only the " +
        "class of a semi-supervised model can be. Use the score function or a " +
        "Gumbel-Softmax.")) { IsEnumerated = true };

    /// <summary>Whether all values are enumerated instead of drawn.</summary>
    public bool IsEnumerated { get; private init; }

    /// <summary>Whether a gradient passes back through the draws.</summary>
    public bool CarriesGradient { get; }

    /// <summary>Whether the draws lie between the values of the latent. A bound evaluated at such draws is not a
    /// bound.</summary>
    public bool IsRelaxed { get; }

    /// <summary>
    /// Values between those of the latent, with a pathwise gradient: the Gumbel-Softmax or Concrete relaxation at the
    /// temperature <paramref name="temperature"/> (Jang, Gu and Poole 2017; Maddison, Mnih and Teh 2017).
    /// </summary>
    public static DiscreteDraw Relaxed(double temperature)
    {
        RequireTemperature(temperature);
        return new(true, true, (q, rng, samples) => Relaxation.Of(q, temperature).RSample(rng, [samples]));
    }

    /// <summary>Values of the latent, each the value nearest to a relaxed draw, with the gradient of the relaxed draw:
    /// the straight-through Gumbel-Softmax.</summary>
    public static DiscreteDraw RelaxedStraightThrough(double temperature)
    {
        RequireTemperature(temperature);
        return new(true, false, (q, rng, samples) =>
        {
            Tensor soft = Relaxation.Of(q, temperature).RSample(rng, [samples]);
            return Tensor.WithVjp(Relaxation.Harden(q, soft), [soft], g => [g]);
        });
    }

    /// <summary>Draws of shape [K] + batch + event.</summary>
    /// <exception cref="NotSupportedException">The latent has no relaxation, or its values cannot be
    /// enumerated.</exception>
    public Tensor Of(Distribution q, Rng rng, int samples)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        return _draw(q, rng, samples);
    }

    internal static void RequireTemperature(double temperature)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(
                nameof(temperature), temperature, "The temperature must be positive and finite.");
        }
    }
}

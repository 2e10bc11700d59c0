using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Penalties;

/// <summary>A term that an <see cref="Elbo"/> adds to its loss, in addition to the KL of each data point. It depends on
/// how the codes of all data are distributed together, which only a whole batch shows.</summary>
public abstract class Penalty
{
    /// <summary>The penalty in words, with its settings.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the estimated quantity is never negative. A lower bound with this penalty is then still a lower
    /// bound.</summary>
    public abstract bool IsNonNegative { get; }

    /// <summary>Whether the gradient of the penalty passes through the draws. Latents whose draws carry no gradient
    /// cannot be trained with such a penalty.</summary>
    public abstract bool NeedsPath { get; }

    /// <summary>Whether the penalty compares the data of a batch with each other, so that a batch needs at least two
    /// data points.</summary>
    public virtual bool ComparesData => false;

    /// <summary>Whether the penalty compares codes with draws of the prior, through which no gradient passes.</summary>
    public virtual bool SamplesPrior => false;

    /// <summary>The penalty of a batch, a scalar in the units of the bound, differentiable in the encoder's
    /// parameters.</summary>
    public abstract Tensor Evaluate(InferencePass pass);

    /// <summary>The penalty's own network, which trains together with the model and against it; null if there is no
    /// such network.</summary>
    public virtual Discriminator? Adversary => null;

    /// <summary>The loss of that network, a scalar; only the network's parameters are trained by it. Null if there is
    /// no such network.</summary>
    public virtual Tensor? AdversaryLoss(InferencePass pass) => null;

    /// <summary>The first draw of all latents of each data point, concatenated: [B, Z].</summary>
    /// <exception cref="NotSupportedException">A latent depends on the draws of another latent, as in a hierarchical
    /// model or a ladder.</exception>
    protected Tensor Codes(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (pass.Latents.FirstOrDefault(l => l.IsConditional) is { } dependent)
        {
            throw new NotSupportedException($"The penalty '{Name}' uses the codes of independent latents, but " +
                $"'{dependent.Name}' depends on another latent. Choose --model vae, or another objective.");
        }

        return Tensor.Concat(
            ^1, [.. pass.Latents.Select(l => l.Flat(l.Value.Slice(0, 0, 1).Reshape(l.Value.Shape[1..])))]);
    }

    /// <summary>Draws of all latents from the prior, as many as there are data in the batch, concatenated: [B,
    /// Z].</summary>
    /// <exception cref="InvalidOperationException">The draws were not made by
    /// <see cref="LatentTerm.Draw"/>.</exception>
    protected static Tensor PriorCodes(InferencePass pass) =>
        Tensor.Concat(^1, [.. pass.Latents.Select(l => l.Flat(l.PriorDraws(pass.Count)))]);

    /// <summary>Checks that a weight is finite and not negative, and returns the weight.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite.</exception>
    protected static double Weight(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(name, value, "A weight must be finite and not negative.");
}

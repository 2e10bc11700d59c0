using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Penalties;

/// <summary>
/// What an <see cref="Elbo"/> pays beside the KL of each datum, for what only a whole batch shows: how the codes of all
/// data are distributed together.
/// </summary>
public abstract class Penalty
{
    /// <summary>The penalty in words, with its settings.</summary>
    public abstract string Name { get; }

    /// <summary>Whether what is estimated is never negative, so that a lower bound stays one.</summary>
    public abstract bool IsNonNegative { get; }

    /// <summary>Whether its gradient comes back through the draws, so that latents whose draws carry none cannot be
    /// trained with it.</summary>
    public abstract bool NeedsPath { get; }

    /// <summary>Whether data of a batch are compared with each other, so that one datum is no batch.</summary>
    public virtual bool ComparesData => false;

    /// <summary>Whether codes are compared with draws of the prior through which no gradient passes.</summary>
    public virtual bool SamplesPrior => false;

    /// <summary>The penalty of a batch, a scalar in the units of the bound, differentiable in the encoder's
    /// parameters.</summary>
    public abstract Tensor Evaluate(InferencePass pass);

    /// <summary>A network of the penalty's own that trains beside the model, against it; null for none.</summary>
    public virtual Discriminator? Adversary => null;

    /// <summary>What that network minimises, a scalar, without a gradient to the model; null where there is
    /// none.</summary>
    public virtual Tensor? AdversaryLoss(InferencePass pass) => null;

    /// <summary>The first draw of all latents of each datum, one behind the other: [B, Z].</summary>
    protected static Tensor Codes(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        foreach (LatentTerm latent in pass.Latents)
            latent.RequireUnconditional("how its draws are distributed over all data");
        return Tensor.Concat(
            ^1, [.. pass.Latents.Select(l => l.Flat(l.Value.Slice(0, 0, 1).Reshape(l.Value.Shape[1..])))]);
    }

    /// <summary>As many codes from the prior.</summary>
    /// <exception cref="InvalidOperationException">The draws were made elsewhere than by
    /// <see cref="LatentTerm.Draw"/>.</exception>
    protected static Tensor PriorCodes(InferencePass pass) =>
        Tensor.Concat(^1, [.. pass.Latents.Select(l => l.Flat(l.PriorDraws(pass.Count)))]);

    /// <summary>A weight that is finite and not negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    protected static double Weight(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(name, value, "A weight is finite and not negative.");
}

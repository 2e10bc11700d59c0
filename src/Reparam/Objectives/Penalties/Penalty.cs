using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Penalties;

/// <summary>
/// What an <see cref="Elbo"/> pays beside the KL of each datum, for what only a whole batch shows: how the codes of all data are distributed together.
/// </summary>
public abstract class Penalty
{
    /// <summary>The penalty in words, with its settings.</summary>
    public abstract string Name { get; }

    /// <summary>Whether what is estimated is never negative, so that a lower bound stays one.</summary>
    public abstract bool IsNonNegative { get; }

    /// <summary>Whether its gradient comes back through the draws, so that latents whose draws carry none cannot be trained with it.</summary>
    public abstract bool NeedsPath { get; }

    /// <summary>The penalty of a batch, a scalar in the units of the bound, differentiable in the encoder's parameters.</summary>
    public abstract Tensor Evaluate(InferencePass pass);

    private protected static double Weight(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "A weight is finite and not negative.");
}

using Reparam.Models;

namespace Reparam.Objectives;

/// <summary>
/// What training maximises. Sees an <see cref="InferencePass"/> and nothing of the model behind it. The mean over the
/// batch is taken here and nowhere else.
/// </summary>
public abstract class Objective
{
    /// <summary>The objective in words, with its settings.</summary>
    public abstract string Name { get; }

    /// <summary>K, the draws of the latents that the objective wants for each datum.</summary>
    public abstract int Samples { get; }

    /// <summary>How the gradient reaches latents without a pathwise one; by the score function unless said
    /// otherwise.</summary>
    public DiscreteGradient Discrete { get; init; } = DiscreteGradient.ScoreFunction;

    /// <summary>A network of the objective's own that trains beside the model, against it
    /// (<see cref="ObjectiveValue.AdversaryLoss"/>); null for none.</summary>
    public virtual Discriminator? Adversary => null;

    /// <summary>Whether q minimises a loss that is not that of the generative model
    /// (<see cref="ObjectiveValue.EncoderLoss"/>), so that the two raise no one quantity.</summary>
    public virtual bool TrainsRecognitionApart => false;

    /// <summary>Whether data of a batch are compared with each other, so that one datum is no batch.</summary>
    public virtual bool ComparesData => false;

    /// <summary>Whether codes are compared with draws of the prior through which no gradient passes, so that a learned
    /// prior would learn nothing from it.</summary>
    public virtual bool SamplesPrior => false;

    /// <summary>Whether draws of the prior are decoded beside the codes of data.</summary>
    public virtual bool DecodesPrior => false;

    /// <summary>Whether the loss holds the log-likelihood of data as a plain mean over draws.</summary>
    public virtual bool AveragesLikelihood => false;

    /// <summary>Whether the loss holds the log-likelihood of data at all.</summary>
    public virtual bool ScoresData => true;

    /// <summary>Whether the quantity that the generative model maximises is a lower bound on log p(x) at step
    /// <paramref name="step"/>.</summary>
    public abstract bool IsLowerBound(long step);

    /// <summary>The loss of a batch at a step, and the parts of the bound beside it.</summary>
    public abstract ObjectiveValue Evaluate(InferencePass pass, long step);
}

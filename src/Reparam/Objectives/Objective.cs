using Reparam.Models;

namespace Reparam.Objectives;

/// <summary>The quantity that training maximises. An objective sees only an <see cref="InferencePass"/>, not the model
/// that made it. Only the objective takes the mean over the batch.</summary>
public abstract class Objective
{
    /// <summary>The objective in words, with its settings.</summary>
    public abstract string Name { get; }

    /// <summary>K, the number of draws of the latents that the objective needs for each data point.</summary>
    public abstract int Samples { get; }

    /// <summary>How the gradient reaches latents without a pathwise gradient; the score function by default.</summary>
    public DiscreteGradient Discrete { get; init; } = DiscreteGradient.ScoreFunction;

    /// <summary>The objective's own network, which trains together with the model and against it
    /// (<see cref="ObjectiveValue.AdversaryLoss"/>); null if there is no such network.</summary>
    public virtual Discriminator? Adversary => null;

    /// <summary>Whether q minimises a different loss (<see cref="ObjectiveValue.EncoderLoss"/>) than the generative
    /// model. The two then do not maximise one common quantity.</summary>
    public virtual bool TrainsRecognitionApart => false;

    /// <summary>Whether the objective compares the data of a batch with each other, so that a batch needs at least two
    /// data points.</summary>
    public virtual bool ComparesData => false;

    /// <summary>Whether the objective compares codes with draws of the prior. No gradient passes through these draws,
    /// so a learned prior would learn nothing from the comparison.</summary>
    public virtual bool SamplesPrior => false;

    /// <summary>Whether the objective decodes draws of the prior in addition to the codes of data.</summary>
    public virtual bool DecodesPrior => false;

    /// <summary>Whether the loss contains the log-likelihood of data as an unweighted mean over draws.</summary>
    public virtual bool AveragesLikelihood => false;

    /// <summary>Whether the loss contains the log-likelihood of data.</summary>
    public virtual bool ScoresData => true;

    /// <summary>Whether the quantity that the generative model maximises is a lower bound on log p(x) at step
    /// <paramref name="step"/>.</summary>
    public abstract bool IsLowerBound(long step);

    /// <summary>The loss of a batch at a step, and the parts of the bound.</summary>
    public abstract ObjectiveValue Evaluate(InferencePass pass, long step);
}

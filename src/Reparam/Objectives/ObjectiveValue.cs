using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// An objective on one batch: scalars in nats per datum, means over the batch. The parts are those of the evidence
/// lower bound with weight 1 on the KL, whatever the loss weighs, so that runs with different settings can be compared.
/// </summary>
/// <param name="Loss">What the optimiser minimises.</param>
/// <param name="Bound">The maximised quantity without weights or floors: the ELBO (less a datum's share of the weights'
/// KL where these are uncertain), or the importance-weighted bound.</param>
/// <param name="Reconstruction">E_q[log p(x|z)].</param>
/// <param name="KL">KL(q(z|x) || p(z)), exact or sampled.</param>
public sealed record ObjectiveValue(Tensor Loss, Tensor Bound, Tensor Reconstruction, Tensor KL)
{
    /// <summary>What the optimiser minimises in the encoder's parameters, where it is not <see cref="Loss"/>; null
    /// where it is. A prior that looks through the encoder, as a VampPrior does, is then trained by neither as it
    /// should be.</summary>
    public Tensor? EncoderLoss { get; init; }

    /// <summary>What is minimised in the parameters of the objective's own network (<see cref="Objective.Adversary"/>),
    /// which minimises nothing else; null where there is none.</summary>
    public Tensor? AdversaryLoss { get; init; }
}

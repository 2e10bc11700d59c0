using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// The value of an objective on one batch: scalars in nats per data point, means over the batch. The parts are those of
/// the evidence lower bound with weight 1 on the KL, whatever weights the loss uses, so that runs with different
/// settings can be compared.
/// </summary>
/// <param name="Loss">The loss that the optimiser minimises.</param>
/// <param name="Bound">The maximised quantity without weights or floors: the ELBO or the importance-weighted bound. If
/// the weights of the model are uncertain, each data point's share of their KL is subtracted from the ELBO.</param>
/// <param name="Reconstruction">E_q[log p(x|z)].</param>
/// <param name="KL">KL(q(z|x) || p(z)), exact or sampled.</param>
public sealed record ObjectiveValue(Tensor Loss, Tensor Bound, Tensor Reconstruction, Tensor KL)
{
    /// <summary>
    /// The loss that the optimiser minimises in the parameters of the encoder, if it differs from <see cref="Loss"/>;
    /// otherwise null. A prior that uses the encoder, such as a VampPrior, cannot be trained correctly with two losses.
    /// </summary>
    public Tensor? EncoderLoss { get; init; }

    /// <summary>The only loss that is minimised in the parameters of the objective's own network
    /// (<see cref="Objective.Adversary"/>); null if there is no such network.</summary>
    public Tensor? AdversaryLoss { get; init; }
}

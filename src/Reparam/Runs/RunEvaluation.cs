using Reparam.Evaluation;
using Reparam.Models;

namespace Reparam.Runs;

/// <summary>The result of <see cref="Run.Evaluate"/>: the quality of a run's model on a part of its data.</summary>
/// <param name="Step">The training step of the checkpoint.</param>
/// <param name="Bound">The ELBO, its terms and the active units. Nats are per data point and for the data as the model
/// takes them (standardised or binarised).</param>
/// <param name="Split">The KL split into the mutual information and the KL divergence of the aggregate posterior from
/// the prior; null if there is no estimate.</param>
/// <param name="Nll">
/// An estimate of -log p(x) by importance sampling, in nats per data point. Its expectation is at least the true value.
/// Null if no samples were requested, and for an autoencoder, which has no likelihood.
/// </param>
public sealed record RunEvaluation(long Step, BoundReport Bound, AggregatePosterior? Split, Estimate? Nll);

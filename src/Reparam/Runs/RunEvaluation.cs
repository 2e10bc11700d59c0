using Reparam.Evaluation;
using Reparam.Models;

namespace Reparam.Runs;

/// <summary>How good a run's model is on a part of its data, as <see cref="Run.Evaluate"/> measures it.</summary>
/// <param name="Step">The step of the checkpoint.</param>
/// <param name="Bound">The ELBO, its terms, active units; in nats per data point, of the data as the model takes
/// them.</param>
/// <param name="Split">The KL as mutual information and distance of the codes' marginal from the prior; null where
/// there is no estimate of it.</param>
/// <param name="Nll">
/// -log p(x) by importance sampling, in nats per data point, at least the truth in expectation; null where no samples
/// were asked for, and for an autoencoder, which has no likelihood.
/// </param>
public sealed record RunEvaluation(long Step, BoundReport Bound, AggregatePosterior? Split, Estimate? Nll);

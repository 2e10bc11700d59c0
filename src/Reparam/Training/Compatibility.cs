using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;

namespace Reparam.Training;

/// <summary>
/// What does not go together although a step of it can be computed: its result would be wrong, or a part would learn
/// nothing. What cannot be computed, the classes refuse that have no formula for it.
/// </summary>
internal static class Compatibility
{
    /// <exception cref="NotSupportedException">Model and objective do not go together.</exception>
    /// <exception cref="ArgumentException">The batch is too small to be compared.</exception>
    public static void Require(LatentVariableModel model, Objective objective, int batch)
    {
        bool comparing = model.Tree.OfType<BatchNorm>().Any();
        if (batch < 2 && (comparing || objective.ComparesData))
        {
            throw new ArgumentException(
                $"{(comparing ? "Batch normalisation" : $"The objective '{objective.Name}'")} compares the data " +
                $"of a batch, and the batch (training.batch) is {batch}; set it to 2 at least, some hundred better.",
                nameof(batch));
        }

        if (comparing && objective.DecodesPrior)
        {
            throw new NotSupportedException(
                $"The objective '{objective.Name}' decodes draws of the prior beside the codes of data, and batch " +
                "normalisation (model.network.normalization) would mix their averages: use a model without it.");
        }

        if (objective.SamplesPrior && model.LearnsPrior)
        {
            throw new NotSupportedException($"The objective '{objective.Name}' compares codes with draws of the " +
                "prior, through which no gradient reaches a learned prior (model.prior): use the standard one.");
        }

        foreach (Likelihood likelihood in model.Heads.Select(h => h.Likelihood))
        {
            if (!objective.ScoresData && likelihood.LearnsScale)
            {
                throw new NotSupportedException($"The objective '{objective.Name}' does not score data by their " +
                    $"likelihood, and nothing would train the scale of '{likelihood.Name}' (model.likelihood): use " +
                    "bernoulli, a gaussian of fixed scale or gaussian-optimal.");
            }

            if (likelihood.TrackedScalars.Count > 0 && (!objective.AveragesLikelihood || model.Classes > 0))
            {
                throw new NotSupportedException($"The likelihood '{likelihood.Name}' (model.likelihood) is best for " +
                    $"a plain mean over draws, which the objective '{objective.Name}' of a {model.GetType().Name} " +
                    "does not take: use gaussian-learned.");
            }
        }
    }
}

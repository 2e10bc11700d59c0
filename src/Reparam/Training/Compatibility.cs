using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;

namespace Reparam.Training;

/// <summary>
/// Refuses a model and an objective that do not fit together although a step can be computed: the result would be
/// wrong, or a part of the model would learn nothing. If a step cannot be computed, the class without the formula
/// refuses it.
/// </summary>
internal static class Compatibility
{
    /// <exception cref="NotSupportedException">The model and the objective do not fit together.</exception>
    /// <exception cref="ArgumentException">The batch has fewer than two data points, and the model or the objective
    /// compares the data of a batch.</exception>
    public static void Require(LatentVariableModel model, Objective objective, int batch)
    {
        Module? comparing = model.Tree.FirstOrDefault(module => module.ComparesData);
        if (batch < 2 && (comparing is not null || objective.ComparesData))
        {
            string what = comparing is null ? $"The objective '{objective.Name}'" : Words(comparing);
            throw new ArgumentException($"{what} compares the data of a batch, and the batch (training.batch) is " +
                $"{batch}; set it to at least 2, preferably to about 100.", nameof(batch));
        }

        if (comparing is not null && objective.DecodesPrior)
        {
            throw new NotSupportedException(
                $"The objective '{objective.Name}' decodes draws of the prior in addition to the codes of data, and " +
                "batch normalisation (model.network.normalization) would mix their averages: use a model without " +
                "batch normalisation.");
        }

        if (objective.SamplesPrior && model.LearnsPrior)
        {
            throw new NotSupportedException($"The objective '{objective.Name}' compares codes with draws of the " +
                "prior, through which no gradient reaches a learned prior (model.prior): use the standard prior.");
        }

        foreach (Likelihood likelihood in model.Heads.Select(h => h.Likelihood))
        {
            if (!objective.ScoresData && likelihood.LearnsScale)
            {
                throw new NotSupportedException($"The objective '{objective.Name}' does not use the likelihood of " +
                    $"the data, so nothing would train the scale of '{likelihood.Name}' (model.likelihood): use " +
                    "bernoulli, a gaussian with a fixed scale, or gaussian-optimal.");
            }

            if (likelihood.TrackedScalars.Count > 0 && (!objective.AveragesLikelihood || model.Classes > 0))
            {
                throw new NotSupportedException($"The likelihood '{likelihood.Name}' (model.likelihood) is optimal " +
                    $"only for an unweighted mean over draws, and the objective '{objective.Name}' with a " +
                    $"{model.GetType().Name} does not use such a mean: use gaussian-learned.");
            }
        }
    }
    /// <summary>A module in words, for the beginning of a sentence.</summary>
    public static string Words(Module module) => $"The part '{module.Path}' of the model ({module.GetType().Name})";
}

using System.Globalization;
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;

namespace Reparam.Runs;

/// <summary>A statement in words about the quantity that a run maximises: what it is a lower bound on, and in which
/// steps.</summary>
/// <param name="Name">The name of the quantity: "ELBO"; "bound" for other objectives; "objective" for an autoencoder,
/// which has no bound on a likelihood.</param>
/// <param name="Text">The statement, such as "a lower bound on log p(x) from step 2,000 on, a surrogate
/// before".</param>
public sealed record BoundStatement(string Name, string Text)
{
    // A run with more steps than this is sampled at regular intervals.
    private const long MostLooks = 1_000_000;

    /// <summary>The statement about a run.</summary>
    /// <param name="config">The complete configuration. The statement depends on the length of the run and on the
    /// likelihood.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="model">The model.</param>
    /// <param name="train">The training data.</param>
    public static BoundStatement Of(RunSettings config, Objective objective, LatentVariableModel model, Dataset train)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        string name = !model.BoundsLikelihood ? "objective" : objective is Elbo or WakeSleep ? "ELBO" : "bound";
        string given = model.Context == 0 ? "" : config.Model.TakesLabels ? " | their labels" : " | their conditions";
        string target = model switch
        {
            _ when config.Model.Network.HasUncertainWeights => $"a data point's share of log p(all data{given})",
            { Context: > 0 } => "log p(x|y)",
            { Classes: > 0 } when config.Data.Labels != 0 => "log p(x), and on log p(x, y) for labelled data",
            _ => "log p(x)",
        };
        if (!model.BoundsLikelihood)
        {
            return new(name,
                $"not a lower bound on {target}: codes are points, which have no density to compare with the prior");
        }

        if (IsGreyBernoulli(train, config.Model.Likelihood.Make(), config.Data.Binarization ?? Binarization.None))
        {
            return new(name, $"not a lower bound on {target}: grey levels are scored as probabilities, which gives a " +
                "cross-entropy and not a likelihood");
        }

        string? batches = config.Model.Likelihood.Make().TrackedScalars.Count > 0 ? "the decoder's scale is fitted " +
            "to each batch" : config.Model.Network.ComparesBatch ? "hidden layers are normalised by each batch"
            : model.Surrogate;
        if (batches is not null)
        {
            return new(
                name, $"a surrogate in training, where {batches}; 'reparam evaluate' gives a lower bound on {target}");
        }

        string text = InSteps(objective, target, Math.Max(
            1, config.Training.Epochs * (((long)train.Count + config.Training.Batch - 1) / config.Training.Batch)));
        return new(name, objective.TrainsRecognitionApart
            ? $"{text}, which the generative model maximises; q minimises a separate loss" : text);
    }

    /// <summary>Whether a Bernoulli likelihood scores grey levels as if they were zeros and ones. The result is a
    /// surrogate, not a likelihood.</summary>
    public static bool IsGreyBernoulli(Dataset data, Likelihood likelihood, Binarization binarization)
    {
        ArgumentNullException.ThrowIfNull(data);
        return likelihood is BernoulliLikelihood && binarization == Binarization.None && data.Kind != DataKind.Binary;
    }

    private static string InSteps(Objective objective, string target, long steps)
    {
        bool first = objective.IsLowerBound(0), last = first;
        long changes = 0, changed = 0, stride = Math.Max(1, steps / MostLooks);
        for (long step = stride; step < steps && changes < 2; step += stride)
        {
            if (objective.IsLowerBound(step) == last) continue;
            last = !last;
            changes++;
            changed = step;
        }

        if (changes > 1)
            return $"a lower bound on {target} in some steps and a surrogate in others, as its weights change";
        if (changes == 0) return first ? $"a lower bound on {target}" : $"a surrogate, not a lower bound on {target}";
        while (objective.IsLowerBound(changed - 1) == last) changed--;
        string when = changed.ToString("N0", CultureInfo.InvariantCulture);
        return last ? $"a lower bound on {target} from step {when} on, a surrogate before"
            : $"a lower bound on {target} until step {when}, a surrogate after";
    }
}

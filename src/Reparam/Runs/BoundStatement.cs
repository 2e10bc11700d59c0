using System.Globalization;
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;

namespace Reparam.Runs;

/// <summary>What the quantity that a run maximises is a lower bound on, in words, and in which of its steps.</summary>
/// <param name="Name">What the quantity is called: "ELBO", "bound" of other objectives, "objective" of an autoencoder,
/// which has none.</param>
/// <param name="Text">The statement, such as "a lower bound on log p(x) from step 2,000 on, a surrogate
/// before".</param>
public sealed record BoundStatement(string Name, string Text)
{
    // More steps than that are looked at in strides.
    private const long MostLooks = 1_000_000;

    /// <summary>The statement about a run.</summary>
    /// <param name="config">The configuration, complete: how long the run is, what its decoder's output means.</param>
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
        string target = model switch
        {
            _ when config.Model.Network.HasUncertainWeights => "a datum's share of log p(all " +
                $"data{(model.Context > 0 ? " | their labels" : "")})",
            { Context: > 0 } => "log p(x|y)",
            { Classes: > 0 } when config.Data.Labels != 0 => "log p(x), of data that were told their class log p(x, y)",
            _ => "log p(x)",
        };
        if (!model.BoundsLikelihood)
        {
            return new(name,
                $"not a lower bound on {target}: codes are points, which have no density to compare with the prior's");
        }

        if (IsGreyBernoulli(train, config.Model.Likelihood.Make(), config.Data.Binarization ?? Binarization.None))
        {
            return new(name, $"not a lower bound on {target}: grey levels are scored as chances of a coin, which is " +
                "a cross-entropy and no likelihood");
        }

        string? batches = config.Model.Likelihood.Make().TrackedScalars.Count > 0 ? "the decoder's scale is fitted " +
            "to each batch" : config.Model.Network.ComparesBatch ? "hidden layers are normalised by each batch" : null;
        if (batches is not null)
        {
            return new(
                name, $"a surrogate in training, where {batches}; 'reparam evaluate' gives a lower bound on {target}");
        }

        string text = InSteps(objective, target, Math.Max(
            1, config.Training.Epochs * (((long)train.Count + config.Training.Batch - 1) / config.Training.Batch)));
        return new(name, objective.TrainsRecognitionApart
            ? $"{text}, which the generative model maximises; q minimises a loss of its own" : text);
    }

    /// <summary>Whether grey levels are scored as if they were coin flips: a surrogate, not a likelihood.</summary>
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
            return $"a lower bound on {target} in some steps and a surrogate in others, as its weights rise and fall";
        if (changes == 0) return first ? $"a lower bound on {target}" : $"a surrogate, not a lower bound on {target}";
        while (objective.IsLowerBound(changed - 1) == last) changed--;
        string when = changed.ToString("N0", CultureInfo.InvariantCulture);
        return last ? $"a lower bound on {target} from step {when} on, a surrogate before"
            : $"a lower bound on {target} until step {when}, a surrogate after";
    }
}

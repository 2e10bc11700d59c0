using Reparam.Cli.Display;
using Reparam.Models;
using Reparam.Runs;
using Reparam.Training;

namespace Reparam.Cli.Diagnostics;

/// <summary>
/// Finds the problems of a run and suggests what to try. The rules are rules of thumb: each finding states the numbers
/// on which it is based. A finding shows where to look; it is not a proof.
/// </summary>
internal sealed partial class Diagnosis
{
    private const double FarMarginal = 0.1, FarJoint = 0.5; // of the KL, and at least one nat
    private const double ScaleRatio = 2; // of a fixed scale to the residuals, or of the residuals to the scale

    private readonly Evidence _evidence;
    private readonly RunSettings _config;
    private readonly Prescription _remedy;

    private Diagnosis(Evidence evidence) =>
        (_evidence, _config, _remedy) = (evidence, evidence.Config, new Prescription(evidence));

    /// <summary>The findings, the most severe first; empty where no problem was found.</summary>
    public static IReadOnlyList<Finding> Of(Evidence evidence)
    {
        var diagnosis = new Diagnosis(evidence);
        Finding?[] found =
        [
            diagnosis.Diverged(), diagnosis.Collapsed(), diagnosis.PartlyCollapsed(), diagnosis.EmptyLayers(),
            diagnosis.BetaTooLarge(), diagnosis.BetaStillLow(), diagnosis.Unstable(), diagnosis.WrongScale(),
            diagnosis.UnfittedScale(),
            diagnosis.FarFromPrior(), diagnosis.Overfitted(), diagnosis.GreyAsCoins(), diagnosis.StillImproving(),
        ];
        return [.. found.OfType<Finding>().OrderBy(f => f.Severity)];
    }

    private Finding? Diverged()
    {
        if (_evidence.Divergence is not { } at || at.Step < _evidence.CheckpointStep) return null;
        if (at.Data is { } data && DataScale.IsFar(data.Minimum, data.Maximum))
            return DivergedByScale(at.Step, at.Epoch, at.Origin, data);
        return Found(
            "divergence", Severity.Severe,
            $"Training diverged at step {at.Step}, in epoch {at.Epoch}: {at.Origin} became NaN or infinite " +
                $"(see nan-report.json). The learning rate was {_config.Optimizer.LearningRate}.",
            [("step", at.Step), ("epoch", at.Epoch), ("learning_rate", _config.Optimizer.LearningRate)],
            [.. SlowerRates(),
                .. _remedy.Anew("batch", "use a larger batch, for gradients with less noise",
                    ("--batch", Text(2 * _config.Training.Batch)))]);
    }

    private Finding DivergedByScale(long step, int epoch, string origin, (double Minimum, double Maximum) data)
    {
        bool standardised = _config.Data.Standardize is StandardizeBy.Columns or StandardizeBy.Channels;
        string cause = standardised
            ? "although they are standardised: they have outliers. Clip the data or take their logarithm before you " +
                $"train on them"
            : "but networks are made for numbers of about 1";
        return Found(
            "divergence", Severity.Severe,
            $"Training diverged at step {step}, in epoch {epoch}: {origin} became NaN or infinite (see " +
                $"nan-report.json). The data range from {data.Minimum:G4} to {data.Maximum:G4}, {cause}.",
            [("step", step), ("epoch", epoch), ("data_minimum", data.Minimum), ("data_maximum", data.Maximum),
                ("learning_rate", _config.Optimizer.LearningRate)],
            [.. standardised ? [] : _remedy.Anew("standardised", "scale each column to " +
                $"mean 0 and variance 1", ("--standardize", "columns")), .. SlowerRates()]);
    }

    private Finding? WrongScale()
    {
        if (_evidence.Bound is not { } bound || FixedScale(_config.Model.Likelihood) is not { } scale) return null;
        double size = _config.Model.EventShape.Aggregate(1.0, (a, b) => a * b);
        // log N(x; mean, scale^2) summed over the data point, solved for the mean square of x - mean.
        double square =
            -2 * scale * scale * (bound.Reconstruction.Mean / size + 0.5 * Math.Log(2 * Math.PI * scale * scale));
        double residual = Math.Sqrt(Math.Max(0, square));
        if (scale <= ScaleRatio * residual && residual <= ScaleRatio * scale) return null;
        bool large = scale > residual;
        string effect = large
            ? $"an error costs {Math.Pow(scale / Math.Max(residual, 1e-12), 2):G3} times too little compared with " +
                $"the KL, and reconstructions are blurred"
            : $"an error costs {Math.Pow(residual / scale, 2):G3} times too much compared with the KL, and codes " +
                $"move away from the prior";
        return Found(
            large ? "decoder-scale-large" : "decoder-scale-small", Severity.Warning,
            $"The decoder's standard deviation is fixed at {scale}, but the residuals of the reconstructions have " +
                $"a standard deviation of {residual:G3}: {effect}.",
            [("scale", scale), ("residual", residual), ("reconstruction", bound.Reconstruction.Mean)],
            [
                .. _remedy.Anew(
                    "learned", "learn the scale with the other parameters", ("--likelihood", "gaussian-learned")),
                .. _remedy.Anew("scale", "set the scale to that of the residuals",
                    ("--likelihood", FormattableString.Invariant($"gaussian:{Math.Max(residual, 1e-3):G2}"))),
            ]);
    }

    private Finding? UnfittedScale()
    {
        if (_evidence.Scale is not { } scale || (scale.Ratio <= ScaleRatio && scale.Ratio >= 1 / ScaleRatio))
            return null;
        bool large = scale.Ratio < 1, optimal = _config.Model.Likelihood is GaussianOptimalLikelihoodSettings;
        string cause = large
            ? "it has not come down to the residuals yet, because a step changes a log-variance by at most about the " +
                $"learning rate ({Text(_config.Optimizer.LearningRate)})"
            : "it was fitted to the training data, whose residuals are smaller, or these data have outliers";
        return Found(
            large ? "learned-scale-large" : "learned-scale-small", Severity.Warning,
            $"The decoder's standard deviation came to {scale.Fitted:G3}, but the residuals have a standard " +
                $"deviation of {scale.Residual:G3} ({scale.Ratio:G3} times the decoder's, element by element): " +
                $"{cause}.",
            [("scale", scale.Fitted), ("residual", scale.Residual), ("ratio", scale.Ratio)],
            [
                .. large && !optimal && _config.Model is not SemiSupervisedSettings ? _remedy.Anew(
                    "optimal", "use a scale that fits from the first batch on",
                    ("--likelihood", Likelihood.GaussianOptimal.Name)) : [],
                .. large ? [_remedy.Longer("train until the scale fits", Math.Max(1, 2L * _evidence.History.Epochs))]
                    : _remedy.Anew("patience", "stop when the validation bound no longer improves, and keep the best " +
                        "epoch", ("--patience", "10")),
            ]);
    }

    private Finding? FarFromPrior()
    {
        if (!PaysForCodes || _evidence is not { Bound: { } bound, Split: { } split }) return null;
        // The joint estimate is an upper bound, and it says little when it is saturated. The estimate for a single
        // variable does not have this problem.
        double dimensions = split.MarginalKLPerDimension.Sum(), kl = bound.KL.Mean;
        bool byDimension = dimensions >= Math.Max(1, FarMarginal * kl), together = !split.IsSaturated
            && split.MarginalKL >= Math.Max(1, FarJoint * kl);
        if (IsCollapsed || (!byDimension && !together)) return null;
        double far = byDimension ? dimensions : split.MarginalKL;
        string largest = byDimension
            ? "; the farthest dimensions are " + string.Join(", ", Enumerable.Range(
                0, split.MarginalKLPerDimension.Count).OrderByDescending(j => split.MarginalKLPerDimension[j]).Take(3)
                .Select(j => FormattableString.Invariant($"{j} ({split.MarginalKLPerDimension[j]:F2})")))
            : "";
        bool standard = _config.Model.Prior is StandardPriorSettings;
        return Found(
            "far-from-prior", Severity.Warning,
            $"The codes of the data are not distributed like draws of the prior. Measured " +
                $"{(byDimension ? "dimension by dimension" : "for all dimensions together")}, their distribution is " +
                $"{far:F2} nats away from the prior, out of a KL of {kl:F2}{largest}. This part of the KL carries no " +
                $"information about the data (the mutual information is {split.MutualInformation:F2} nats), and " +
                $"samples are worse than reconstructions.",
            [("marginal_kl_by_dimension", byDimension ? far : double.NaN), ("marginal_kl", split.MarginalKL),
                ("kl", kl), ("mutual_information", split.MutualInformation)],
            [
                .. Bound is { FreeBits: > 0 } floored ? _remedy.Anew(
                    "fewerbits", "lower the free bits, which a unit can use without information about the data",
                    ("--free-bits", Text(floored.FreeBits / 2))) : [],
                .. standard ? _remedy.Anew(
                    "vamp", "use a prior that learns where the codes are", ("--prior", "vamp:100")) : [],
                .. standard ? _remedy.Anew("flow", "or use a flow as the prior", ("--prior", "flow:4")) : [],
                .. Plain is { } plain ? _remedy.Anew("beta", "keep the codes closer to the prior",
                    ("--beta", Text(plain.Beta < 1 ? 1 : 2 * plain.Beta))) : [],
            ]);
    }

    private Finding? GreyAsCoins() => !_evidence.IsGreyBernoulli ? null : Found(
        "grey-bernoulli", Severity.Note,
        $"A Bernoulli scores grey levels here. The result is a cross-entropy, not a likelihood, so compare it only " +
            $"with results of the same kind.",
        [],
        [
            .. _remedy.Anew("binary", "binarise the data again each time they are used", ("--binarization", "dynamic")),
            .. _remedy.Anew("logistic", "use a likelihood of 256 levels", ("--likelihood", "logistic256")),
            .. _remedy.Anew("gaussian", "or use a likelihood of real numbers", ("--likelihood", "gaussian-learned")),
        ]);

    private static double? FixedScale(LikelihoodSettings likelihood) =>
        (likelihood as GaussianLikelihoodSettings)?.Scale;

    private static string Text(double value) => FormattableString.Invariant($"{value:G3}");

    private static string Text(long value) => FormattableString.Invariant($"{value}");

    private static Finding Found(string name, Severity severity, InvariantText text,
        (string Name, double Value)[] numbers, IReadOnlyList<Remedy> remedies) =>
        new(name, severity, text.Take(),
            numbers.Where(n => double.IsFinite(n.Value)).ToDictionary(n => n.Name, n => n.Value), remedies);
}

using Reparam.Training.Runs;

namespace Reparam.Cli.Diagnostics;

/// <summary>
/// Names what is the matter with a run and what to try. The rules are of thumb: each states the numbers that it rests on, and a finding is a place to look, not a proof.
/// </summary>
internal sealed partial class Diagnosis
{
    private const double FarMarginal = 0.1, FarJoint = 0.5; // of the KL, and a nat at least
    private const double ScaleRatio = 2; // of a fixed scale to the residuals, either way

    private readonly Evidence _evidence;
    private readonly RunConfig _config;
    private readonly Prescription _remedy;

    private Diagnosis(Evidence evidence) => (_evidence, _config, _remedy) = (evidence, evidence.Config, new Prescription(evidence));

    /// <summary>The findings, the gravest first; none where nothing is conspicuous.</summary>
    public static IReadOnlyList<Finding> Of(Evidence evidence)
    {
        var diagnosis = new Diagnosis(evidence);
        Finding?[] found =
        [
            diagnosis.Diverged(), diagnosis.Collapsed(), diagnosis.PartlyCollapsed(), diagnosis.EmptyLayers(), diagnosis.BetaTooLarge(), diagnosis.BetaStillLow(), diagnosis.Unstable(), diagnosis.WrongScale(),
            diagnosis.FarFromPrior(), diagnosis.Overfitted(), diagnosis.GreyAsCoins(), diagnosis.StillImproving(),
        ];
        return [.. found.OfType<Finding>().OrderBy(f => f.Severity)];
    }

    private Finding? Diverged()
    {
        if (_evidence.Divergence is not { } at || at.Step < _evidence.CheckpointStep) return null;
        return Found(
            "divergence", Severity.Severe,
            $"Training diverged at step {at.Step}, in epoch {at.Epoch}: {at.Origin} became NaN or infinite (nan-report.json). The learning rate was {_config.Optimizer.LearningRate}.",
            [("step", at.Step), ("epoch", at.Epoch), ("learning_rate", _config.Optimizer.LearningRate)],
            [.. SlowerRates(), .. _remedy.Anew("batch", "steadier gradients", ("--batch", Text(2 * _config.Training.Batch)))]);
    }

    private Finding? WrongScale()
    {
        if (_evidence.Bound is not { } bound || FixedScale(_config.Model.Likelihood) is not { } scale) return null;
        double size = _config.Model.EventShape.Aggregate(1.0, (a, b) => a * b);
        // log N(x; mean, scale^2) summed over the datum, solved for the mean square of x - mean.
        double square = -2 * scale * scale * (bound.Reconstruction.Mean / size + 0.5 * Math.Log(2 * Math.PI * scale * scale));
        double residual = Math.Sqrt(Math.Max(0, square));
        if (scale <= ScaleRatio * residual && residual <= ScaleRatio * scale) return null;
        bool large = scale > residual;
        string effect = large
            ? $"an error costs {Math.Pow(scale / Math.Max(residual, 1e-12), 2):G3} times too little beside the KL, and reconstructions come out blurred"
            : $"an error costs {Math.Pow(residual / scale, 2):G3} times too much beside the KL, and codes stray from the prior";
        return Found(
            large ? "decoder-scale-large" : "decoder-scale-small", Severity.Warning,
            $"The decoder's standard deviation is fixed at {scale}, and what it leaves over has one of {residual:G3}: {effect}.",
            [("scale", scale), ("residual", residual), ("reconstruction", bound.Reconstruction.Mean)],
            [
                .. _remedy.Anew("learned", "learn the scale with the rest", ("--likelihood", "gaussian-learned")),
                .. _remedy.Anew("scale", "the scale as it is", ("--likelihood", FormattableString.Invariant($"gaussian:{Math.Max(residual, 1e-3):G2}"))),
            ]);
    }

    private Finding? FarFromPrior()
    {
        if (!PaysForCodes || _evidence is not { Bound: { } bound, Split: { } split }) return null;
        // The joint estimate is an upper bound, and saturated one that says little; one variable's needs no more data than there are.
        double dimensions = split.MarginalKLPerDimension.Sum(), kl = bound.KL.Mean;
        bool byDimension = dimensions >= Math.Max(1, FarMarginal * kl), together = !split.IsSaturated && split.MarginalKL >= Math.Max(1, FarJoint * kl);
        if (IsCollapsed || (!byDimension && !together)) return null;
        double far = byDimension ? dimensions : split.MarginalKL;
        string largest = byDimension
            ? "; the farthest are " + string.Join(", ", Enumerable.Range(0, split.MarginalKLPerDimension.Count).OrderByDescending(j => split.MarginalKLPerDimension[j]).Take(3)
                .Select(j => FormattableString.Invariant($"{j} ({split.MarginalKLPerDimension[j]:F2})")))
            : "";
        bool standard = _config.Model.Prior == "standard";
        return Found(
            "far-from-prior", Severity.Warning,
            $"Codes of data are not spread as the prior's draws are: {(byDimension ? "dimension by dimension" : "together")} their marginal is {far:F2} nats from it, of a KL of {kl:F2}{largest}. That part of the KL tells nothing of the data ({split.MutualInformation:F2} do), and samples are worse than reconstructions.",
            [("marginal_kl_by_dimension", byDimension ? far : double.NaN), ("marginal_kl", split.MarginalKL), ("kl", kl), ("mutual_information", split.MutualInformation)],
            [
                .. _config.Objective.FreeBits > 0 ? _remedy.Anew("fewerbits", "fewer nats for nothing, which a unit can spend on other than the data", ("--free-bits", Text(_config.Objective.FreeBits / 2))) : [],
                .. standard ? _remedy.Anew("vamp", "a prior that learns where the codes are", ("--prior", "vamp:100")) : [],
                .. standard ? _remedy.Anew("flow", "or one by a flow", ("--prior", "flow:4")) : [],
                .. _config.Objective.Kind == "elbo" ? _remedy.Anew("beta", "hold codes closer to the prior", ("--beta", Text(_config.Objective.Beta < 1 ? 1 : 2 * _config.Objective.Beta))) : [],
            ]);
    }

    private Finding? GreyAsCoins() => !_evidence.IsGreyBernoulli ? null : Found(
        "grey-bernoulli", Severity.Note,
        $"Grey levels are scored by a Bernoulli: a cross-entropy, not a likelihood. Its numbers compare only with others made the same way.",
        [],
        [
            .. _remedy.Anew("binary", "binarise anew at every look", ("--binarization", "dynamic")),
            .. _remedy.Anew("logistic", "a likelihood of 256 levels", ("--likelihood", "logistic256")),
            .. _remedy.Anew("gaussian", "or of real numbers", ("--likelihood", "gaussian-learned")),
        ]);

    private static double? FixedScale(string likelihood) => likelihood == "gaussian" ? 1
        : likelihood.StartsWith("gaussian:", StringComparison.Ordinal) && NumberText.TryReal(likelihood["gaussian:".Length..], out double scale) ? scale : null;

    private static string Text(double value) => FormattableString.Invariant($"{value:G3}");

    private static string Text(long value) => FormattableString.Invariant($"{value}");

    private static Finding Found(string name, Severity severity, FormattableString text, (string Name, double Value)[] numbers, IReadOnlyList<Remedy> remedies) =>
        new(name, severity, FormattableString.Invariant(text), numbers.Where(n => double.IsFinite(n.Value)).ToDictionary(n => n.Name, n => n.Value), remedies);
}

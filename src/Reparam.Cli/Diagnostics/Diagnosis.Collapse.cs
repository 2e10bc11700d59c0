using System.Globalization;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Runs;
using Reparam.Training.Optimizers;

namespace Reparam.Cli.Diagnostics;

/// <content>Findings about latents that carry too little information, and about the weight of the KL.</content>
internal sealed partial class Diagnosis
{
    internal const double CollapsedKL = 0.5; // nats, with nearly no unit active
    private const double CollapsedInformation = 0.1; // nats
    private const int FewSteps = 500;
    private const double Finished = 0.99; // of the final beta

    private double FinalBeta => Bound?.Beta ?? 1;

    private BoundSettings? Bound => _config.Objective as BoundSettings;

    /// <summary>The bound without a penalty; null for other objectives.</summary>
    private ElboSettings? Plain => _config.Objective as ElboSettings;

    private double BetaAtEnd => _evidence.BetaAt(_evidence.History.Steps - 1);

    private bool IsElbo => Plain is not null && PaysForCodes;

    /// <summary>Whether beta multiplies the KL itself, and not the distance of the KL from a capacity.</summary>
    private bool WeighsKL => IsElbo && Plain!.Capacity == 0;

    /// <summary>Whether the KL of a code grows with the information that the code carries. A quantised code has the
    /// same KL whatever it is, and a point posterior has no KL.</summary>
    private bool PaysForCodes => PaysFor(_config);

    /// <summary>Whether the codes of a run have a KL that training can lower by ignoring the latents.</summary>
    internal static bool PaysFor(RunSettings config) => config.Model.PaysForCodes && !IsAutoencoder(config);

    /// <summary>Whether training maximises the bound that the epochs report. Only then does the course of the bound say
    /// anything about training.</summary>
    private bool MaximizesBound => _config.Objective is not WakeSleepSettings && _config.Objective.MaximizesBound
        && !IsAutoencoder(_config);

    private static bool IsAutoencoder(RunSettings config) =>
        config.Model is VaeSettings { Posterior: PointPosteriorSettings };

    private bool IsCollapsed => Units > 0 && _evidence.Bound is { } bound
        && (bound.ActiveUnits == 0 || bound.KL.Mean < CollapsedKL
            || _evidence.Split?.MutualInformation < CollapsedInformation);

    private Finding? Collapsed()
    {
        if (!IsCollapsed) return null;
        BoundReport bound = _evidence.Bound!;
        IReadOnlyList<(int Epoch, double Value)> kl = _evidence.History.Of(_evidence.History.Probe + "/kl"),
            active = ActiveByEpoch;
        string information = _evidence.Split is { } split
            ? FormattableString.Invariant($", mutual information {split.MutualInformation:F2}") : "";
        string when = "";
        if (bound.KL.Mean >= CollapsedKL)
        {
            when = " The KL that is left is the distance of all codes together from the prior.";
        }
        else if (kl.Count > 0)
        {
            (int epoch, double most) = kl.MaxBy(e => e.Value);
            (int Epoch, double Value) alive = active.LastOrDefault(e => e.Value > 0);
            string lastActive = alive.Epoch > 0
                ? FormattableString.Invariant($", and a unit was last active in epoch {alive.Epoch}") : "";
            when = most < 2 * CollapsedKL
                ? FormattableString.Invariant($" This was so from the first epoch: the KL was never above {most:F2}.")
                : string.Create(CultureInfo.InvariantCulture,
                    $" The collapse came later: the KL was {most:F2} at the end of epoch {epoch}{lastActive}.");
        }

        return Found(
            "collapse", Severity.Severe,
            $"The latents carry no information about the data: {bound.ActiveUnits} of {Units} units are active, the " +
                $"KL is {bound.KL.Mean:F2} nats{information}.{when}{Causes()}",
            [
                ("active_units", bound.ActiveUnits), ("latent", Units), ("kl", bound.KL.Mean),
                ("mutual_information", _evidence.Split?.MutualInformation ?? double.NaN),
                ("most_kl", kl.Count > 0 ? kl.Max(e => e.Value) : double.NaN), ("beta", BetaAtEnd),
            ],
            CollapseRemedies());
    }

    private Finding? PartlyCollapsed()
    {
        if (IsCollapsed || !PaysForCodes || _evidence.Bound is not { } bound || bound.ActiveUnits >= Units) return null;
        int active = bound.ActiveUnits, latent = Units, inactive = latent - active;
        // While beta rises, more units are active than later at the full beta. They do not count as lost units.
        double peak = ActiveByEpoch.Where(e => _evidence.BetaAt(e.Epoch * _evidence.StepsPerEpoch) >= Finished
            * FinalBeta).Select(e => e.Value).DefaultIfEmpty(active).Max();
        bool lost = peak >= 2 * active && peak - active >= 4, few = latent >= 10 && active <= latent / 10;
        if (lost || few)
        {
            string why = lost ? FormattableString.Invariant($"{peak} were active at the end of an earlier epoch")
                : "that is a tenth or less";
            return Found(
                "partial-collapse", Severity.Warning,
                $"Only {active} of {latent} units are active, and {why}; the KL is {bound.KL.Mean:F2} nats. Units " +
                    $"that become inactive early stay inactive, even if the data hold more information.{Causes()}",
                [("active_units", active), ("latent", latent), ("most_active_units", peak), ("kl", bound.KL.Mean)],
                CollapseRemedies());
        }

        return Found(
            "inactive-units", Severity.Note,
            $"{inactive} of {latent} units are inactive. The KL is {bound.KL.Mean:F2} nats, in {active} units. " +
                $"Inactive units are usual: a unit that would add more to the KL than it gains in " +
                $"reconstruction stays at the prior and costs nothing.",
            [("active_units", active), ("latent", latent), ("kl", bound.KL.Mean)],
            // In other model families --latent is the size of something else.
            _config.Model is VaeSettings ? [
                .. _remedy.Anew(
                    "narrow", "use as many latent units as are active", ("--latent", Text(Math.Max(1, active))))] : []);
    }

    private Finding? EmptyLayers()
    {
        if (IsCollapsed || _evidence.Bound is not { } bound || _config.Model is not LayeredSettings) return null;
        string[] empty = [.. bound.ActiveByLatent.Where(l => l.Active == 0).Select(l => l.Name)];
        if (empty.Length == 0) return null;
        List<Remedy> remedies = [.. _remedy.Anew("warmup", "give the KL its full weight only after " +
            $"a third of the steps", ("--warmup", Text(Math.Max(1, _evidence.History.Steps / 3))))];
        if (_config.Model is LadderSettings)
            remedies.AddRange(_remedy.Anew("free", "give each unit 0.25 nats of KL for free", ("--free-bits", "0.25")));
        else remedies.AddRange(_remedy.Anew("ladder", "infer the layers from the top down", ("--model", "ladder")));
        return Found(
            "empty-layers", Severity.Warning,
            $"No unit of {string.Join(" and ", empty)} is active: these layers carry no information, and " +
                $"the model is like one with fewer layers.",
            [.. bound.ActiveByLatent.Select(l => ("active_" + l.Name, (double)l.Active))],
            remedies);
    }

    private Finding? BetaTooLarge()
    {
        if (IsCollapsed || !WeighsKL || FinalBeta <= 1 || _evidence.Bound is not { } bound) return null;
        return Found(
            "beta-above-one", bound.ActiveUnits < 0.5 * Units ? Severity.Warning : Severity.Note,
            $"The KL was multiplied by beta = {FinalBeta} and fell to {bound.KL.Mean:F2} nats, with " +
                $"{bound.ActiveUnits} of {Units} units active. The latents carry less information than a model that " +
                $"maximises the ELBO would give them (the ELBO is {bound.Elbo.Mean:F2}). This is intended if you " +
                $"want disentangled latents.",
            [("beta", FinalBeta), ("kl", bound.KL.Mean), ("active_units", bound.ActiveUnits),
                ("elbo", bound.Elbo.Mean)],
            [.. _remedy.Anew("beta1", "maximise the ELBO itself", ("--beta", "1"))]);
    }

    private Finding? BetaStillLow()
    {
        long steps = _evidence.History.Steps, each = _evidence.StepsPerEpoch;
        if (!IsElbo || steps == 0 || BetaAtEnd >= Finished * FinalBeta) return null;
        bool cycles = Bound?.CycleSteps > 0;
        long epochs = _evidence.History.Epochs + 1,
            last = epochs + 2 + ((Bound?.CycleSteps ?? 0) + 2 * (Bound?.WarmupSteps ?? 0)) / Math.Max(1, each);
        while (epochs < last && _evidence.BetaAt(epochs * each - 1) < Finished * FinalBeta) epochs++;
        if (!cycles) epochs += Math.Max(1, epochs / 4); // some time at the full weight
        string where = cycles
            ? FormattableString.Invariant($"it was in the rising half of a cycle of {Bound?.CycleSteps ?? 0} steps")
            : FormattableString.Invariant($"the warm-up takes {Bound?.WarmupSteps ?? 0} steps");
        return Found(
            cycles ? "cycle-ended-low" : "warm-up-unfinished", Severity.Warning,
            $"Training ended after {steps} steps with beta at {BetaAtEnd:F2} of {FinalBeta}: " +
                $"{where}. " +
                $"The KL did not have its full weight, so codes are farther from the prior than with the full weight.",
            [("steps", steps), ("beta", BetaAtEnd), ("final_beta", FinalBeta),
                ("warmup_steps", Bound?.WarmupSteps ?? 0), ("cycle_steps", Bound?.CycleSteps ?? 0)],
            [
                _remedy.Longer(
                    cycles ? "train to the end of a cycle" : "train to the end of the warm-up and some epochs more",
                    epochs),
                .. cycles
                    ? _remedy.Anew(
                        "cycle", "use cycles of a quarter of the training", ("--cycle", Text(Math.Max(2, steps / 4))))
                    : _remedy.Anew("warmup", "use a shorter warm-up", ("--warmup", Text(Math.Max(1, steps / 3)))),
            ]);
    }

    private IReadOnlyList<(int Epoch, double Value)> ActiveByEpoch =>
        _evidence.History.Of(_evidence.History.Probe + "/active_units");

    /// <summary>The known causes of collapse that this run has, as one sentence; empty where it has none.</summary>
    private string Causes()
    {
        List<string> causes = [];
        if (IsShort)
        {
            causes.Add(FormattableString.Invariant(
                $"the run was {_evidence.History.Steps} steps long, which is too short to learn much"));
        }

        if (WeighsKL && FinalBeta > 1)
        {
            causes.Add(FormattableString.Invariant(
                $"beta is {FinalBeta}, so a unit must improve the reconstruction by that many times its KL"));
        }

        if (IsElbo && Plain is { WarmupSteps: 0, CycleSteps: 0, HasFreeKL: false })
        {
            causes.Add("there is no warm-up and there are no free bits, so the KL has its full weight before the " +
                $"decoder has learnt to use the latents");
        }

        if (HeldLow)
            causes.Add(FormattableString.Invariant($"objective.capacity holds the KL at {Plain!.Capacity} nats"));
        if (IsDeep)
        {
            causes.Add(FormattableString.Invariant(
                $"the decoder has {DecoderLayers} hidden layers, through which little information passes at first"));
        }

        if (IsFast)
        {
            causes.Add(FormattableString.Invariant(
                $"a learning rate of {_config.Optimizer.LearningRate} is high for {_config.Optimizer.Kind.Name}"));
        }

        if (FixedScale(_config.Model.Likelihood) is { } scale)
            causes.Add(FormattableString.Invariant($"the decoder's scale is fixed at {scale}"));
        return causes.Count == 0 ? "" : $" Likely causes: {string.Join("; ", causes)}.";
    }

    private List<Remedy> CollapseRemedies()
    {
        long steps = Math.Max(2, Math.Max(_evidence.History.Steps, _config.Training.Epochs * _evidence.StepsPerEpoch));
        List<Remedy> remedies = [];
        if (IsShort)
        {
            remedies.Add(_remedy.Longer("train for some thousand steps at least",
                Math.Max(_evidence.History.Epochs + 1, FewSteps * 4 / Math.Max(1, _evidence.StepsPerEpoch))));
        }

        if (WeighsKL && FinalBeta > 1) remedies.AddRange(_remedy.Anew("beta1", "weigh the KL with 1", ("--beta", "1")));
        if (HeldLow)
        {
            remedies.AddRange(_remedy.Anew("capacity", "let the capacity rise slowly to 2 nats for " +
                $"each unit", ("--capacity", Text(2.0 * Units)),
                    ("--capacity-steps", Text(Math.Max(1, steps / 2)))));
        }

        if (FixedScale(_config.Model.Likelihood) is not null)
        {
            remedies.AddRange(
                _remedy.Anew("learned", "learn the decoder's scale", ("--likelihood", "gaussian-learned")));
        }

        if (IsFast) remedies.AddRange(_remedy.Anew("slower", "use a smaller learning rate", ("--lr", Text(1e-3))));
        if (PaysForCodes && Bound is { } rising && rising.WarmupSteps < steps / 2)
        {
            remedies.AddRange(_remedy.Anew("warmup", "let beta rise from 0 over half the run", [("--warmup",
                Text(steps / 2)), .. rising.CycleSteps > 0 ? [("--cycle", "0")] : Array.Empty<(string, string)>()]));
        }

        double bits = Math.Max(0.05, Math.Round(Math.Min(0.25, 5.0 / Units), 2));
        if (PaysForCodes && Bound is { FreeNats: 0 } objective && objective.FreeBits < bits)
        {
            remedies.AddRange(_remedy.Anew(
                "freebits", "give each unit some KL without cost (free bits)", ("--free-bits", Text(bits))));
        }

        if (PaysForCodes && Bound is { CycleSteps: 0 } steady)
        {
            remedies.AddRange(_remedy.Anew("cycle", "let beta rise in repeated cycles", [("--cycle", Text(Math.Max(2,
                steps / 4))), .. steady.WarmupSteps > 0 ? [("--warmup", "0")] : Array.Empty<(string, string)>()]));
        }

        if (IsDeep && _config.Model.Network.Initializer == Initializer.PyTorch)
        {
            remedies.AddRange(_remedy.Anew(
                "he", "use initial weights that pass a signal through many layers", ("--initializer", "he")));
        }

        if (_config.Model.Network is MlpNetworkSettings { Hidden: { Count: > 0 } hidden }
            && DecoderLayers > Math.Max(1, EncoderLayers))
        {
            remedies.AddRange(_remedy.Anew("decoder", "use a decoder that is no " +
                $"deeper than the encoder", ("--decoder-hidden", string.Join(',', hidden.Reverse()))));
        }

        return remedies;
    }

    /// <summary>Whether the capacity holds the KL below 1 nat, which is too little for an active unit.</summary>
    private bool HeldLow => IsElbo && Plain!.Capacity is > 0 and < 1;

    private bool IsShort => _evidence.History.Steps is > 0 and < FewSteps;

    private int Units => _evidence.Units;

    private int EncoderLayers => _config.Model.Network.EncoderWidths.Count;

    private int DecoderLayers => _config.Model.Network.DecoderWidths.Count;

    private bool IsDeep => DecoderLayers - EncoderLayers >= 2 || DecoderLayers >= 4;

    private bool IsFast =>
        _config.Optimizer is AdamFamilySettings or AdamaxSettings && _config.Optimizer.LearningRate > 3e-3;
}

using System.Globalization;
using Reparam.Data;
using Reparam.Training.Optimizers;

namespace Reparam.Cli.Diagnostics;

/// <content>Findings about the course of the training.</content>
internal sealed partial class Diagnosis
{
    private const double WorseNats = 0.5, WorseShare = 0.003; // below the best validation bound
    private const double FallShare = 0.02, ValidationFallShare = 0.05; // of the bound, in an epoch
    private const double GainShare = 0.002; // of the bound, over the last tenth of the epochs

    private Finding? Overfitted()
    {
        if (!MaximizesBound) return null;
        IReadOnlyList<(int Epoch, double Value)> validation = _evidence.History.Of("validation/elbo"),
            train = _evidence.History.Of("train/elbo");
        if (validation.Count < 3 || train.Count != validation.Count) return null;
        (int best, double most) = validation.MaxBy(e => e.Value);
        (int last, double now) = validation[^1];
        double trainThen = train.First(e => e.Epoch == best).Value, trainNow = train[^1].Value;
        if (last - best < 2 || most - now < Math.Max(WorseNats, WorseShare * Math.Abs(most)) || trainNow <= trainThen)
            return null;
        int hidden = _config.Model.Network.EncoderWidths is { Count: > 0 } widths ? widths.Max() : 0;
        double decay = 1.0 / Math.Max(1, _evidence.TrainCount);
        return Found(
            "overfitting", Severity.Warning,
            $"The validation bound was best in epoch {best}, at {most:F2}, and is {now:F2} in epoch {last}, while " +
                $"the training bound rose from {trainThen:F2} to {trainNow:F2}.",
            [("best_epoch", best), ("best_validation", most), ("last_validation", now), ("train_at_best", trainThen),
                ("last_train", trainNow)],
            [
                .. _config.Training.Patience == 0 ? _remedy.Anew("patience", "stop when the validation bound no " +
                    $"longer improves, keep the best", ("--patience", Text(Math.Clamp(last / 10, 3, 50)))) : [],
                .. hidden > 1 ? _remedy.Anew("smaller", "use a smaller model", ("--hidden",
                    string.Join(',', _config.Model.Network.EncoderWidths.Select(h => Text(Math.Max(1, h / 2)))))) : [],
                .. _config.Optimizer.WeightDecay < decay ? _remedy.Anew(
                    "decay", "keep the weights near 0, with a decay of one over the number of data",
                    ("--weight-decay", string.Create(CultureInfo.InvariantCulture, $"{decay:G2}"))) : [],
                .. _config.Data.Binarization == Binarization.Static ? _remedy.Anew(
                    "dynamic", "binarise the data again each time they are used", ("--binarization", "dynamic")) : [],
            ]);
    }

    private Finding? Unstable()
    {
        if (!MaximizesBound) return null;
        List<(int Epoch, double Fall, string Part)> falls =
            [.. Falls("train", FallShare), .. Falls("validation", ValidationFallShare)];
        if (falls.Count == 0) return null;
        (int epoch, double largest, string part) = falls.MaxBy(f => f.Fall);
        int epochs = falls.Select(f => f.Epoch).Distinct().Count();
        return Found(
            "unstable", Severity.Warning,
            $"The bound fell strongly in {epochs} of {_evidence.History.Epochs} epochs. The largest fall was in " +
                $"epoch {epoch}, by {largest:F2} nats on the {part} data. The steps are too large: the learning rate " +
                $"was {_config.Optimizer.LearningRate} ({_config.Optimizer.Kind.Name}).",
            [("falls", epochs), ("largest_fall", largest), ("epoch", epoch),
                ("learning_rate", _config.Optimizer.LearningRate)],
            SlowerRates());
    }

    /// <summary>The epochs in which the bound of a part of the data fell by a share of itself, and by at least one
    /// nat.</summary>
    private IEnumerable<(int Epoch, double Fall, string Part)> Falls(string part, double share)
    {
        IReadOnlyList<(int Epoch, double Value)> bound = _evidence.History.Of(part + "/elbo");
        for (int i = 1; i < bound.Count; i++)
        {
            double fall = bound[i - 1].Value - bound[i].Value;
            // A change of beta changes the bound too, so such an epoch does not count.
            bool moved = BetaAfter(bound[i].Epoch - 1) != BetaAfter(bound[i].Epoch);
            if (!moved && fall >= Math.Max(1, share * Math.Abs(bound[i - 1].Value)))
                yield return (bound[i].Epoch, fall, part);
        }
    }

    private double BetaAfter(int epoch) => _evidence.BetaAt(epoch * _evidence.StepsPerEpoch - 1);

    private Finding? StillImproving()
    {
        if (!MaximizesBound) return null;
        IReadOnlyList<(int Epoch, double Value)> bound = _evidence.History.Of(_evidence.History.Probe + "/elbo");
        if (bound.Count < 2 || BetaAtEnd < Finished * FinalBeta || IsCollapsed) return null;
        int back = Math.Max(1, bound.Count / 10);
        (int last, double now) = bound[^1];
        double gain = now - bound[^(back + 1)].Value;
        if (gain < GainShare * Math.Abs(now) || now < bound.Max(e => e.Value)) return null;
        return Found(
            "still-improving", Severity.Note,
            $"The {_evidence.History.Probe} bound was still rising when training ended: by {gain:F2} nats in the " +
                $"last {(back == 1 ? "epoch" : $"{back} epochs")}, to {now:F2} in epoch {last}.",
            [("gain", gain), ("epochs", back), ("bound", now)],
            [_remedy.Longer("continue the training", 2L * last)]);
    }

    private IReadOnlyList<Remedy> SlowerRates()
    {
        long steps = Math.Max(1, Math.Max(_evidence.History.Steps, _config.Training.Epochs * _evidence.StepsPerEpoch));
        return
        [
            .. _remedy.Anew(
                "slower", "use a smaller learning rate", ("--lr", Text(_config.Optimizer.LearningRate / 3))),
            .. _config.Optimizer.GradientClip == 0 ? _remedy.Anew(
                "clip", "limit the length of the gradient", ("--clip", "10")) : [],
            .. _config.Optimizer.Schedule is ConstantRateSettings && _evidence.History.Steps > 0
                ? _remedy.Anew("cosine", "let the learning rate fall to 0", ("--schedule", "cosine"),
                    ("--decay-steps", FormattableString.Invariant($"{steps}"))) : [],
        ];
    }
}

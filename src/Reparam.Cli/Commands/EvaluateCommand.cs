using System.CommandLine;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Tensors;
using Reparam.Training.Runs;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam evaluate</c>: how good a model is, in nats per datum with standard errors.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<int> Samples = new("--samples") { Description = "Latent draws for each datum of the NLL; 0 leaves the NLL out.", DefaultValueFactory = _ => 5000, HelpName = "K" };
    private static readonly Option<int?> NllLimit = new("--nll-limit") { Description = "Estimate the NLL on the first N data only.", HelpName = "N" };

    public static Command Create()
    {
        var command = new Command("evaluate", "ELBO, NLL by importance sampling, active units and KL per dimension.");
        RunOptions.AddTo(command, [Samples, NllLimit, .. RunOptions.OfData, RunOptions.Limit]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int samples = RunOptions.Within(parsed, Samples, 0, 10_000_000);
        TrainedRun run = TrainedRun.Open(parsed);
        if (!run.Model.BoundsLikelihood) samples = 0; // there is nothing to draw from
        Dataset data = run.Data(parsed);
        int nllCount = parsed.GetValue(NllLimit) is { } limit ? Math.Min(RunOptions.Within("--nll-limit", limit, 1, int.MaxValue), data.Count) : data.Count;
        using var interruption = new Interruption(cancellation);
        BoundReport bound = EvidenceLowerBound.Evaluate(run.Model, data, run.Rng.Split("evaluate"), cancellation: interruption.Token);
        AggregatePosterior? split = EvidenceLowerBound.Split(run.Model, data, run.Rng.Split("evaluate"), interruption.Token);
        // The NLL can take minutes: what is known already is not kept back until it is done, nor lost with an interruption.
        if (samples > 0 && !parsed.GetValue(SharedOptions.Quiet)) Console.Error.WriteLine($"ELBO {bound.Elbo} nats per datum; now the NLL");
        Estimate? nll = samples == 0 ? null : Nll(parsed, run, data[..nllCount], samples, interruption.Token);
        return Report(parsed, run, data, bound, split, nll);
    }

    private static Estimate Nll(ParseResult parsed, TrainedRun run, Dataset data, int samples, CancellationToken cancellation)
    {
        var line = new ProgressLine(parsed.GetValue(SharedOptions.Quiet), TimeSpan.FromSeconds(10));
        try
        {
            var progress = new DirectProgress<int>(done => line.Show(done, data.Count, FormattableString.Invariant($"NLL with {samples:N0} samples: datum")));
            return ImportanceWeightedBound.Evaluate(run.Model, data, samples, run.Rng.Split("nll"), progress, cancellation).Negated();
        }
        finally
        {
            line.Clear();
        }
    }

    private static int Report(ParseResult parsed, TrainedRun run, Dataset data, BoundReport bound, AggregatePosterior? split, Estimate? nll)
    {
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path, "run", Terminal.Relative(run.Folder.Path));
        result.Add("checkpoint_step", run.Checkpoint.Step, "checkpoint", FormattableString.Invariant($"step {run.Checkpoint.Step}"));
        result.Add("data", run.DataName(parsed), "data", FormattableString.Invariant($"{run.DataName(parsed)}, {data.Count:N0} data, binarization {run.Config.Data.Binarization}"));
        result.Add("count", data.Count);
        result.Add("binarization", run.Config.Data.Binarization);
        result.Add("likelihood", run.Likelihood.Name, "likelihood", run.Likelihood.Name);
        result.Add("unit", run.Unit);
        run.AddUnit(result);
        bool bounds = run.Model.BoundsLikelihood;
        if (bounds) result.Add("elbo", bound.Elbo, "ELBO", "nats per datum");
        else result.Add("elbo", null);
        result.Add("reconstruction", bound.Reconstruction, "reconstruction", "nats per datum");
        if (bounds) result.Add("kl", bound.KL, "KL", "nats per datum");
        else result.Add("prior_energy", bound.KL, "-log p(z)", "nats per datum; an autoencoder has no KL and bounds nothing");
        KLSplit.AddTo(result, split);
        if (nll is { } n)
        {
            string label = FormattableString.Invariant($"nats per datum (at most, in expectation; {n.Samples:N0} samples, {n.Count:N0} data)");
            result.Add("nll", n, "NLL", label);
        }

        AddBits(result, run, data, bound, nll);
        result.Add("active_units", bound.ActiveUnits, "active units", FormattableString.Invariant($"{bound.ActiveUnits} of {run.Model.Units}{ByLatent(bound)}"));
        result.Add("active_by_latent", new JsonObject(bound.ActiveByLatent.Select(l => KeyValuePair.Create(l.Name, (JsonNode?)l.Active))));
        result.Add("kl_by_latent", new JsonObject(bound.KLByLatent.Select(l => KeyValuePair.Create(l.Name, Result.Number(l.KL)))));
        result.Add("latent", run.Model.Units);
        // Classes that no label named are in an order of the model's own.
        if (run.Model is SemiSupervisedVae classifier && data.Labels is { } labels && run.Config.Data.Labels != 0)
        {
            if (labels.Span.ContainsAnyInRange(classifier.Classes, int.MaxValue)) throw new InvalidDataFileException(run.DataName(parsed), 0, $"it has labels above {classifier.Classes - 1}, the last class that the model knows; number its classes as those of the run.");
            result.AddShare("accuracy", ClassAccuracy.Evaluate(classifier, data), "accuracy", "of the data are named rightly by q(y|x)");
        }

        if (run.Model is VqVae vq)
        {
            CodebookUsage usage = CodebookUsage.Evaluate(vq, data);
            result.Add(
                "codebook", new JsonObject { ["codes"] = usage.Codes, ["used"] = usage.Used, ["perplexity"] = Result.Number(usage.Perplexity) },
                "codebook", FormattableString.Invariant($"{usage.Used} of {usage.Codes} codes used, perplexity {usage.Perplexity:F1}"));
        }

        result.Add("kl_per_dimension", Result.Numbers(bound.KLPerDimension));
        if (bound.KLPerDimension.Count > 0 && run.Model is not VqVae) result.Table(KLTable(bound.KLPerDimension, split?.MarginalKLPerDimension ?? []));
        bool surrogate = BoundStatement.IsGreyBernoulli(data, run.Likelihood, run.Binarization);
        result.Add("is_likelihood", !surrogate);
        if (surrogate)
            Console.Error.WriteLine("reparam: warning: grey levels are scored by a Bernoulli, which is a cross-entropy and not a likelihood; these numbers compare only with others made the same way, and there are no bits per dimension.");
        return result.Print();
    }

    /// <summary>The active units, and the KL, latent by latent where there are several.</summary>
    private static string ByLatent(BoundReport bound) => bound.ActiveByLatent.Count < 2 ? "" : $" ({string.Join(", ", bound.ActiveByLatent.Select(l => FormattableString.Invariant($"{l.Name} {l.Active} of {l.Dimensions}")))}; KL {string.Join(", ", bound.KLByLatent.Select(l => FormattableString.Invariant($"{l.Name} {l.KL:F2}")))})";

    private static void AddBits(Result result, TrainedRun run, Dataset data, BoundReport bound, Estimate? nll)
    {
        if (!run.Model.BoundsLikelihood || !DataChecks.HasBitsPerDimension(data, run.Likelihood))
        {
            result.Add("bits_per_dimension", null);
            return;
        }

        double scale = 1 / (run.EventShape.Size * PortableMath.Log(2));
        double elbo = -bound.Elbo.Mean * scale;
        double? likelihood = nll?.Mean * scale;
        result.Add(
            "bits_per_dimension",
            new JsonObject { ["elbo"] = Result.Number(elbo), ["nll"] = likelihood is { } value ? Result.Number(value) : null },
            "bits/dim",
            FormattableString.Invariant($"{elbo:F4} by the ELBO") + (likelihood is { } v ? FormattableString.Invariant($", {v:F4} by the NLL") : ""));
    }

    private static ResultTable KLTable(IReadOnlyList<double> kl, IReadOnlyList<double> marginal)
    {
        string[] headings = ["dimension", "KL", "share"];
        var table = new ResultTable(marginal.Count > 0 ? [.. headings, "KL(q(z_j)||p)"] : headings);
        double total = Math.Max(kl.Sum(), double.Epsilon);
        foreach (int j in LatentWalks.ByKL(kl))
        {
            string[] row = [FormattableString.Invariant($"{j}"), FormattableString.Invariant($"{kl[j]:F4}"), FormattableString.Invariant($"{100 * kl[j] / total:F1}")];
            table.Add(marginal.Count > 0 ? [.. row, FormattableString.Invariant($"{marginal[j]:F4}")] : row);
        }

        return table;
    }
}

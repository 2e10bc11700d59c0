using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Models.Diffusion;
using Reparam.Tensors;
using Reparam.Runs;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam evaluate</c>: measures how good a model is, in nats per datum with standard errors.</summary>
internal static class EvaluateCommand
{
    private const int DefaultSamples = 100;
    private const string MoreWords = "--samples 5000 or --nll-limit N";

    // By default the NLL is estimated on as many data as this time allows. Options can set a number instead.
    private static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(20);

    private static readonly Option<int?> Samples = new("--samples")
    {
        Description = "Number of latent draws for each data point in the NLL; 0 omits the NLL. Default: 100, on as " +
            "many data as "
            + "20 seconds allow. If you give K (such as 5000), all data are used, however long that takes. For a " +
            "diffusion model: the number of times for each data point in the bound; 16 by default.",
        HelpName = "K",
    };

    private static readonly Option<int?> NllLimit = new("--nll-limit")
    {
        Description = "Estimate the NLL on only the first N data points, however long that takes.",
        HelpName = "N",
    };

    private static readonly Option<string> ChainSteps = new("--chain-steps")
    {
        Description = "For a diffusion model: the number of steps of the chain that the bound belongs to, or 'inf' " +
            "for infinitely many. Default: that of the run.", HelpName = "T|inf",
    };

    public static Command Create()
    {
        var command = new Command(
            "evaluate",
            "Compute the ELBO, the NLL by importance sampling, the active units and the KL per dimension. The " +
                "results are also written to evaluation.json in the run's folder.");
        RunOptions.AddTo(command, [Samples, NllLimit, ChainSteps, .. RunOptions.OfData, RunOptions.Limit]);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int samples = RunOptions.Within(Samples.Name, parsed.GetValue(Samples) ?? DefaultSamples, 0, 10_000_000);
        TrainedRun run = TrainedRun.Open(parsed);
        // Without importance weights there is no NLL. For a diffusion the option sets the number of draws in the bound.
        int draws = run.Model.DrawsAllLatents ? 1
            : Math.Max(1, parsed.GetValue(Samples) ?? run.Model.UsualSamples);
        if (!run.Model.HasImportanceWeights) samples = 0;
        ApplyChainSteps(parsed, run);
        Dataset data = run.Data(parsed);
        int nllCount = parsed.GetValue(NllLimit) is { } limit
            ? Math.Min(RunOptions.Within("--nll-limit", limit, 1, int.MaxValue), data.Count) : data.Count;
        using var interruption = new Interruption(cancellation);
        // If no data point is finished, there is nothing to report.
        BoundReport bound = EvidenceLowerBound.EvaluateUntil(
            run.Model, data, run.Rng.Split("evaluate"), draws, interruption.Token)
            ?? throw new OperationCanceledException(interruption.Token);
        var result = new Result(parsed);
        AddBound(result, parsed, run, data, bound);
        result.Flush(); // the NLL can take minutes, so print these numbers first
        AggregatePosterior? split = Split(run, data, interruption.Token);
        KLSplit.AddTo(result, split);
        NllEstimation? nll = samples == 0 || interruption.Token.IsCancellationRequested
            ? null
            : Nll(parsed, run, data[..nllCount], samples, bound, interruption.Token);
        if (nll is not null) AddNll(result, parsed, nll, nllCount);
        bool interrupted = interruption.Token.IsCancellationRequested;
        return Report(parsed, result, run, data, bound, split, nll?.Value, interrupted);
    }

    /// <summary>Gives a diffusion model the number of steps that was asked for.</summary>
    private static void ApplyChainSteps(ParseResult parsed, TrainedRun run)
    {
        if (parsed.GetValue(ChainSteps) is not { } text) return;
        if (run.Model.Chain is not { } diffusion)
        {
            throw new InvalidConfigException($"{ChainSteps.Name} belongs to diffusion models, and the model of " +
                $"the run is '{run.Config.Model.Kind.Name}'; leave it out.");
        }

        diffusion.Steps = text == "inf" ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int steps) && steps > 0 ? steps
            : throw new InvalidConfigException(
                $"{ChainSteps.Name} is a whole number of at least 1, or 'inf', not '{text}'.");
    }

    private static void AddBound(Result result, ParseResult parsed, TrainedRun run, Dataset data, BoundReport bound)
    {
        result.Add("run", run.Folder.Path, "run", Terminal.Relative(run.Folder.Path));
        result.Add(EvaluationFile.StepKey, run.Checkpoint.Step, "checkpoint",
            FormattableString.Invariant($"step {run.Checkpoint.Step}"));
        result.Add("data", run.DataName(parsed), "data", FormattableString.Invariant(
            $"{run.DataName(parsed)}, {data.Count:N0} data, binarization {run.Config.Data.TextOf("binarization")}"));
        result.Add("count", data.Count);
        result.Add("binarization", run.Config.Data.TextOf("binarization"));
        result.Add("likelihood", run.Likelihood.Name, "likelihood", run.Likelihood.Name);
        result.Add("unit", run.Unit);
        run.AddUnit(result);
        bool bounds = run.Model.BoundsLikelihood;
        string some = bound.Elbo.Count < data.Count
            ? FormattableString.Invariant($", of the first {bound.Elbo.Count:N0} data points") : "";
        if (bounds) result.Add("elbo", bound.Elbo, "ELBO", $"nats per datum{some}");
        else result.Add("elbo", null);
        result.Add("reconstruction", bound.Reconstruction, "reconstruction", $"nats per datum{some}");
        if (bounds) result.Add("kl", bound.KL, "KL", $"nats per datum{some}");
        else
        {
            result.Add("prior_energy", bound.KL, "-log p(z)",
                $"nats per datum{some}; an autoencoder has no KL and no lower bound");
        }
    }

    /// <summary>The parts of the KL; null where they cannot be computed, or after an interruption.</summary>
    private static AggregatePosterior? Split(TrainedRun run, Dataset data, CancellationToken cancellation)
    {
        try
        {
            return EvidenceLowerBound.Split(run.Model, data, run.Rng.Split("evaluate"), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static NllEstimation Nll(
        ParseResult parsed, TrainedRun run, Dataset data, int samples, BoundReport bound, CancellationToken stop)
    {
        bool quiet = parsed.GetValue(SharedOptions.Quiet);
        TimeSpan? time = IsTimed(parsed) ? DefaultTime : null;
        if (!quiet)
        {
            string known = parsed.GetValue(SharedOptions.Json) ? $"ELBO {bound.Elbo} nats per datum; now" : "now";
            string much = time is { } most
                ? string.Create(CultureInfo.InvariantCulture, $"{samples} draws for each of as many data as " +
                    $"{most.TotalSeconds} seconds allow; for more data: {MoreWords}")
                : FormattableString.Invariant(
                    $"{samples:N0} draws for each of {data.Count:N0} data points; Ctrl-C keeps the finished part");
            Message.Line($"{known} estimating the NLL: {much}");
        }

        var line = new ProgressLine(quiet, TimeSpan.FromSeconds(5));
        try
        {
            string what = FormattableString.Invariant($"NLL with {samples:N0} samples: data point");
            return NllEstimation.Run(
                run.Model, data, samples, run.Rng.Split("nll"), time, done => line.Show(done, data.Count, what), stop);
        }
        finally
        {
            line.Clear();
        }
    }

    /// <summary>Whether no option sets the amount of work, so that the time limits it.</summary>
    private static bool IsTimed(ParseResult parsed) =>
        parsed.GetValue(Samples) is null && parsed.GetValue(NllLimit) is null
            && parsed.GetValue(RunOptions.Limit) is null;

    private static void AddNll(Result result, ParseResult parsed, NllEstimation nll, int asked)
    {
        // If the time limit or the user ended the work, the count depends on the machine. So it is printed and kept.
        result.Add("nll_asked", asked);
        result.Add("nll_ended_by",
            nll.End switch { NllEnd.Time => "time", NllEnd.Interruption => "interruption", _ => "data" });
        if (nll.Value is not { } n) return;
        string of = n.Count < asked ? FormattableString.Invariant($"the first {n.Count:N0} of {asked:N0} data points")
            : FormattableString.Invariant($"{n.Count:N0} data points");
        string end = nll.End == NllEnd.Time
            ? FormattableString.Invariant($", as many as {DefaultTime.TotalSeconds} seconds allowed") : "";
        string more = IsTimed(parsed)
            ? $"; for more: {(nll.End == NllEnd.AllData ? "--samples 5000" : MoreWords)}" : "";
        result.Add(EvaluationFile.NllKey, n, "NLL", FormattableString.Invariant(
            $"nats per datum (upper bound in expectation; {n.Samples:N0} samples, {of}{end}{more})"));
    }

    private static int Report(ParseResult parsed, Result result, TrainedRun run, Dataset data, BoundReport bound,
        AggregatePosterior? split, Estimate? nll, bool interrupted)
    {
        AddBits(result, run, data, bound, nll);
        run.AddUnits(result, bound);
        if (run.Model.Chain is { } chain)
        {
            string length = chain.Steps is { } t ? FormattableString.Invariant($"{t} steps") : "infinitely many steps";
            result.Add("chain_steps", chain.Steps, "chain",
                FormattableString.Invariant($"{length}, {bound.Elbo.Samples} times for each data point"));
        }

        result.Add("active_by_latent",
            new JsonObject(bound.ActiveByLatent.Select(l => KeyValuePair.Create(l.Name, (JsonNode?)l.Active))));
        result.Add("kl_by_latent",
            new JsonObject(bound.KLByLatent.Select(l => KeyValuePair.Create(l.Name, Result.Number(l.KL)))));
        // Without labels in training, the numbers of the classes are arbitrary and cannot be compared with labels.
        if (!interrupted && run.Model is SemiSupervisedVae classifier && data.Labels is { } labels
            && run.Config.Data.Labels != 0)
        {
            if (labels.Span.ContainsAnyInRange(classifier.Classes, int.MaxValue))
            {
                throw new InvalidDataFileException(run.DataName(parsed),
                    $"it has labels above {classifier.Classes - 1}, the last class that the model knows. Number its " +
                    "classes in the same way as in the run's data.");
            }

            result.AddShare("accuracy", ClassAccuracy.Evaluate(classifier, data), "accuracy",
                "of the data are classified correctly by q(y|x)");
        }

        if (!interrupted && run.Model is VqVae vq)
        {
            CodebookUsage usage = CodebookUsage.Evaluate(vq, data);
            result.Add(
                "codebook", new JsonObject
                {
                    ["codes"] = usage.Codes, ["used"] = usage.Used, ["perplexity"] = Result.Number(usage.Perplexity),
                },
                "codebook", FormattableString.Invariant(
                    $"{usage.Used} of {usage.Codes} codes used, perplexity {usage.Perplexity:F1}"));
        }

        result.Add("kl_per_dimension", Result.Numbers(bound.KLPerDimension));
        if (bound.KLPerDimension.Count > 0 && run.Model is not VqVae)
            result.Table(KLTable(bound.KLPerDimension, split?.MarginalKLPerDimension ?? []));
        bool surrogate = BoundStatement.IsGreyBernoulli(data, run.Likelihood, run.Binarization);
        result.Add("is_likelihood", !surrogate);
        if (surrogate)
        {
            Message.Warn("grey levels are scored by a Bernoulli. That is a cross-entropy, not a likelihood: compare " +
                "these numbers only with numbers of the same kind. Bits per dimension are not printed.");
        }

        if (!interrupted && run.Model is DiffusionModel pixels)
            result.Table(LevelTable(NoiseLevelCosts.Of(pixels, data, run.Rng.Split("levels"))));
        bool isPartial = interrupted || !IsOfTestPart(parsed, data.Count);
        result.Add(EvaluationFile.PartialKey, isPartial);
        if (interrupted) result.Line("interrupted", "the numbers above are of the data that were finished");
        int code = result.Print(interrupted ? ExitCode.Interrupted : ExitCode.Done);
        Keep(parsed, run, result, isPartial, interrupted, Statement(run, bound, nll, surrogate));
        return code;
    }

    /// <summary>The numbers in a line, for the model card.</summary>
    private static string Statement(TrainedRun run, BoundReport bound, Estimate? nll, bool surrogate)
    {
        string density = run.Model.Context > 0 ? "log p(x|y)" : "log p(x)";
        string what = surrogate ? "a cross-entropy of grey levels, not a likelihood" : $"a lower bound on {density}";
        string number = run.Model.BoundsLikelihood ? $"ELBO {bound.Elbo} ({what})"
            : $"reconstruction {bound.Reconstruction} (without a bound on a likelihood)";
        string likelihood = nll is not { } n ? "" : FormattableString.Invariant(
            $"; -{density} {n} (an upper bound in expectation; {n.Samples:N0} draws for each of {n.Count:N0} data)");
        string units = run.Model.Units == 0 ? ""
            : FormattableString.Invariant($"; {bound.ActiveUnits} of {run.Model.Units} units active");
        return FormattableString.Invariant($"{number}{likelihood}, in {run.Unit}, of {bound.Elbo.Count:N0} test data")
            + units;
    }

    /// <summary>Whether the command line asks for all of the run's own test data.</summary>
    private static bool IsOfTestPart(ParseResult parsed, int count) =>
        !(parsed.GetValue(RunOptions.Limit) <= count)
        && parsed.GetValue(RunOptions.Data) is null
        && parsed.GetValue(RunOptions.Split) is null or "test";

    /// <summary>Writes the numbers into the run's folder. They are printed already, so if the folder cannot be written
    /// to, there is only a warning.</summary>
    private static void Keep(
        ParseResult parsed, TrainedRun run, Result result, bool isPartial, bool interrupted, string statement)
    {
        try
        {
            string name = EvaluationFile.Write(run.Folder.Path, result.Values, isPartial);
            if (name == EvaluationFile.Name) run.Folder.AddResult("evaluation", run.Checkpoint.Step, statement);
            string kept = $"kept in {Terminal.Relative(Path.Combine(run.Folder.Path, name))}";
            string why = name == EvaluationFile.Name
                ? ""
                : $"; {EvaluationFile.Name} is for all test data, and for the NLL with the most draws";
            if (interrupted) Message.Line($"reparam: interrupted; {kept}{why}");
            else if (!parsed.GetValue(SharedOptions.Quiet) && !parsed.GetValue(SharedOptions.Json))
                Message.Line(kept + why);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Message.Warn($"these numbers are not kept in the run's folder: {failure.Message}");
        }
    }

    private static void AddBits(Result result, TrainedRun run, Dataset data, BoundReport bound, Estimate? nll)
    {
        if (!run.Model.BoundsLikelihood || !DataFit.HasBitsPerDimension(data, run.Likelihood))
        {
            result.Add("bits_per_dimension", null);
            return;
        }

        double scale = 1 / (run.EventShape.Size * PortableMath.Log(2));
        double elbo = -bound.Elbo.Mean * scale;
        double? likelihood = nll?.Mean * scale;
        string of = nll is { } n && n.Count < bound.Elbo.Count
            ? FormattableString.Invariant($" of the first {n.Count:N0} data points")
            : "";
        result.Add(
            "bits_per_dimension",
            new JsonObject
            {
                ["elbo"] = Result.Number(elbo), ["nll"] = likelihood is { } value ? Result.Number(value) : null,
            },
            "bits/dim",
            FormattableString.Invariant($"{elbo:F4} by the ELBO")
                + (likelihood is { } v ? FormattableString.Invariant($", {v:F4} by the NLL{of}") : ""));
    }

    private static ResultTable LevelTable(IReadOnlyList<(NoiseLevel From, NoiseLevel To, double Nats)> levels)
    {
        var table = new ResultTable("gamma", "nats", "share");
        double total = levels.Sum(l => l.Nats);
        foreach ((NoiseLevel from, NoiseLevel to, double nats) in levels)
        {
            // Adding 0 turns -0 into 0.
            table.Add(FormattableString.Invariant(
                $"{Math.Round(from.Gamma, 1) + 0.0:F1} to {Math.Round(to.Gamma, 1) + 0.0:F1}"),
                FormattableString.Invariant($"{nats:F2}"), FormattableString.Invariant($"{100 * nats / total:F1}"));
        }

        return table;
    }

    private static ResultTable KLTable(IReadOnlyList<double> kl, IReadOnlyList<double> marginal)
    {
        string[] headings = ["dimension", "KL", "share"];
        var table = new ResultTable(marginal.Count > 0 ? [.. headings, "KL(q(z_j)||p)"] : headings);
        double total = Math.Max(kl.Sum(), double.Epsilon);
        foreach (int j in LatentWalks.ByKL(kl))
        {
            string[] row = [FormattableString.Invariant($"{j}"), FormattableString.Invariant($"{kl[j]:F4}"),
                FormattableString.Invariant($"{100 * kl[j] / total:F1}")];
            table.Add(marginal.Count > 0 ? [.. row, FormattableString.Invariant($"{marginal[j]:F4}")] : row);
        }

        return table;
    }
}

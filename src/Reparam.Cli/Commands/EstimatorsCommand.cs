using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Laboratory;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Objectives.Estimators;
using Reparam.Rendering;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam estimators</c>: compares gradient estimators on problems whose gradient is known.</summary>
internal static class EstimatorsCommand
{
    private static readonly string[] Known = ["quadratic", "coins", "outcomes", "gaussian-vae", "discrete-vae"];

    private const string Columns =
        "bias: mean error in % of the gradient, +/- standard error (worst dev: largest, in standard errors). "
        + "variance, us: of one estimate. us x variance: its cost.";

    private static readonly Argument<string[]> Problems = new("PROBLEM")
    {
        Description = $"The problems; all by default: {string.Join(", ", Known)}.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Only = new("--only")
    {
        Description = "Use only estimators whose name contains one of these words (separated by commas).",
        HelpName = "NAMES",
    };

    private static readonly Option<string> Dimensions = new("--dimensions")
    {
        Description = "Numbers of dimensions of the quadratic problem, separated by commas.",
        DefaultValueFactory = _ => "1,10,100,1000", HelpName = "D,D,...",
    };

    private static readonly Option<int> Samples = new("--samples")
    {
        Description = "Number of draws for each estimate. Leave-one-out baselines need at least 2.",
        DefaultValueFactory = _ => 2, HelpName = "K",
    };

    private static readonly Option<int> Replicates = new("--replicates")
    {
        Description = "Number of independent estimates of each gradient.",
        DefaultValueFactory = _ => 2000, HelpName = "R",
    };

    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "Seed of the noise and of the small models.", DefaultValueFactory = _ => 1, HelpName = "N",
    };

    private static readonly Option<string> Plot = new("--plot")
    {
        Description = "Write plots (.svg) into this folder.", HelpName = "DIR",
    };

    private static readonly Option<string> Csv = new("--csv")
    {
        Description = "Write all numbers into this file, a line for each estimator.", HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command(
            "estimators", "Compare gradient estimators on problems whose gradient is known: bias with its standard " +
                "error, variance, signal-to-noise ratio, time.");
        command.Arguments.Add(Problems);
        SharedOptions.AddTo(command, Only, Dimensions, Samples, Replicates, Seed, Plot, Csv, SharedOptions.Threads,
            SharedOptions.Quiet, SharedOptions.Json);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        SharedOptions.Apply(parsed);
        int samples = RunOptions.Within(parsed, Samples, 1, 10_000),
            replicates = RunOptions.Within(parsed, Replicates, 10, 10_000_000);
        ulong seed = unchecked((ulong)parsed.GetValue(Seed));
        string[] names = parsed.GetValue(Problems) is { Length: > 0 } asked ? asked : Known;
        foreach (string name in names)
        {
            if (!Known.Contains(name))
                throw new InvalidConfigException($"There is no problem '{name}'.{Suggestion.For(name, Known)}");
        }

        int[] dimensions = DimensionsOf(parsed.GetValue(Dimensions)!);
        string[]? only = parsed.GetValue(Only)?.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? plots = parsed.GetValue(Plot);
        if (plots is not null)
        {
            OutputFile.RequireFolder(Plot.Name, plots);
            Directory.CreateDirectory(plots);
        }

        if (parsed.GetValue(Csv) is { } table) OutputFile.RequirePlace(Csv.Name, table);
        bool quiet = parsed.GetValue(SharedOptions.Quiet);
        using var interruption = new Interruption(cancellation);
        var result = new Result(parsed);
        result.Add("samples", samples);
        result.Add("replicates", replicates);
        result.Paragraph(string.Create(CultureInfo.InvariantCulture, $"{replicates} independent estimates of each " +
            $"gradient, {samples} draw{(samples == 1 ? "" : "s")} for each estimate, seed {seed}."));
        result.Paragraph(Columns);
        result.Flush();
        var studies = new JsonArray();
        List<EstimatorResult> all = [];
        List<(int Dimension, string Estimator, GradientStudy Study)> growth = [];
        foreach (string name in names)
        {
            foreach (int dimension in name == "quadratic" ? dimensions : [0])
            {
                if (!quiet)
                {
                    Message.Line(name == "quadratic" ? FormattableString.Invariant(
                        $"studying quadratic in {dimension} dimensions") : $"studying {name}");
                }

                EstimatorProblem problem = name switch
                {
                    "quadratic" => ToyProblems.Quadratic(dimension),
                    "coins" => ToyProblems.Coins(),
                    "outcomes" => ToyProblems.Outcomes(),
                    "gaussian-vae" => ModelProblems.GaussianVae(seed, interruption.Token),
                    _ => ModelProblems.DiscreteVae(seed, interruption.Token),
                };
                EstimatorTrial[] chosen = [.. problem.Estimators
                    .Where(e => only is null
                        || only.Any(word => e.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
                    .Where(e => samples > 1 || !e.Name.Contains("leave-one-out", StringComparison.Ordinal))];
                if (chosen.Length == 0)
                {
                    throw new InvalidConfigException($"--only leaves no estimator of '{name}'. Its estimators are: " +
                        $"{string.Join("; ", problem.Estimators.Select(e => e.Name))}.");
                }

                IReadOnlyList<EstimatorResult> rows = (problem with { Estimators = chosen }).Study(
                    new Rng(seed), samples, replicates, interruption.Token);
                all.AddRange(rows.Select(r => name != "quadratic" ? r
                    : r with { Problem = FormattableString.Invariant($"quadratic in {dimension} dimensions") }));
                Report(result, problem, rows);
                result.Flush(); // the next problem takes a while
                foreach (EstimatorResult row in rows)
                {
                    studies.Add((JsonNode)Node(problem, dimension, row));
                    if (name == "quadratic") growth.Add((dimension, row.Estimator, row.Study));
                }

                if (plots is not null && name != "quadratic") Draw(Path.Combine(plots, $"{name}.svg"), problem, rows);
            }
        }

        if (growth.Count > 0) ReportGrowth(result, growth, plots);
        result.Add("studies", studies);
        if (parsed.GetValue(Csv) is { } csv)
        {
            EstimatorResult.WriteCsv(csv, all);
            result.Add("csv", Path.GetFullPath(csv), "numbers", Terminal.Relative(csv));
        }

        if (plots is not null)
            result.Add("plots", Path.GetFullPath(plots), Environment.NewLine + "pictures", Terminal.Relative(plots));
        return result.Print();
    }

    private static int[] DimensionsOf(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        int[] dimensions = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!NumberText.TryWhole(parts[i], out dimensions[i]) || dimensions[i] is < 1 or > 100_000)
            {
                throw new InvalidConfigException(
                    $"--dimensions takes whole numbers from 1 to 100000 separated by commas, not '{text}'.");
            }
        }

        return dimensions;
    }

    private static void Report(
        Result result, EstimatorProblem problem, IReadOnlyList<EstimatorResult> rows)
    {
        var table = new ResultTable(
            "estimator", "promise", "bias %", "+/-", "worst dev", "variance", "signal/noise", "us", "us x variance")
        {
            Spare = ["worst dev", "signal/noise"],
        };
        foreach (EstimatorResult row in rows)
        {
            GradientStudy study = row.Study;
            table.Add(
                row.Estimator, row.IsUnbiased ? "unbiased" : "biased", Text(100 * study.Bias, "F2"),
                Text(100 * study.BiasStandardError, "F2"), Text(study.LargestDeviation, "F1"),
                Text(study.Variance, "G3"), Text(study.SignalToNoise, "G3"), Text(study.Microseconds, "F0"),
                Text(study.Cost, "G3"));
        }

        result.Paragraph($"{problem.Name}: {problem.Description} (truth: {problem.Truth})");
        result.Table(table);
    }

    private static void ReportGrowth(
        Result result, List<(int Dimension, string Estimator, GradientStudy Study)> growth, string? plots)
    {
        var table = new ResultTable("dimensions", "score function variance / pathwise variance");
        foreach (IGrouping<int, (int Dimension, string Estimator, GradientStudy Study)> group in growth.GroupBy(
            g => g.Dimension))
        {
            GradientStudy? pathwise = group.FirstOrDefault(g => g.Estimator == "pathwise").Study,
                score = group.FirstOrDefault(g => g.Estimator == "score function").Study;
            if (pathwise is not null && score is not null)
            {
                table.Add(
                    group.Key.ToString(CultureInfo.InvariantCulture), Text(score.Variance / pathwise.Variance, "G4"));
            }
        }

        if (table.Count > 0)
        {
            result.Paragraph(
                "the variance of the score function divided by that of pathwise, by dimension, with the same draws");
            result.Table(table);
        }

        if (plots is null) return;
        LogPlot.Draw(
            "Variance of the gradient of E|z - t|^2", "dimensions", "variance of one estimate, per component",
            [.. growth.GroupBy(g => g.Estimator).Select(s => new PlotSeries(
                s.Key, [.. s.Select(g => ((double)g.Dimension, g.Study.Variance / (2 * g.Dimension)))]))], joined: true)
            .Save(Path.Combine(plots, "quadratic.svg"));
    }

    private static void Draw(
        string path, EstimatorProblem problem, IReadOnlyList<EstimatorResult> rows) =>
        LogPlot.Draw(
            $"{problem.Description}", "microseconds of one estimate", "variance of one estimate",
            [.. rows.Where(r => r.Study.Variance > 0).Select(r => new PlotSeries(r.IsUnbiased
                ? r.Estimator : $"{r.Estimator} (biased)", [(r.Study.Microseconds, r.Study.Variance)]))],
            joined: false).Save(path);

    private static JsonObject Node(EstimatorProblem problem, int dimension, EstimatorResult row)
    {
        GradientStudy study = row.Study;
        var node = new JsonObject
        {
            ["problem"] = problem.Name, ["estimator"] = row.Estimator, ["promised_unbiased"] = row.IsUnbiased,
            ["replicates"] = study.Replicates, ["bias"] = Result.Number(study.Bias),
            ["bias_se"] = Result.Number(study.BiasStandardError),
            ["largest_deviation"] = Result.Number(study.LargestDeviation), ["variance"] = Result.Number(study.Variance),
            ["signal_to_noise"] = Result.Number(study.SignalToNoise),
            ["microseconds"] = Result.Number(study.Microseconds), ["cost"] = Result.Number(study.Cost),
        };
        if (dimension > 0) node["dimensions"] = dimension;
        return node;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

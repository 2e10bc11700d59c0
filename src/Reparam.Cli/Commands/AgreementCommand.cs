using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam agreement</c>: how often the draws of a conditional model look like the class that was
/// requested.</summary>
internal static class AgreementCommand
{
    private const int Epochs = 10;

    private static readonly Option<int> Count = new("--count", "-n")
    {
        Description = "How many data points to generate, one of each class in turn.",
        DefaultValueFactory = _ => 2000, HelpName = "N",
    };

    public static Command Create()
    {
        var command = new Command("agreement", "Measure how often a conditional model generates the class that " +
            "you request, as judged by a classifier that is trained on the run's data.");
        RunOptions.AddTo(command, Count, SharedOptions.DataDirectory);
        command.SetHandler(Run);
        return command.NotForTables();
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int count = RunOptions.Within(parsed, Count, 1, 1_000_000);
        TrainedRun run = TrainedRun.Open(parsed);
        int classes = Latents.Classes(run.Model);
        if (classes == 0)
        {
            throw new InvalidConfigException($"'{ReparamProgram.Name} agreement' needs a model that generates a " +
                "given class. Train a run with --condition labels or with --model semi-supervised.");
        }

        if (run.Config.Data.Labels == 0)
        {
            throw new InvalidConfigException(
                "This run was trained without labels (data.labels 0). The numbers of its classes are arbitrary, so " +
                "they cannot be compared with the labels. Use 'reparam classify' to measure what its codes tell " +
                "about the labels.");
        }

        using var interruption = new Interruption(cancellation);
        // The classifier sees grey levels, because the means of the decoder are grey levels too.
        Dataset train = Scaled(run.Part(parsed, "train")), test = Scaled(run.Part(parsed, "test"));
        // Some numbers below the largest label may not occur as labels. Neither the model nor the classifier has seen
        // those classes.
        int[] learnt = [.. run.LabelsOf(train).ToArray().Distinct().Order()];
        Rng rng = run.Rng.Split("agreement");
        SoftMaxClassifier classifier = Fit(
            parsed, train, run.LabelsOf(train), classes, rng.Split("classifier"), interruption.Token);
        Estimate own = Classes.Accuracy(classifier.Classify(Latents.Data(test)), run.LabelsOf(test));

        int[] asked = [.. Enumerable.Range(0, count).Select(i => learnt[i % learnt.Length])];
        Tensor context = Tensor.From(Array.ConvertAll(asked, c => (float)c), [count]).OneHot(classes).To(
            run.Model.DType);
        int[] seen = classifier.Classify(
            Latents.OfClasses(run.Model, run.Model.SamplePrior(count, rng.Split("latents")), context));
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.AddShare("classifier", own, "classifier",
            FormattableString.Invariant($"of {test.Count:N0} test data points are classified correctly"));
        result.AddShare("agreement", Classes.Accuracy(seen, asked), "agreement",
            FormattableString.Invariant($"of {count:N0} decoder means are classified as the requested class"));
        AddClasses(result, asked, seen);
        int[] unknown = [.. Enumerable.Range(0, classes).Except(learnt)];
        if (unknown.Length > 0)
        {
            result.Add("not_asked", new JsonArray([.. unknown.Select(c => JsonValue.Create(c))]),
                "not asked", string.Create(CultureInfo.InvariantCulture,
                $"class {string.Join(", ", unknown.Take(10))}{(unknown.Length > 10 ? ", ..." : "")}: no training " +
                $"data have {(unknown.Length == 1 ? "this label" : "these labels")}"));
        }

        return result.Print();

        // The data in the units of the decoder's means.
        Dataset Scaled(Dataset data) => run.Standardization?.Apply(data) ?? data;
    }

    private static SoftMaxClassifier Fit(ParseResult parsed, Dataset train, ReadOnlySpan<int> labels, int classes,
        Rng rng, CancellationToken cancellation)
    {
        var line = new ProgressLine(parsed.GetValue(SharedOptions.Quiet), TimeSpan.FromSeconds(10));
        try
        {
            var progress = new DirectProgress<int>(done => line.Show(done, Epochs, "classifier: epoch"));
            return SoftMaxClassifier.Fit(
                Latents.Data(train), labels, rng, classes, Epochs, progress: progress, cancellation: cancellation);
        }
        finally
        {
            line.Clear();
        }
    }

    private static void AddClasses(Result result, int[] asked, int[] seen)
    {
        var table = new ResultTable("class", "agreement %", "se", "else seen as");
        JsonArray json = [];
        foreach (int c in asked.Distinct().Order())
        {
            int[] of = [.. seen.Where((_, i) => asked[i] == c)];
            Estimate share = Classes.Accuracy(of, Enumerable.Repeat(c, of.Length).ToArray());
            int? mistaken = of.Where(s => s != c).GroupBy(s => s).OrderByDescending(g => g.Count()).ThenBy(
                g => g.Key).FirstOrDefault()?.Key;
            json.Add((JsonNode)new JsonObject { ["class"] = c, ["mean"] = Result.Number(share.Mean),
                ["se"] = Result.Number(share.StandardError), ["count"] = share.Count, ["else_seen_as"] = mistaken });
            table.Add(FormattableString.Invariant($"{c}"), FormattableString.Invariant($"{100 * share.Mean:F1}"),
                double.IsFinite(share.StandardError) ? FormattableString.Invariant($"{100 * share.StandardError:F1}")
                : "", FormattableString.Invariant($"{mistaken}"));
        }

        result.Add("classes", json);
        result.Table(table);
    }
}

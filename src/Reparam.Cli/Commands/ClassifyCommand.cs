using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam classify</c>: how much the codes tell about the classes. The classifiers see only the
/// codes.</summary>
internal static class ClassifyCommand
{
    private static readonly Option<int> Neighbours = new("--k")
    {
        Description = "Number of neighbours that vote in the k-nearest-neighbour classifier.",
        DefaultValueFactory = _ => 5, HelpName = "N",
    };
    private static readonly Option<int?> Clusters = new("--clusters")
    {
        Description = "Number of clusters of k-means. Default: the number of classes.", HelpName = "N",
    };
    private static readonly Option<double> Decay = new("--decay")
    {
        Description = "Weight X of the linear classifier's penalty, X/2 |W|^2, next to the mean log-probability.",
        DefaultValueFactory = _ => 1e-4, HelpName = "X",
    };
    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "Fit only on the codes of the first N training data points.", DefaultValueFactory = _ => 10_000,
        HelpName = "N",
    };

    private const int MostClasses = 1000;

    public static Command Create()
    {
        var command = new Command("classify", "Measure what the codes tell about the classes: nearest neighbours, a " +
            "linear classifier and k-means, fitted on training codes and tested on test codes.");
        RunOptions.AddTo(command, Neighbours, Clusters, Decay, Limit, SharedOptions.DataDirectory);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int limit = RunOptions.Within(parsed, Limit, 2, int.MaxValue);
        double decay = parsed.GetValue(Decay);
        if (!(decay is > 0 and <= 1e6))
        {
            throw new Reparam.Configuration.InvalidConfigException(
                FormattableString.Invariant($"--decay must be above 0 and at most 1e6, not {decay}."));
        }

        TrainedRun run = TrainedRun.Open(parsed);
        NoteMark(run.Folder.Table);
        Dataset train = Labelled(run, run.Training(parsed, limit), "training"),
            test = Labelled(run, run.Prepared(run.Part(parsed, "test"), "test"), "test");
        ReadOnlySpan<int> trained = run.LabelsOf(train), tested = run.LabelsOf(test);
        if (!trained.ContainsAnyExcept(trained[0]))
        {
            throw new InvalidDataFileException(run.Config.Data.Name, "all its training data have the label " +
                $"'{LabelText.Of(train, run.Folder.Table, 0)}', and 'reparam classify' tells classes apart; it needs " +
                "data of two classes at least.");
        }

        int classes = Classes.CountOf(trained);
        if (classes > MostClasses)
        {
            throw new Reparam.Configuration.InvalidConfigException(
                string.Create(CultureInfo.InvariantCulture, $"The labels go up to {classes - 1}, but 'reparam " +
                $"classify' handles at most {MostClasses} classes. Number the classes from 0 without gaps."));
        }

        int k = RunOptions.Within(parsed, Neighbours, 1, train.Count);
        int clusters = RunOptions.Within(
            "--clusters", parsed.GetValue(Clusters) ?? Math.Min(classes, train.Count), 1, train.Count);
        Tensor codes = Latents.Points(run.Model, train), unseen = Latents.Points(run.Model, test);

        Estimate nearest = Classes.Accuracy(new NearestNeighbours(codes).Classify(unseen, trained, k), tested);
        Estimate linear = Classes.Accuracy(LogisticRegression.Fit(codes, trained, decay).Classify(unseen), tested);
        KMeans means = KMeans.Fit(codes, clusters, run.Rng.Split("k-means"));
        int[] cluster = means.Assign(unseen), majority = Classes.Majority(means.Assign(codes), trained, clusters);
        Estimate clustered = Classes.Accuracy(Array.ConvertAll(cluster, c => majority[c]), tested);
        double information = Classes.NormalizedMutualInformation(cluster, tested);

        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("train_count", train.Count);
        result.Add("test_count", test.Count, "codes", string.Create(CultureInfo.InvariantCulture, $"{train.Count:N0} " +
            $"of {run.Config.Data.Name} train for fitting, {test.Count:N0} of test for testing; {classes} classes"));
        result.Add("classes", classes);
        if (run.Model.Context > 0)
        {
            Message.Warn("the encoder of this conditional model gets the class as an input, so its codes may or may " +
                "not contain the class. These numbers show which is the case. They do not measure how good the codes " +
                "are.");
        }

        result.AddShare("nearest_neighbours", nearest, "k-NN", FormattableString.Invariant($"correct, k = {k}"));
        result.Add("k", k);
        result.AddShare("linear", linear, "linear",
            FormattableString.Invariant($"correct, multinomial logistic regression, decay {decay}"));
        result.Add("decay", decay);
        result.AddShare("k_means", clustered, "k-means", FormattableString.Invariant(
            $"correct, {clusters} clusters; a cluster predicts the most frequent class of its training codes"));
        result.Add("clusters", clusters);
        result.Add("nmi", information, "NMI",
            FormattableString.Invariant($"{information:F3}, normalised mutual information of clusters and classes"));
        return result.Print();
    }

    /// <summary>The data that have a label.</summary>
    private static Dataset Labelled(TrainedRun run, Dataset data, string part)
    {
        ReadOnlyMemory<int> labels = run.LabelsOf(data).ToArray();
        int[] labelled = [.. Enumerable.Range(0, data.Count).Where(i => labels.Span[i] >= 0)];
        if (labelled.Length == data.Count) return data;
        if (labelled.Length == 0)
        {
            throw new InvalidDataFileException(
                run.Config.Data.Name, $"none of its {part} data has a label, but this command needs the classes.");
        }

        Message.Note(FormattableString.Invariant(
            $"{data.Count - labelled.Length:N0} of {data.Count:N0} {part} data have no label and are left out"));
        return data.Subset(labelled);
    }

    /// <summary>Says so where a label of a table looks like a mark of rows without a label.</summary>
    private static void NoteMark(TableSchema? schema)
    {
        string? mark = schema?.Labels.FirstOrDefault(label => label is "-1" or "unlabelled" or "unlabeled");
        if (mark is null) return;
        Message.Note($"the label '{mark}' of column '{schema!.Label}' is a class like the others; leave the cells of " +
            "rows without a label empty, and train again");
    }
}

using Reparam.Configuration;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>
/// Train on synthetic, test on real (Esteban, Hyland and Raetsch 2017): how well a model of one column, given the
/// others, that is trained on synthetic rows predicts real rows, beside the same model trained on equally many real
/// rows. The model is <see cref="BoostedTrees"/>. With held-out rows, these are predicted. Without them all real rows
/// are: by the model of the synthetic rows, and, in five folds, by models of the other real rows.
/// </summary>
/// <param name="Column">The column that is predicted.</param>
/// <param name="IsAccuracy">Whether the scores are the accuracy of classes. Otherwise they are R^2 = 1 - sum (y -
/// f(x))^2 / sum (y - mean y)^2 of numbers.</param>
/// <param name="Synthetic">The score of the model that is trained on synthetic rows, with its standard error over the
/// rows that are predicted.</param>
/// <param name="Real">The score of the model that is trained on real rows.</param>
/// <param name="Baseline">The score without a model: the share of the most frequent class; 0 for R^2.</param>
/// <param name="TrainedOn">The number of rows that each model is trained on.</param>
/// <param name="UsesHeldOut">Whether held-out rows are predicted.</param>
public sealed record TargetTransfer(string Column, bool IsAccuracy, Estimate Synthetic, Estimate Real, double Baseline,
    int TrainedOn, bool UsesHeldOut)
{
    private const int MostRows = 5000, Folds = 5, MostClasses = 50, LeastRows = 5;

    /// <summary>The position of a target among the columns.</summary>
    /// <exception cref="InvalidConfigException">There is no such column, or it has more than 50 levels.</exception>
    internal static int Find(TableSchema schema, string target)
    {
        int at = schema.Modelled.ToList().FindIndex(c => c.Name == target);
        if (at < 0)
        {
            throw new InvalidConfigException($"The target '{target}' is not a column that is compared." +
                Suggestion.For(target, schema.Modelled.Select(c => c.Name)));
        }

        TableColumn column = schema.Modelled[at];
        return column.Kind != ColumnKind.Category || column.Levels.Count is > 1 and <= MostClasses ? at
            : throw new InvalidConfigException($"The target '{target}' has {column.Levels.Count} different values; a " +
                $"category that is predicted has 2 to {MostClasses}.");
    }

    internal static TargetTransfer Of(
        IReadOnlyList<ComparedColumn> columns, int target, Rng rng, CancellationToken cancellation)
    {
        ComparedColumn asked = columns[target];
        ComparedColumn[] others = [.. columns.Where((_, c) => c != target)];
        bool usesHeldOut = asked.HeldOut.Length > 0;
        int[] real = Rows(asked.Real, rng.Split("real")), synthetic = Rows(asked.Synthetic, rng.Split("synthetic")),
            tested = usesHeldOut ? Rows(asked.HeldOut, rng.Split("held-out")) : real;
        int least = usesHeldOut ? real.Length : real.Length - (real.Length + Folds - 1) / Folds;
        int size = Math.Min(least, synthetic.Length);
        if (others.Length == 0)
            throw new InvalidConfigException($"No other column than the target '{asked.Column.Name}' is compared.");
        if (Math.Min(size, tested.Length) < LeastRows)
        {
            throw new InvalidConfigException($"The target '{asked.Column.Name}' has fewer than {LeastRows} values in " +
                "one of the tables; choose another column.");
        }

        var model = new Model(asked, others, size, cancellation);
        double[] bySynthetic = model.Predict(
            c => c.Synthetic, synthetic, c => usesHeldOut ? c.HeldOut : c.Real, tested);
        double[] byReal = new double[tested.Length];
        if (usesHeldOut) byReal = model.Predict(c => c.Real, real, c => c.HeldOut, tested);
        else
        {
            Parallel.For(0, Folds, TwoSampleTest.Options(cancellation), fold =>
            {
                int[] places = [.. Enumerable.Range(0, real.Length).Where(i => i % Folds == fold)];
                int[] train = [.. real.Where((_, i) => i % Folds != fold)];
                double[] predicted = model.Predict(
                    c => c.Real, train, c => c.Real, Array.ConvertAll(places, i => real[i]));
                for (int i = 0; i < places.Length; i++) byReal[places[i]] = predicted[i];
            });
        }

        double[] truth = Array.ConvertAll(tested, r => (usesHeldOut ? asked.HeldOut : asked.Real)[r]);
        double baseline = asked.HasLevels ? asked.Counts(truth).Max() / (double)truth.Length : 0;
        return new TargetTransfer(asked.Column.Name, asked.HasLevels, Score(truth, bySynthetic, asked.HasLevels),
            Score(truth, byReal, asked.HasLevels), baseline, size, usesHeldOut);
    }

    /// <summary>At most 5,000 rows whose target is known, in random order.</summary>
    private static int[] Rows(double[] target, Rng rng) =>
        [.. rng.Permutation(target.Length).Where(r => !double.IsNaN(target[r])).Take(MostRows)];

    private static Estimate Score(double[] truth, double[] predicted, bool isAccuracy)
    {
        if (isAccuracy)
            return Estimate.Of([.. truth.Zip(predicted, (y, f) => y == f ? 1.0 : 0.0)], 1);
        double mean = truth.Average(), spread = truth.Average(y => (y - mean) * (y - mean));
        if (spread == 0) return new Estimate(double.NaN, double.NaN, truth.Length, 1);
        // The standard error is that of a ratio of two means, to first order.
        double ratio = truth.Zip(predicted, (y, f) => (y - f) * (y - f)).Average() / spread;
        Estimate terms = Estimate.Of(
            [.. truth.Zip(predicted, (y, f) => ((y - f) * (y - f) - ratio * (y - mean) * (y - mean)) / spread)], 1);
        return terms with { Mean = 1 - ratio };
    }

    private sealed record Model(
        ComparedColumn Target, ComparedColumn[] Others, int Size, CancellationToken Cancellation)
    {
        /// <summary>Predictions of the target in rows of one table by a model of the first rows of another.</summary>
        public double[] Predict(Func<ComparedColumn, double[]> from, int[] train, Func<ComparedColumn, double[]> to,
            int[] test)
        {
            train = train[..Math.Min(Size, train.Length)];
            FeatureTable known = TwoSampleTest.Features(Others, from).Subset(train),
                asked = TwoSampleTest.Features(Others, to).Subset(test);
            double[] targets = Array.ConvertAll(train, r => from(Target)[r]);
            return Target.HasLevels
                ? Array.ConvertAll(BoostedTrees.FitClasses(known, Array.ConvertAll(targets, t => (int)t), Target.Levels,
                    Cancellation).Classify(asked), k => (double)k)
                : Array.ConvertAll(BoostedTrees.FitNumbers(known, targets, Cancellation).Scores(asked), s => s[0]);
        }
    }
}

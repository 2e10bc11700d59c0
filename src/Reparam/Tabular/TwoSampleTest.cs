using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>
/// The classifier two-sample test (Lopez-Paz and Oquab 2017): how well a classifier tells synthetic rows from real ones
/// that it has not seen. The classifier is <see cref="BoostedTrees"/>; equally many rows of both tables are dealt to
/// five folds, and the rows of each fold are classified by the trees of the other folds.
/// </summary>
/// <param name="RocAuc">The mean over the folds of the area under the ROC curve. It is 0.5 if the tables cannot be told
/// apart and 1 if all rows can. It is clearly below 0.5 if rows of the tables are near copies of each other: the
/// classifier has seen the copy of a row with the other mark.</param>
/// <param name="StandardError">The standard error of <paramref name="RocAuc"/>: the root of (1/5 + 1/4) v, where v is
/// the mean variance of the area of a fold (DeLong et al. 1988). The term 1/4 is for the rows that the classifiers of
/// the folds share (Nadeau and Bengio 2003); without it, tables of one source would differ too often.</param>
/// <param name="PValue">The probability of an area at least as large as this one if both tables have one distribution,
/// by a normal approximation with the same factor and the variance of the Mann-Whitney statistic.</param>
/// <param name="Rows">The number of rows of each table.</param>
/// <param name="Importance">The share of each column in what tells the tables apart, the largest first.</param>
public sealed record TwoSampleTest(double RocAuc, double StandardError, double PValue, int Rows,
    IReadOnlyList<(string Column, double Share)> Importance)
{
    private const int MostRows = 5000, Folds = 5;

    internal static TwoSampleTest Of(IReadOnlyList<ComparedColumn> columns, Rng rng, CancellationToken cancellation)
    {
        int rows = Math.Min(MostRows, Math.Min(columns[0].Real.Length, columns[0].Synthetic.Length));
        int[] real = rng.Split("real").Permutation(columns[0].Real.Length)[..rows],
            synthetic = rng.Split("synthetic").Permutation(columns[0].Synthetic.Length)[..rows];
        FeatureTable all = Features(columns, c => c.Real).Subset(real).Concat(
            Features(columns, c => c.Synthetic).Subset(synthetic));
        var areas = new (double Area, double Variance, double Null)[Folds];
        var gains = new IReadOnlyList<double>[Folds];
        Parallel.For(0, Folds, Options(cancellation), fold =>
        {
            // The rows are in random order, so that each fifth one is a random fold.
            int[] test = [.. Enumerable.Range(0, 2 * rows).Where(i => i % rows % Folds == fold)],
                train = [.. Enumerable.Range(0, 2 * rows).Where(i => i % rows % Folds != fold)];
            var trees = BoostedTrees.FitClasses(
                all.Subset(train), Array.ConvertAll(train, i => i < rows ? 0 : 1), 2, cancellation);
            double[] scores = Array.ConvertAll(trees.Scores(all.Subset(test)), s => s[0]);
            areas[fold] = Area(scores[(test.Length / 2)..], scores[..(test.Length / 2)]);
            gains[fold] = trees.Importance;
        });
        const double shared = 1.0 / Folds + 1.0 / (Folds - 1);
        double area = areas.Average(a => a.Area), zero = Math.Sqrt(shared * areas.Average(a => a.Null));
        return new TwoSampleTest(area, Math.Sqrt(shared * areas.Average(a => a.Variance)),
            PortableMath.Erfc((area - 0.5) / zero / Math.Sqrt(2)) / 2, rows,
            [.. columns.Select((c, i) => (c.Column.Name, gains.Average(g => g[i]))).OrderByDescending(c => c.Item2)]);
    }

    /// <summary>The columns as features of trees.</summary>
    internal static FeatureTable Features(
        IEnumerable<ComparedColumn> columns, Func<ComparedColumn, double[]> cells) => new(
            [.. columns.Select(cells)], [.. columns.Select(c => c.HasLevels && !c.IsOrdered ? c.Levels : 0)]);

    internal static ParallelOptions Options(CancellationToken cancellation) => new()
    {
        MaxDegreeOfParallelism = Execution.Threads, CancellationToken = cancellation,
    };

    /// <summary>The area under the ROC curve, its variance by DeLong's method, and its variance if both samples have
    /// one distribution without ties.</summary>
    internal static (double Area, double Variance, double Null) Area(double[] positive, double[] negative)
    {
        // The place of a score: the share of the other sample below it, with ties counted as one half. Among the scores
        // of both samples the rank of a score is the sum of its ranks in the samples.
        double[] all = Association.Ranks([.. positive, .. negative]);
        double[] above = Places(positive, all.AsSpan(0, positive.Length), negative.Length),
            below = Places(negative, all.AsSpan(positive.Length), positive.Length);
        double area = above.Average();
        return (area, Variance(above) / positive.Length + Variance(below) / negative.Length,
            (positive.Length + negative.Length + 1.0) / (12.0 * positive.Length * negative.Length));

        static double[] Places(double[] scores, ReadOnlySpan<double> ranks, int others)
        {
            double[] own = Association.Ranks(scores), places = new double[own.Length];
            for (int i = 0; i < own.Length; i++) places[i] = (ranks[i] - own[i]) / others;
            return places;
        }

        static double Variance(double[] values)
        {
            double mean = values.Average();
            return values.Length < 2 ? 0 : values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
        }
    }
}

using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>
/// Gradient boosting of small trees (Friedman 2001) with second-order steps (Chen and Guestrin 2016), for classes or
/// for numbers: F(x) = b + sum_t rate f_t(x), where each tree f_t minimises the quadratic approximation of the loss at
/// the trees before it. The loss is the cross-entropy of a softmax whose first class has the logit 0, or the squared
/// error. Nothing is random: the same data give the same bits on every machine.
/// </summary>
/// <remarks>
/// A feature of numbers is cut into at most 63 bins at its quantiles. A feature of categories keeps its 62 most
/// frequent categories, and a split puts any set of them on one side: the best set is found along the order of their
/// mean gradients (Fisher 1958). Missing values go to the side that suits the loss. Features need no scaling.
/// </remarks>
public sealed class BoostedTrees
{
    private const int Rounds = 100, Depth = 3, LeastRows = 10;
    private const double Rate = 0.1, Shrinkage = 1; // the penalty on the squares of a tree's values

    // The last bin holds missing values.
    private const int Bins = 64, Missing = Bins - 1;
    private const int Nodes = (1 << (Depth + 1)) - 1;

    private readonly Binning[] _binnings;
    private readonly double[] _start;
    private readonly List<Tree> _trees = [];
    private readonly double[] _gains;

    private BoostedTrees(FeatureTable features, double[] start)
    {
        _binnings = [.. features.Columns.Select((column, c) => new Binning(column, features.Levels[c]))];
        (_start, _gains) = (start, new double[_binnings.Length]);
    }

    /// <summary>The share of each feature in the decrease of the loss by all splits; 0 if there is no split.</summary>
    public IReadOnlyList<double> Importance => _gains.Sum() is > 0 and double sum ? [.. _gains.Select(g => g / sum)]
        : [.. _gains.Select(_ => 0.0)];

    /// <summary>Fits a classifier.</summary>
    /// <param name="features">The features of N data.</param>
    /// <param name="labels">The class of each data point, from 0.</param>
    /// <param name="classes">The number of classes C, at least 2.</param>
    /// <param name="cancellation">Stops between trees, with an exception.</param>
    /// <exception cref="ArgumentException">There is not one label for each data point, or a label is not one of the
    /// classes.</exception>
    public static BoostedTrees FitClasses(
        FeatureTable features, ReadOnlySpan<int> labels, int classes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        RequireCount(features, labels.Length);
        if (Classes.CountOf(labels) > classes)
            throw new ArgumentException($"A label is not one of the classes 0 to {classes - 1}.", nameof(labels));
        int[] marks = labels.ToArray();
        double[] counts = new double[classes];
        foreach (int label in marks) counts[label]++;
        double[] start = [.. counts.Skip(1).Select(n => PortableMath.Log((n + 1) / (counts[0] + 1)))];
        var trees = new BoostedTrees(features, start);
        double[] probabilities = new double[start.Length];
        trees.Train(features, (row, scores, gradient, curvature) =>
        {
            Probabilities(scores, probabilities);
            for (int k = 0; k < probabilities.Length; k++)
            {
                gradient[k] = probabilities[k] - (marks[row] == k + 1 ? 1 : 0);
                curvature[k] = probabilities[k] * (1 - probabilities[k]);
            }
        }, cancellation);
        return trees;
    }

    /// <summary>Fits a regression.</summary>
    /// <param name="features">The features of N data.</param>
    /// <param name="targets">The number of each data point, finite.</param>
    /// <param name="cancellation">Stops between trees, with an exception.</param>
    /// <exception cref="ArgumentException">There is not one number for each data point.</exception>
    public static BoostedTrees FitNumbers(
        FeatureTable features, ReadOnlySpan<double> targets, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        RequireCount(features, targets.Length);
        double[] numbers = targets.ToArray();
        var trees = new BoostedTrees(features, [numbers.Average()]);
        trees.Train(features, (row, scores, gradient, curvature) =>
            (gradient[0], curvature[0]) = (scores[0] - numbers[row], 1), cancellation);
        return trees;
    }

    /// <summary>F(x) of each data point: the C - 1 logits of the classes after the first, against the first, or the
    /// number of a regression.</summary>
    /// <exception cref="ArgumentException">The features are not those of the fit.</exception>
    public double[][] Scores(FeatureTable features)
    {
        ArgumentNullException.ThrowIfNull(features);
        byte[][] bins = Binned(features);
        double[][] scores = [.. Enumerable.Range(0, features.Count).Select(_ => (double[])_start.Clone())];
        for (int t = 0; t < _trees.Count; t++)
        {
            int output = t % _start.Length;
            for (int row = 0; row < scores.Length; row++) scores[row][output] += _trees[t].ValueOf(bins, row);
        }

        return scores;
    }

    /// <summary>The most probable class of each data point.</summary>
    /// <exception cref="ArgumentException">The features are not those of the fit.</exception>
    public int[] Classify(FeatureTable features) => Array.ConvertAll(Scores(features), logits =>
    {
        double largest = Math.Max(0, logits.Max());
        return largest == 0 ? 0 : Array.IndexOf(logits, largest) + 1;
    });

    private delegate void Loss(int row, double[] scores, Span<double> gradient, Span<double> curvature);

    private static void RequireCount(FeatureTable features, int count)
    {
        if (features.Count == 0 || features.Count != count)
            throw new ArgumentException($"Got {features.Count} rows and {count} targets; give one each.");
    }

    private static void Probabilities(double[] logits, double[] probabilities)
    {
        double largest = Math.Max(0, logits.Max()), sum = PortableMath.Exp(-largest);
        for (int k = 0; k < logits.Length; k++) sum += probabilities[k] = PortableMath.Exp(logits[k] - largest);
        for (int k = 0; k < logits.Length; k++) probabilities[k] /= sum;
    }

    private byte[][] Binned(FeatureTable features) => features.Columns.Count == _binnings.Length
        ? [.. _binnings.Select((binning, c) => binning.Of(features.Columns[c]))]
        : throw new ArgumentException($"Got {features.Columns.Count} features, not {_binnings.Length}.");

    private void Train(FeatureTable features, Loss loss, CancellationToken cancellation)
    {
        byte[][] bins = Binned(features);
        int outputs = _start.Length, count = features.Count;
        double[][] scores = [.. Enumerable.Range(0, count).Select(_ => (double[])_start.Clone())];
        double[] gradients = new double[count * outputs], curvatures = new double[count * outputs];
        double[] gradient = new double[count], curvature = new double[count];
        for (int round = 0; round < Rounds; round++)
        {
            for (int row = 0; row < count; row++)
            {
                loss(row, scores[row], gradients.AsSpan(row * outputs, outputs),
                    curvatures.AsSpan(row * outputs, outputs));
            }

            for (int k = 0; k < outputs; k++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int row = 0; row < count; row++)
                    (gradient[row], curvature[row]) = (gradients[row * outputs + k], curvatures[row * outputs + k]);
                var tree = new Tree();
                Grow(tree, 0, [.. Enumerable.Range(0, count)], bins, gradient, curvature);
                _trees.Add(tree);
                for (int row = 0; row < count; row++) scores[row][k] += tree.ValueOf(bins, row);
            }
        }
    }

    /// <summary>Grows the part of a tree below a node that holds the given rows.</summary>
    private void Grow(Tree tree, int node, int[] rows, byte[][] bins, double[] gradient, double[] curvature)
    {
        var total = new Sums();
        foreach (int row in rows) total.Add(gradient[row], curvature[row]);
        tree.Values[node] = -Rate * total.Gradient / (total.Curvature + Shrinkage);
        if (2 * node + 1 >= Nodes || rows.Length < 2 * LeastRows) return;
        (double best, int feature, ulong left) = (1e-9, -1, 0);
        Span<Sums> sums = stackalloc Sums[Bins];
        for (int c = 0; c < bins.Length; c++)
        {
            sums.Clear();
            byte[] column = bins[c];
            foreach (int row in rows) sums[column[row]].Add(gradient[row], curvature[row]);
            (double gain, ulong set) = _binnings[c].Split(sums, total);
            if (gain > best) (best, feature, left) = (gain, c, set);
        }

        if (feature < 0) return;
        _gains[feature] += best;
        (tree.Features[node], tree.Left[node]) = (feature, left);
        byte[] chosen = bins[feature];
        Grow(tree, 2 * node + 1, [.. rows.Where(r => (left >> chosen[r] & 1) == 1)], bins, gradient, curvature);
        Grow(tree, 2 * node + 2, [.. rows.Where(r => (left >> chosen[r] & 1) == 0)], bins, gradient, curvature);
    }

    /// <summary>Sums over the rows of a node or of a bin.</summary>
    private record struct Sums
    {
        public double Gradient, Curvature;
        public int Count;

        /// <summary>Twice the decrease of the loss by the best value for these rows.</summary>
        public readonly double Gain => Gradient * Gradient / (Curvature + Shrinkage);

        public void Add(double gradient, double curvature)
        {
            Gradient += gradient;
            Curvature += curvature;
            Count++;
        }

        public void Add(in Sums other)
        {
            Gradient += other.Gradient;
            Curvature += other.Curvature;
            Count += other.Count;
        }

        public readonly Sums Minus(in Sums other) => new()
        {
            Gradient = Gradient - other.Gradient, Curvature = Curvature - other.Curvature, Count = Count - other.Count,
        };
    }

    /// <summary>A binary tree in an array: the children of node i are 2i + 1 and 2i + 2.</summary>
    private sealed class Tree
    {
        /// <summary>The feature that splits a node; -1 for a leaf.</summary>
        public int[] Features { get; } = [.. Enumerable.Repeat(-1, Nodes)];

        /// <summary>The bins whose rows go to the left child, a bit each.</summary>
        public ulong[] Left { get; } = new ulong[Nodes];

        public double[] Values { get; } = new double[Nodes];

        public double ValueOf(byte[][] bins, int row)
        {
            int node = 0;
            while (Features[node] >= 0)
                node = 2 * node + ((Left[node] >> bins[Features[node]][row] & 1) == 1 ? 1 : 2);
            return Values[node];
        }
    }

    /// <summary>The bins of a feature.</summary>
    private sealed class Binning
    {
        private readonly double[] _edges = []; // of numbers: bin i holds the numbers up to edge i
        private readonly byte[]? _codes; // of categories

        public Binning(double[] column, int levels)
        {
            double[] known = [.. column.Where(v => !double.IsNaN(v)).Order()];
            if (levels == 0)
            {
                double[] distinct = [.. known.Distinct()];
                _edges = distinct.Length <= Missing ? [.. distinct.SkipLast(1)] : [.. Enumerable.Range(1, Missing - 1)
                    .Select(i => known[(int)((long)i * known.Length / Missing)]).Distinct()];
                return;
            }

            int[] counts = new int[levels];
            foreach (double value in known) counts[(int)value]++;
            _codes = new byte[levels];
            // All categories after the most frequent ones share a bin.
            foreach ((int rank, int level) in Enumerable.Range(0, levels).OrderByDescending(l => counts[l]).Index())
                _codes[level] = (byte)Math.Min(rank, Missing - 1);
        }

        public byte[] Of(double[] column) => Array.ConvertAll(column, Bin);

        /// <summary>The best split by this feature: the decrease of twice the loss, and the bins on the left.</summary>
        public (double Gain, ulong Left) Split(ReadOnlySpan<Sums> sums, in Sums total)
        {
            Span<byte> order = stackalloc byte[Bins];
            int bins = 0;
            for (int bin = 0; bin < (_codes is null ? Missing : Bins); bin++)
            {
                if (sums[bin].Count > 0) order[bins++] = (byte)bin;
            }

            (double Gain, ulong Left) best;
            if (_codes is not null)
            {
                Span<double> means = stackalloc double[bins];
                for (int i = 0; i < bins; i++)
                    means[i] = sums[order[i]].Gradient / (sums[order[i]].Curvature + Shrinkage);
                means.Sort(order[..bins]);
                best = Along(order[..bins], sums, total, default, 0);
            }
            else
            {
                best = Along(order[..bins], sums, total, default, 0);
                if (sums[Missing].Count > 0)
                {
                    (double Gain, ulong Left) left = Along(
                        order[..bins], sums, total, sums[Missing], 1UL << Missing);
                    if (left.Gain > best.Gain) best = left;
                }
            }

            return (best.Gain, WithAbsent(best.Left, sums, total.Count));
        }

        /// <summary>The best of the splits that put the first bins of an order on the left.</summary>
        private (double Gain, ulong Left) Along(
            ReadOnlySpan<byte> order, ReadOnlySpan<Sums> sums, in Sums total, Sums left, ulong set)
        {
            (double Gain, ulong Left) best = default;
            foreach (byte bin in order)
            {
                left.Add(sums[bin]);
                // Numbers below the bin go to the left even if no row of the node has them.
                set |= _codes is null ? (2UL << bin) - 1 : 1UL << bin;
                Sums right = total.Minus(left);
                if (left.Count < LeastRows || right.Count < LeastRows) continue;
                double gain = left.Gain + right.Gain - total.Gain;
                if (gain > best.Gain) best = (gain, set);
            }

            return best;
        }

        /// <summary>A split that also says where categories and missing values go that no row of the node has: to the
        /// side with more rows.</summary>
        private ulong WithAbsent(ulong left, ReadOnlySpan<Sums> sums, int count)
        {
            int onLeft = 0;
            ulong absent = 0;
            for (int bin = 0; bin < Bins; bin++)
            {
                if (sums[bin].Count == 0 && (_codes is not null || bin == Missing)) absent |= 1UL << bin;
                else if ((left >> bin & 1) == 1) onLeft += sums[bin].Count;
            }

            return 2 * onLeft > count ? left | absent : left & ~absent;
        }

        private byte Bin(double value)
        {
            if (double.IsNaN(value)) return Missing;
            if (_codes is not null) return _codes[(int)value];
            int at = Array.BinarySearch(_edges, value);
            return (byte)(at >= 0 ? at : ~at);
        }
    }
}

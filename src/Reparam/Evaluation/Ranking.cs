namespace Reparam.Evaluation;

/// <summary>How well a score ranks positive data above negative data.</summary>
/// <param name="RocAuc">The area under the ROC curve: the probability that a positive data point has a larger score
/// than a negative one, with ties counted as one half.</param>
/// <param name="AveragePrecision">The mean of the precision over the positive data, from the largest score on, with
/// tied scores taken together.</param>
public readonly record struct Ranking(double RocAuc, double AveragePrecision)
{
    /// <summary>The ranking by <paramref name="scores"/>.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or there are no positive or no negative
    /// data.</exception>
    public static Ranking Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> isPositive)
    {
        if (scores.Length != isPositive.Length)
            throw new ArgumentException($"Got {scores.Length} scores and {isPositive.Length} marks; give one each.");
        double[] keys = scores.ToArray();
        bool[] marks = isPositive.ToArray();
        Array.Sort(keys, marks);
        long positives = marks.LongCount(m => m), negatives = marks.Length - positives;
        if (positives == 0 || negatives == 0)
            throw new ArgumentException("A ranking needs positive and negative data.", nameof(isPositive));
        double area = 0, precision = 0;
        long above = 0, seen = 0;
        // From the largest score down; data with one score form a group.
        for (int end = keys.Length; end > 0;)
        {
            int start = end - 1;
            while (start > 0 && keys[start - 1] == keys[end - 1]) start--;
            long hits = 0;
            for (int i = start; i < end; i++) hits += marks[i] ? 1 : 0;
            area += (end - start - hits) * (above + hits / 2.0);
            above += hits;
            seen += end - start;
            precision += hits * ((double)above / seen);
            end = start;
        }

        return new Ranking(area / positives / negatives, precision / positives);
    }
}

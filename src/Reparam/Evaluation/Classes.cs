namespace Reparam.Evaluation;

/// <summary>Functions of class labels: the number of classes, and measures of agreement of two labellings.</summary>
public static class Classes
{
    /// <summary>Number of classes: the largest label plus one.</summary>
    /// <exception cref="ArgumentException">A label is negative.</exception>
    public static int CountOf(ReadOnlySpan<int> labels)
    {
        int largest = -1;
        foreach (int label in labels)
        {
            if (label < 0) throw new ArgumentException($"Labels must be classes from 0, not {label}.", nameof(labels));
            largest = Math.Max(largest, label);
        }

        return checked(largest + 1);
    }

    /// <summary>The fraction of data whose predicted class is the true class, with its standard error.</summary>
    /// <exception cref="ArgumentException">The two labellings have different lengths or are empty.</exception>
    public static Estimate Accuracy(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels)
    {
        RequireSameLength(predicted, labels);
        double[] right = new double[labels.Length];
        for (int i = 0; i < right.Length; i++) right[i] = predicted[i] == labels[i] ? 1 : 0;
        return Estimate.Of(right, samples: 1);
    }

    /// <summary>The most frequent class among the members of each cluster. Of equally frequent classes it is the
    /// lowest. It is 0 for a cluster without members.</summary>
    /// <param name="clusters">The cluster of each data point, from 0.</param>
    /// <param name="labels">The class of each data point, from 0.</param>
    /// <param name="count">Number of clusters.</param>
    /// <exception cref="ArgumentException">The two labellings have different lengths or are empty.</exception>
    public static int[] Majority(ReadOnlySpan<int> clusters, ReadOnlySpan<int> labels, int count)
    {
        RequireSameLength(clusters, labels);
        int[,] counts = Contingency(clusters, labels, count);
        int[] majority = new int[count];
        for (int k = 0; k < count; k++)
        {
            for (int c = 1; c < counts.GetLength(1); c++)
            {
                if (counts[k, c] > counts[k, majority[k]]) majority[k] = c;
            }
        }

        return majority;
    }

    /// <summary>
    /// The normalised mutual information of two labellings, 2 I(A; B) / (H(A) + H(B)). It is 0 if the labellings are
    /// independent, and 1 if each labelling determines the other; the names of the labels do not matter. It is also 1
    /// if both labellings have a single class.
    /// </summary>
    /// <exception cref="ArgumentException">The two labellings have different lengths or are empty.</exception>
    public static double NormalizedMutualInformation(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        RequireSameLength(a, b);
        int[,] counts = Contingency(a, b, CountOf(a));
        int rows = counts.GetLength(0), columns = counts.GetLength(1);
        int[] ofA = new int[rows], ofB = new int[columns];
        double joint = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                ofA[i] += counts[i, j];
                ofB[j] += counts[i, j];
                joint += Entropy(counts[i, j], a.Length);
            }
        }

        int total = a.Length;
        double entropies = ofA.Sum(n => Entropy(n, total)) + ofB.Sum(n => Entropy(n, total));
        return entropies == 0 ? 1 : Math.Max(0, 2 * (entropies - joint) / entropies);
    }

    private static double Entropy(int count, int total)
    {
        double p = (double)count / total;
        return count == 0 ? 0 : -p * Tensors.PortableMath.Log(p);
    }

    private static int[,] Contingency(ReadOnlySpan<int> a, ReadOnlySpan<int> b, int rows)
    {
        int[,] counts = new int[rows, CountOf(b)];
        for (int i = 0; i < a.Length; i++) counts[a[i], b[i]]++;
        return counts;
    }

    private static void RequireSameLength(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a.Length != b.Length || a.IsEmpty)
        {
            throw new ArgumentException(
                $"Two labellings of the same data must have the same length of at least 1, not {a.Length} and " +
                $"{b.Length}.");
        }
    }
}

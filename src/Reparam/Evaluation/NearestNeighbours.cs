using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>
/// Finds the nearest points by Euclidean distance. The search is exhaustive, in Float64: |q - p|^2 = |q|^2 - 2 q.p +
/// |p|^2 is computed by a matrix product for one block of queries at a time. For unit vectors the order is that of the
/// cosine distance, because 1 - cos is half of |q - p|^2.
/// </summary>
public sealed class NearestNeighbours
{
    private const int QueriesAtOnce = 256;

    private readonly Tensor _points, _mean, _squares;

    /// <summary>A search among the points [N, D]; the points are copied.</summary>
    /// <exception cref="ArgumentException">The points are not a matrix, or there are no points.</exception>
    public NearestNeighbours(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Rank != 2 || points.Shape[0] == 0)
        {
            throw new ArgumentException(
                $"Points must be rows [N, D] with N of at least 1, not {points.Shape}.", nameof(points));
        }

        Tensor exact = points.To(DType.Float64);
        // Distances do not depend on the origin. With the mean as the origin, the three terms cancel least.
        _mean = exact.Mean(0).Keep();
        _points = (exact - _mean).Keep();
        _squares = _points.Square().Sum(1).Keep();
    }

    /// <summary>Number of points.</summary>
    public int Count => _points.Shape[0];

    /// <summary>The nearest points of each query, nearest first. Of points at equal distance the one with the lower
    /// index comes first.</summary>
    /// <param name="queries">Queries [M, D].</param>
    /// <param name="count">Number of points for each query, from 1 to <see cref="Count"/>.</param>
    /// <exception cref="ArgumentException">The queries are not a matrix with the dimension D of the points.</exception>
    public IReadOnlyList<IReadOnlyList<Neighbour>> Find(Tensor queries, int count)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        if (queries.Rank != 2 || queries.Shape[1] != _points.Shape[1])
        {
            throw new ArgumentException(
                $"Queries must be rows of {_points.Shape[1]} numbers, not {queries.Shape}.", nameof(queries));
        }

        var found = new List<Neighbour[]>(queries.Shape[0]);
        for (int start = 0; start < queries.Shape[0]; start += QueriesAtOnce)
        {
            using var scope = new TensorScope();
            Tensor block = queries.Slice(0, start, Math.Min(QueriesAtOnce, queries.Shape[0] - start)).To(
                DType.Float64) - _mean;
            ReadOnlySpan<double> squares = (_squares - Tensor.MatMul(
                block, _points, transposeB: true) * 2 + block.Square().Sum(1, keepAxis: true)).AsSpan<double>();
            for (int i = 0; i < block.Shape[0]; i++) found.Add(Nearest(squares.Slice(i * Count, Count), count));
        }

        return found;
    }

    /// <summary>The most frequent class among the nearest points of each query. Of equally frequent classes it is the
    /// class of the nearest point.</summary>
    /// <param name="queries">Queries [M, D].</param>
    /// <param name="labels">The class of each point, from 0.</param>
    /// <param name="count">k, the number of points that vote.</param>
    /// <exception cref="ArgumentException">There is not one label for each point.</exception>
    public int[] Classify(Tensor queries, ReadOnlySpan<int> labels, int count)
    {
        if (labels.Length != Count)
            throw new ArgumentException($"There must be one label for each of the {Count} points, not " +
                $"{labels.Length} labels.", nameof(labels));
        int[] votes = new int[Classes.CountOf(labels)];
        IReadOnlyList<IReadOnlyList<Neighbour>> all = Find(queries, count);
        int[] classes = new int[all.Count];
        for (int i = 0; i < classes.Length; i++)
        {
            Array.Clear(votes);
            foreach (Neighbour neighbour in all[i]) votes[labels[neighbour.Index]]++;
            int best = 0;
            foreach (Neighbour neighbour in all[i])
            {
                int label = labels[neighbour.Index];
                if (votes[label] <= best) continue;
                (best, classes[i]) = (votes[label], label);
            }
        }

        return classes;
    }

    private static Neighbour[] Nearest(ReadOnlySpan<double> squares, int count)
    {
        var nearest = new Neighbour[count];
        int kept = 0;
        for (int j = 0; j < squares.Length; j++)
        {
            if (kept == count && !(squares[j] < nearest[^1].Distance)) continue;
            int at = kept < count ? kept++ : count - 1;
            for (; at > 0 && squares[j] < nearest[at - 1].Distance; at--) nearest[at] = nearest[at - 1];
            nearest[at] = new Neighbour(j, squares[j]);
        }

        for (int i = 0; i < count; i++)
            nearest[i] = nearest[i] with { Distance = Math.Sqrt(Math.Max(nearest[i].Distance, 0)) };
        return nearest;
    }
}

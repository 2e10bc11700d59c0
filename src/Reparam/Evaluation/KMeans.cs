using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>
/// K-means clustering: finds centres with a small sum of squared distances between the points and their nearest centre.
/// It runs Lloyd's steps from several k-means++ starts and keeps the best result. In a k-means++ start each centre is
/// drawn from the points with probability proportional to the squared distance to the nearest centre so far (Arthur and
/// Vassilvitskii 2007).
/// </summary>
public sealed class KMeans
{
    private const int MostSteps = 300;

    private readonly NearestNeighbours _nearest;

    private KMeans(Tensor centres, double inertia) =>
        (Centres, Inertia, _nearest) = (centres, inertia, new NearestNeighbours(centres));

    /// <summary>The centres [K, D], Float64.</summary>
    public Tensor Centres { get; }

    /// <summary>The sum over the points of the squared distance to the nearest centre.</summary>
    public double Inertia { get; }

    /// <summary>Finds clusters.</summary>
    /// <param name="points">Points [N, D].</param>
    /// <param name="clusters">K, at most N.</param>
    /// <param name="rng">Source of the random starts.</param>
    /// <param name="starts">Number of starts; the result with the smallest inertia is kept.</param>
    /// <exception cref="ArgumentException">The points are not a matrix, or there are fewer than K points.</exception>
    public static KMeans Fit(Tensor points, int clusters, Rng rng, int starts = 10)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfLessThan(clusters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(starts, 1);
        if (points.Rank != 2 || points.Shape[0] < clusters)
        {
            throw new ArgumentException(
                $"{clusters} clusters need at least as many points [N, D], not {points.Shape}.", nameof(points));
        }

        points = points.To(DType.Float64);
        KMeans? best = null;
        for (int i = 0; i < starts; i++)
        {
            KMeans found = Descend(points, Start(points, clusters, rng.At(i)));
            if (best is null || found.Inertia < best.Inertia) best = found;
        }

        return best!;
    }

    /// <summary>The index of the nearest centre of each point [N, D].</summary>
    public int[] Assign(Tensor points) => [.. _nearest.Find(points, 1).Select(nearest => nearest[0].Index)];

    private static Tensor Start(Tensor points, int clusters, Rng rng)
    {
        int count = points.Shape[0];
        List<int> chosen = [rng.NextInt32(count)];
        double[] squares = new double[count];
        Array.Fill(squares, double.PositiveInfinity);
        while (chosen.Count < clusters)
        {
            using var scope = new TensorScope();
            ReadOnlySpan<double> toLast = (points - points.Slice(0, chosen[^1], 1)).Square().Sum(1).AsSpan<double>();
            double total = 0;
            for (int i = 0; i < count; i++) total += squares[i] = Math.Min(squares[i], toLast[i]);
            double left = rng.NextDouble() * total;
            int next = 0;
            while (next < count - 1 && (left -= squares[next]) >= 0) next++;
            chosen.Add(next);
        }

        return Tensor.Concat(0, [.. chosen.Select(i => points.Slice(0, i, 1))]);
    }

    private static KMeans Descend(Tensor points, Tensor centres)
    {
        int count = points.Shape[0], size = points.Shape[1], clusters = centres.Shape[0];
        double[] position = points.ToArray<double>();
        int[] assigned = new int[count];
        Array.Fill(assigned, -1);
        double inertia = 0;
        for (int step = 0; step < MostSteps; step++)
        {
            IReadOnlyList<IReadOnlyList<Neighbour>> nearest = new NearestNeighbours(centres).Find(points, 1);
            inertia = 0;
            bool moved = false;
            for (int i = 0; i < count; i++)
            {
                (int cluster, double distance) = nearest[i][0];
                inertia += distance * distance;
                moved |= cluster != assigned[i];
                assigned[i] = cluster;
            }

            if (!moved) break;
            double[] sums = new double[clusters * size];
            int[] members = new int[clusters];
            for (int i = 0; i < count; i++)
            {
                members[assigned[i]]++;
                for (int j = 0; j < size; j++) sums[assigned[i] * size + j] += position[i * size + j];
            }

            double[] before = centres.ToArray<double>();
            for (int k = 0; k < clusters; k++)
            {
                // A centre without points stays at its place; another start may give a better result.
                for (int j = 0; j < size; j++)
                    sums[k * size + j] = members[k] == 0 ? before[k * size + j] : sums[k * size + j] / members[k];
            }

            centres = Tensor.From(sums, [clusters, size]);
        }

        return new KMeans(centres, inertia);
    }
}

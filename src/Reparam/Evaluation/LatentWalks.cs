using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>Walks through latent space: rows of latent vectors to decode and to look at.</summary>
public static class LatentWalks
{
    private const int Halvings = 60; // of an interval of length pi/2: beyond the last bit of a double

    /// <summary>The straight line between two latent vectors [Z], both ends included: [steps, Z].</summary>
    /// <exception cref="ArgumentException">The arguments are not vectors, or differ in length or element
    /// type.</exception>
    public static Tensor Linear(Tensor from, Tensor to, int steps) => Between(from, to, steps, t => (1 - t, t));

    /// <summary>
    /// The great arc between two latent vectors [Z], both ends included: sin((1-t)w)/sin(w) from + sin(tw)/sin(w) to,
    /// where w is the angle between them (Shoemake 1985; White 2016): [steps, Z]. The arc stays near the radius where a
    /// normal prior has its mass. Parallel, opposite and zero vectors have no unique arc; for these the result is the
    /// straight line.
    /// </summary>
    /// <exception cref="ArgumentException">The arguments are not vectors, or differ in length or element
    /// type.</exception>
    public static Tensor Spherical(Tensor from, Tensor to, int steps)
    {
        RequireVectors(from, to);
        double angle = Angle(from, to);
        double sine = PortableMath.Sin(angle);
        return sine < 1e-6
            ? Linear(from, to, steps)
            : Between(from, to, steps, t => t == 0 ? (1, 0) : t == 1 ? (0, 1)
                : (PortableMath.Sin((1 - t) * angle) / sine, PortableMath.Sin(t * angle) / sine));
    }

    /// <summary>c + strength (a - b): applies the difference between a and b to c.</summary>
    public static Tensor Arithmetic(Tensor a, Tensor b, Tensor c, double strength = 1)
    {
        ArgumentNullException.ThrowIfNull(a);
        return (a - b) * strength + c;
    }

    /// <summary>The mean [Z] of the codes [N, Z] of chosen classes; the difference of two such means is an attribute
    /// vector (Larsen et al. 2016).</summary>
    /// <param name="codes">Codes, one row for each data point.</param>
    /// <param name="labels">The class of each code.</param>
    /// <param name="belongs">Returns whether the codes of a class are included in the mean.</param>
    /// <exception cref="ArgumentException">There is not one label for each code, or no code is included.</exception>
    public static Tensor Mean(Tensor codes, ReadOnlySpan<int> labels, Func<int, bool> belongs)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(belongs);
        if (codes.Rank != 2 || codes.Shape[0] != labels.Length)
        {
            throw new ArgumentException(
                $"Codes [N, Z] need one label each, not shape {codes.Shape} and {labels.Length} " +
                "labels.", nameof(codes));
        }

        double[] weights = Array.ConvertAll(labels.ToArray(), label => belongs(label) ? 1.0 : 0.0);
        double count = weights.Sum();
        if (count == 0) throw new ArgumentException("No code belongs to the chosen classes.", nameof(belongs));
        Tensor sum = Tensor.MatMul(Tensor.From(weights, [1, labels.Length]), codes.To(DType.Float64));
        return (sum / count).Reshape([codes.Shape[1]]).To(codes.DType);
    }

    /// <summary>
    /// One row of vectors for each of the given dimensions. In a row only this dimension changes, in equal steps from
    /// -extent to +extent: [dimensions * steps, Z], row by row. Under N(0, I) the unit is a standard deviation of the
    /// prior.
    /// </summary>
    /// <param name="origin">The values of the other dimensions, [Z].</param>
    /// <param name="dimensions">The dimensions to change, in the order of the rows; see <see cref="ByKL"/>.</param>
    /// <param name="steps">Number of vectors in a row, at least 2.</param>
    /// <param name="extent">The distance from 0 at which a row begins and ends.</param>
    public static Tensor Traversal(Tensor origin, IReadOnlyList<int> dimensions, int steps, double extent = 3)
    {
        RequireVectors(origin, origin);
        ArgumentNullException.ThrowIfNull(dimensions);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        int size = origin.Size;
        double[] rows = new double[checked(dimensions.Count * steps * size)];
        for (int i = 0; i < dimensions.Count * steps; i++)
        {
            for (int j = 0; j < size; j++) rows[i * size + j] = origin.At(j);
            rows[i * size + dimensions[i / steps]] = extent * (2.0 * (i % steps) / (steps - 1) - 1);
        }

        return Tensor.From(rows, [dimensions.Count * steps, size]).To(origin.DType);
    }

    /// <summary>
    /// An even grid over the unit square, mapped to two latent dimensions by the inverse Gaussian CDF (Kingma and
    /// Welling 2013, appendix A): [edge * edge, Z], row by row. The other dimensions are 0. Every cell has the same
    /// probability under the prior.
    /// </summary>
    /// <param name="latent">Z, at least 2.</param>
    /// <param name="edge">Number of cells in a row and in a column.</param>
    /// <param name="across">The dimension that increases from left to right.</param>
    /// <param name="down">The dimension that increases from top to bottom.</param>
    /// <param name="dtype">Element type.</param>
    public static Tensor Manifold(int latent, int edge, int across = 0, int down = 1, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latent, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(edge);
        ArgumentOutOfRangeException.ThrowIfEqual(across, down);
        double[] cells = new double[checked(edge * edge * latent)];
        for (int row = 0; row < edge; row++)
        {
            for (int column = 0; column < edge; column++)
            {
                int at = (row * edge + column) * latent;
                cells[at + across] = PortableMath.NormalQuantile((column + 0.5) / edge);
                cells[at + down] = PortableMath.NormalQuantile((row + 0.5) / edge);
            }
        }

        return Tensor.From(cells, [edge * edge, latent]).To(dtype);
    }

    /// <summary>The dimensions in order of decreasing KL, that is, of decreasing information about the data. Dimensions
    /// with equal KL keep their order.</summary>
    public static IReadOnlyList<int> ByKL(IReadOnlyList<double> klPerDimension) =>
        [.. Enumerable.Range(0, klPerDimension.Count).OrderByDescending(j => klPerDimension[j])];

    private static Tensor Between(Tensor from, Tensor to, int steps, Func<double, (double From, double To)> weights)
    {
        RequireVectors(from, to);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        int size = from.Size;
        double[] rows = new double[checked(steps * size)];
        for (int i = 0; i < steps; i++)
        {
            (double a, double b) = weights((double)i / (steps - 1));
            for (int j = 0; j < size; j++) rows[i * size + j] = a * from.At(j) + b * to.At(j);
        }

        return Tensor.From(rows, [steps, size]).To(from.DType);
    }

    /// <summary>The angle between two vectors; 0 if one of them is zero.</summary>
    private static double Angle(Tensor a, Tensor b)
    {
        double aa = 0, bb = 0;
        for (int j = 0; j < a.Size; j++)
        {
            aa += a.At(j) * a.At(j);
            bb += b.At(j) * b.At(j);
        }

        if (aa == 0 || bb == 0) return 0;
        double sum = 0, difference = 0;
        for (int j = 0; j < a.Size; j++)
        {
            double u = a.At(j) / Math.Sqrt(aa), v = b.At(j) / Math.Sqrt(bb);
            sum += (u + v) * (u + v);
            difference += (u - v) * (u - v);
        }

        // tan(w/2) = |u - v| / |u + v| is accurate for small and for large angles. It is solved by bisection, which
        // gives the same bits on every machine.
        double low = 0, high = Math.PI / 2;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = 0.5 * (low + high);
            if (PortableMath.Sin(middle) * Math.Sqrt(sum) < PortableMath.Cos(middle) * Math.Sqrt(difference))
                low = middle;
            else high = middle;
        }

        return low + high;
    }

    private static void RequireVectors(Tensor from, Tensor to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (from.Rank != 1 || from.Shape != to.Shape || from.DType != to.DType)
        {
            throw new ArgumentException("A walk needs latent vectors [Z] of the same length and type, not " +
                $"{from.DType} {from.Shape} and {to.DType} {to.Shape}.", nameof(to));
        }
    }
}

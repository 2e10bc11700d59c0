using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The distribution of the Cholesky factor L of an n by n correlation matrix. The density of the correlation matrix is
/// proportional to |L L^T|^(h - 1) (Lewandowski, Kurowicka and Joe 2009). With rows counted from 0, log p(L) = sum over
/// i from 1 of (n - i + 2 h - 3) log L_ii minus a constant. It is a density over the elements below the diagonal. h = 1
/// is the uniform distribution over correlation matrices. For h above 1 correlations are small.
/// </summary>
/// <remarks>
/// Row i is a uniform direction in i dimensions whose squared length is a beta variable y with parameters i/2 and h +
/// (n - 1 - i)/2, followed by sqrt(1 - y) on the diagonal. Draws have pathwise gradients with respect to h; the beta
/// quantile has implicit gradients.
/// </remarks>
public sealed class LKJCholesky : ReparameterizedDistribution
{
    private const double LogPi = 1.1447298858494001741;

    // The concentration in Float64, converted once.
    private readonly Tensor _h;

    /// <summary>
    /// Creates the distribution over matrices with <paramref name="dimension"/> rows from the concentrations h, which
    /// are positive.
    /// </summary>
    /// <exception cref="ArgumentException">A concentration is not positive.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is below 2.</exception>
    public LKJCholesky(int dimension, Tensor concentration)
        : base(Checked.Positive(concentration).Shape, Event(dimension), concentration.DType)
    {
        Concentration = concentration;
        _h = Wide(concentration).Reshape(BatchShape + [1]);
    }

    /// <summary>The concentrations h, of the shape of the batch. As h grows, correlations shrink.</summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.CorrelationCholesky, -1, 1, DType);

    /// <summary>
    /// 0 off the diagonal. On the diagonal it is B(i/2, b + 1/2) / B(i/2, b) with b = h + (n - 1 - i)/2, and 1 in the
    /// first row.
    /// </summary>
    public override Tensor Mean => WithFirst(MeanDiagonal).DiagonalMatrix().To(DType);

    /// <summary>
    /// With y the beta variable of the row: E[y] / i left of the diagonal, and E[1 - y] minus the square of the mean on
    /// the diagonal.
    /// </summary>
    public override Tensor Variance
    {
        get
        {
            Tensor total = A + B, diagonal = B / total - MeanDiagonal.Square(),
                left = A / total / Tensor.Arange(Size, DType.Float64).Slice(0, 1, Size - 1);
            Shape first = BatchShape + [1];
            // Every column of row i has the value of row i. Tril keeps the columns left of the diagonal.
            Tensor rows = Tensor.Concat(^1, Tensor.Zeros(first, DType.Float64), left).Reshape(
                BatchShape + [Size, 1]).BroadcastTo(BatchShape + EventShape).Tril(-1);
            return (rows + Tensor.Concat(^1, Tensor.Zeros(first, DType.Float64), diagonal).DiagonalMatrix()).To(DType);
        }
    }

    private int Size => EventShape[0];

    /// <summary>i/2 for rows 1 to n - 1.</summary>
    private Tensor A => Tensor.Arange(Size, DType.Float64).Slice(0, 1, Size - 1) * 0.5;

    /// <summary>h + (n - 1 - i)/2 for rows 1 to n - 1, batch + [n - 1].</summary>
    private Tensor B => _h + ((Size - 1) * 0.5 - A);

    private Tensor MeanDiagonal => (Tensor.LogBeta(A, B + 0.5) - Tensor.LogBeta(A, B)).Exp();

    /// <summary>E[log L_ii^2] for rows 1 to n - 1.</summary>
    private Tensor MeanLogs => B.Digamma() - (A + B).Digamma();

    /// <summary>
    /// The sum over rows of log(pi^(i/2) / Gamma(i/2) B(i/2, b)): the area of a sphere times the integral over the
    /// lengths.
    /// </summary>
    private Tensor LogNormalizer => (Tensor.LogBeta(A, B) + A * LogPi - A.LogGamma()).Sum(^1);

    /// <summary>The exponents of the diagonal elements in the density: n - i + 2 h - 3 for rows i = 1 to n - 1, where n
    /// is the extent of the matrix and h the concentration. They equal 2 (<see cref="B"/> - 1).</summary>
    private Tensor Powers => (B - 1) * 2;

    /// <summary>
    /// Draws the rows one after another, in Float64, and rounds once. The draw has gradients with respect to the
    /// concentration.
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int datum = DatumAxis(sampleShape, BatchShape), n = Size;
        Shape outer = sampleShape + BatchShape;
        Tensor u = rng.UniformOpen(outer + [n - 1], DType.Float64, datum),
            noise = rng.Normal(outer + [n * (n - 1) / 2], DType.Float64, datum);
        (double smallest, double belowOne) = Formulas.Edges(DType.Float64);
        // The quantile of 1 - y, so that a small diagonal element keeps its digits.
        Tensor rest = Keep(Tensor.BetaQuantile(B, A, u), smallest, belowOne), length = (1 - rest).Sqrt(),
            diagonal = rest.Sqrt();
        var rows = new Tensor[n];
        rows[0] = Tensor.Concat(
            ^1, Tensor.Ones(outer + [1], DType.Float64), Tensor.Zeros(outer + [n - 1], DType.Float64));
        for (int i = 1, at = 0; i < n; at += i, i++)
        {
            Tensor left = length.Slice(^1, i - 1, 1) * Sphere.Uniform(noise.Slice(^1, at, i)),
                end = diagonal.Slice(^1, i - 1, 1);
            // A diagonal element that would round to 0 would have no density.
            if (DType == DType.Float32) end = Keep(end, Formulas.Edges(DType).Smallest, 1);
            rows[i] = i < n - 1 ? Tensor.Concat(^1, left, end, Tensor.Zeros(outer + [n - 1 - i], DType.Float64))
                : Tensor.Concat(^1, left, end);
        }

        return Tensor.Concat(^1, rows).Reshape(outer + EventShape).To(DType);
    }

    /// <summary>
    /// The log-density of a Cholesky factor of a correlation matrix. Only the diagonal is read. The method does not
    /// check that the rows have length 1. -infinity where a diagonal element is not positive.
    /// </summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Tensor diagonal = Wide(value).Diagonal().Slice(^1, 1, Size - 1);
        Tensor inside = Tensor.Less(Tensor.Scalar(0, DType.Float64), diagonal) + Formulas.IsNaN(diagonal);
        Tensor density = (Powers * Tensor.Where(inside, diagonal, 1).Log()).Sum(^1) - LogNormalizer;
        return Tensor.Where(Tensor.Less((1 - inside).Sum(^1), 0.5), density, double.NegativeInfinity).To(DType);
    }

    /// <summary>The logarithm of the normaliser minus the sum of the exponents times the mean logarithms.</summary>
    protected override Tensor EntropyCore() => (LogNormalizer - (Powers * MeanLogs).Sum(^1) * 0.5).To(DType);

    /// <summary>
    /// The KL divergence to an LKJ distribution with equally many rows: the difference of the log-normalisers plus the
    /// difference of the exponents times the mean logarithms.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is LKJCholesky p ? (p.LogNormalizer - LogNormalizer + ((_h - p._h) * MeanLogs).Sum(^1)).To(DType) : null;

    private Tensor WithFirst(Tensor diagonal) =>
        Tensor.Concat(^1, Tensor.Ones(BatchShape + [1], DType.Float64), diagonal);

    private static Shape Event(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        return [dimension, dimension];
    }
}

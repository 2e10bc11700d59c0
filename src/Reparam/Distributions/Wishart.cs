using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Wishart distribution of symmetric positive-definite n by n matrices. A value is the sum of v squares x x^T of
/// normal vectors with covariance V = L L^T, generalised to any real v > n - 1: log p(X) = (v - n - 1)/2 log |X| -
/// tr(V^-1 X)/2 - v n/2 log 2 - v/2 log |V| - log Gamma_n(v/2) (Gupta and Nagar 2000, 3.2.1). It is a density over the
/// lower triangle.
/// </summary>
/// <remarks>
/// A draw is (L A)(L A)^T, where A is lower-triangular. The elements of A below the diagonal are normal. Diagonal
/// element i is the square root of a chi-squared variable with v - i degrees of freedom (Bartlett 1933). Gradients are
/// pathwise; gradients with respect to v are implicit. Close to v = n - 1 draws are nearly singular, and a draw may be
/// singular after rounding to its element type. <c>LogProb</c> of such a draw throws an exception.
/// </remarks>
public sealed class Wishart : ReparameterizedDistribution
{
    private const double LogPi = 1.1447298858494001741;

    // In Float64, converted once.
    private readonly Tensor _degrees, _factor;

    /// <summary>
    /// Creates the distribution from the degrees of freedom (batch, above n - 1) and the lower-triangular factor L of V
    /// (batch + [n, n], with a positive diagonal). The elements above the diagonal of the factor are ignored.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes or element types do not fit, a diagonal element is not positive,
    /// or a number of degrees of freedom is n - 1 or less.</exception>
    public Wishart(Tensor degreesOfFreedom, Tensor scaleTril)
        : base(Batch(degreesOfFreedom, scaleTril), scaleTril.Shape[^2..], scaleTril.DType)
    {
        DegreesOfFreedom = Checked.To(degreesOfFreedom, BatchShape);
        ScaleTril = Checked.To(scaleTril, BatchShape + EventShape).Tril();
        Checked.Positive(ScaleTril.Diagonal(), "the diagonal of scaleTril");
        Checked.Positive(DegreesOfFreedom - (Size - 1), "degreesOfFreedom - (n - 1)");
        (_degrees, _factor) = (Wide(DegreesOfFreedom), Wide(ScaleTril));
    }

    /// <summary>The degrees of freedom v: the number of squares in the sum. v need not be whole.</summary>
    public Tensor DegreesOfFreedom { get; }

    /// <summary>The factor L, lower-triangular, batch + [n, n].</summary>
    public Tensor ScaleTril { get; }

    /// <inheritdoc/>
    public override Support Support =>
        Support.Of(SupportKind.PositiveDefinite, double.NegativeInfinity, double.PositiveInfinity, DType);

    /// <summary>v V.</summary>
    public override Tensor Mean => (Scale * Cell(_degrees)).To(DType);

    /// <summary>v (V_ij^2 + V_ii V_jj).</summary>
    public override Tensor Variance
    {
        get
        {
            Tensor scale = Scale, diagonal = scale.Diagonal();
            Tensor product = diagonal.Reshape(BatchShape + [Size, 1]) * diagonal.Reshape(BatchShape + [1, Size]);
            return ((scale.Square() + product) * Cell(_degrees)).To(DType);
        }
    }

    private int Size => EventShape[0];

    private Tensor Scale => Tensor.BatchMatMul(_factor, _factor, transposeB: true);

    /// <summary>log |V|.</summary>
    private Tensor LogDeterminant => _factor.Diagonal().Log().Sum(^1) * 2;

    /// <summary>(v - i) / 2 for i from 0 to n - 1, batch + [n].</summary>
    private Tensor Halves => (_degrees.Reshape(BatchShape + [1]) - Tensor.Arange(Size, DType.Float64)) * 0.5;

    /// <summary>log Gamma_n(v/2).</summary>
    private Tensor LogMultigamma => Halves.LogGamma().Sum(^1) + 0.25 * Size * (Size - 1) * LogPi;

    /// <summary>E[log |X|].</summary>
    private Tensor MeanLogDeterminant => Halves.Digamma().Sum(^1) + Size * Formulas.Ln2 + LogDeterminant;

    private Tensor LogNormalizer =>
        _degrees * (0.5 * Size * Formulas.Ln2) + _degrees * LogDeterminant * 0.5 + LogMultigamma;

    /// <summary>(L A)(L A)^T with the scale L and the random lower-triangular A, computed in Float64 and rounded once.
    /// The result is exactly symmetric.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int datum = DatumAxis(sampleShape, BatchShape);
        Shape matrices = sampleShape + BatchShape + EventShape;
        Tensor noise = rng.Normal(matrices, DType.Float64, datum),
            u = rng.UniformOpen(matrices[..^1], DType.Float64, datum);
        // The square root of twice a gamma draw, computed from its logarithm.
        Tensor roots = ((Gamma.LogStandardDraw(Halves, u) + Formulas.Ln2) * 0.5).Exp();
        Tensor root = Tensor.BatchMatMul(_factor.BroadcastTo(matrices), noise.Tril(-1) + roots.DiagonalMatrix());
        return Tensor.BatchMatMul(root, root, transposeB: true).To(DType);
    }

    /// <summary>
    /// The log-density, computed from the Cholesky factor C of the value: log |X| = 2 sum log C_ii, tr(V^-1 X) = |L^-1
    /// C|^2.
    /// </summary>
    /// <exception cref="ArgumentException">A value is not symmetric up to rounding, or it is not positive
    /// definite.</exception>
    protected override Tensor LogProbCore(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Tensor root = Checked.Symmetric(Wide(value), nameof(value)).Cholesky();
        Shape matrices = Checked.Join(root.Shape, BatchShape + EventShape, "the value", "the batch");
        Tensor ratio = Tensor.TriangularSolve(_factor.BroadcastTo(matrices), root.BroadcastTo(matrices));
        return ((_degrees - (Size + 1)) * root.Diagonal().Log().Sum(^1) - ratio.Square().SumFrom(
            ^2) * 0.5 - LogNormalizer).To(DType);
    }

    /// <summary>The logarithm of the normaliser - (v - n - 1)/2 E[log |X|] + v n / 2.</summary>
    protected override Tensor EntropyCore() =>
        (LogNormalizer - (_degrees - (Size + 1)) * MeanLogDeterminant * 0.5 + _degrees * (0.5 * Size)).To(DType);

    /// <summary>
    /// The KL divergence to a Wishart: v2/2 (log |V2| - log |V1|) + log Gamma_n(v2/2) - log Gamma_n(v1/2) + (v1 - v2)/2
    /// sum digamma((v1 - i)/2) + v1/2 (tr(V2^-1 V1) - n).
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Wishart p) return null;
        Shape matrices = Checked.Join(BatchShape, p.BatchShape, "the batch of q", "the batch of p") + EventShape;
        Tensor ratio = Tensor.TriangularSolve(p._factor.BroadcastTo(matrices), _factor.BroadcastTo(matrices)),
            excess = ratio.Diagonal().Square() - 1;
        Tensor trace = excess.Sum(^1) + ratio.Tril(-1).Square().SumFrom(^2);
        return (p._degrees * (p.LogDeterminant - LogDeterminant) * 0.5 + (p.LogMultigamma - LogMultigamma)
            + (_degrees - p._degrees) * Halves.Digamma().Sum(^1) * 0.5 + _degrees * trace * 0.5).To(DType);
    }

    private static Tensor Cell(Tensor x) => x.Reshape(x.Shape + [1, 1]);

    private static Shape Batch(Tensor degreesOfFreedom, Tensor scaleTril)
    {
        ArgumentNullException.ThrowIfNull(degreesOfFreedom);
        ArgumentNullException.ThrowIfNull(scaleTril);
        if (degreesOfFreedom.DType != scaleTril.DType)
        {
            throw new ArgumentException("degreesOfFreedom and scaleTril must have one element type, got " +
                $"{degreesOfFreedom.DType} and {scaleTril.DType}. Convert one with To(DType).");
        }

        if (scaleTril.Rank < 2 || scaleTril.Shape[^1] != scaleTril.Shape[^2] || scaleTril.Shape[^1] == 0)
        {
            throw new ArgumentException(
                $"Wishart needs scaleTril [..., n, n] with n at least 1, got {scaleTril.Shape}.", nameof(scaleTril));
        }

        return Checked.Join(
            degreesOfFreedom.Shape, scaleTril.Shape[..^2], "degreesOfFreedom", "the batch of scaleTril");
    }
}

using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Wishart distribution of symmetric positive-definite n by n matrices, the sum of v squares x x^T of normal
/// vectors of covariance V = L L^T, for any real v > n - 1: log p(X) = (v - n - 1)/2 log |X| - tr(V^-1 X)/2 - v n/2 log
/// 2 - v/2 log |V| - log Gamma_n(v/2) (Gupta and Nagar 2000, 3.2.1), a density on the lower triangle.
/// </summary>
/// <remarks>A draw is (L A)(L A)^T with A lower-triangular, normal below its diagonal and the root of a chi-squared
/// variable of v - i degrees on it (Bartlett 1933); gradients are pathwise, those by v implicit. Close to v = n - 1
/// draws are nearly singular, and one may be so to the last place of its element type: its density is then
/// refused.</remarks>
public sealed class Wishart : ReparameterizedDistribution
{
    private const double LogPi = 1.1447298858494001741;

    // In Float64, converted once.
    private readonly Tensor _degrees, _factor;

    /// <summary>From degrees of freedom batch, above n - 1, and the lower-triangular factor L of V, batch + [n, n],
    /// with positive diagonal. What lies above its diagonal is ignored.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, a diagonal element is not positive, or degrees of
    /// freedom are n - 1 or less.</exception>
    public Wishart(Tensor degreesOfFreedom, Tensor scaleTril)
        : base(Batch(degreesOfFreedom, scaleTril), scaleTril.Shape[^2..], scaleTril.DType)
    {
        DegreesOfFreedom = Checked.To(degreesOfFreedom, BatchShape);
        ScaleTril = Checked.To(scaleTril, BatchShape + EventShape).Tril();
        Checked.Positive(ScaleTril.Diagonal(), "the diagonal of scaleTril");
        Checked.Positive(DegreesOfFreedom - (Size - 1), "degreesOfFreedom - (n - 1)");
        (_degrees, _factor) = (Wide(DegreesOfFreedom), Wide(ScaleTril));
    }

    /// <summary>v: how many squares are summed, not needed to be whole.</summary>
    public Tensor DegreesOfFreedom { get; }

    /// <summary>L, lower-triangular, batch + [n, n].</summary>
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

    /// <summary>(v - i) / 2, i from 0 to n - 1, batch + [n].</summary>
    private Tensor Halves => (_degrees.Reshape(BatchShape + [1]) - Tensor.Arange(Size, DType.Float64)) * 0.5;

    /// <summary>log Gamma_n(v/2).</summary>
    private Tensor LogMultigamma => Halves.LogGamma().Sum(^1) + 0.25 * Size * (Size - 1) * LogPi;

    /// <summary>E[log |X|].</summary>
    private Tensor MeanLogDeterminant => Halves.Digamma().Sum(^1) + Size * Formulas.Ln2 + LogDeterminant;

    private Tensor LogNormalizer =>
        _degrees * (0.5 * Size * Formulas.Ln2) + _degrees * LogDeterminant * 0.5 + LogMultigamma;

    /// <summary>(L A)(L A)^T, in Float64 and rounded once: exactly symmetric.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int datum = DatumAxis(sampleShape, BatchShape);
        Shape matrices = sampleShape + BatchShape + EventShape;
        Tensor noise = rng.Normal(matrices, DType.Float64, datum),
            u = rng.UniformOpen(matrices[..^1], DType.Float64, datum);
        // The root of twice a gamma draw, through its logarithm.
        Tensor roots = ((Gamma.LogStandardDraw(Halves, u) + Formulas.Ln2) * 0.5).Exp();
        Tensor root = Tensor.BatchMatMul(_factor.BroadcastTo(matrices), noise.Tril(-1) + roots.DiagonalMatrix());
        return Tensor.BatchMatMul(root, root, transposeB: true).To(DType);
    }

    /// <summary>By the Cholesky factor C of the value: log |X| = 2 sum log C_ii, tr(V^-1 X) = |L^-1 C|^2.</summary>
    /// <exception cref="ArgumentException">A value is not symmetric up to rounding, or not positive
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

    /// <summary>The log of the normalizer - (v - n - 1)/2 E[log |X|] + v n / 2.</summary>
    protected override Tensor EntropyCore() =>
        (LogNormalizer - (_degrees - (Size + 1)) * MeanLogDeterminant * 0.5 + _degrees * (0.5 * Size)).To(DType);

    /// <summary>Against a Wishart: v2/2 (log |V2| - log |V1|) + log Gamma_n(v2/2) - log Gamma_n(v1/2) + (v1 - v2)/2 sum
    /// digamma((v1 - i)/2) + v1/2 (tr(V2^-1 V1) - n).</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Wishart p) return null;
        Shape matrices = Checked.Join(BatchShape, p.BatchShape, "the batch of q", "that of p") + EventShape;
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
                $"A Wishart takes scaleTril [..., n, n], got {scaleTril.Shape}.", nameof(scaleTril));
        }

        return Checked.Join(
            degreesOfFreedom.Shape, scaleTril.Shape[..^2], "degreesOfFreedom", "the batch of scaleTril");
    }
}

using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The normal distribution over vectors with covariance L L^T: log p(x) = -|L^-1 (x - loc)|^2 / 2 - sum log diag L -
/// n/2 log 2 pi.
/// </summary>
public sealed class MultivariateNormal : ReparameterizedDistribution
{
    private const double LogTwoPi = 2 * Normal.HalfLogTwoPi;

    /// <summary>
    /// Creates the distribution from the location (batch + [n]) and the lower-triangular factor (batch + [n, n], with a
    /// positive diagonal). The elements above the diagonal of the factor are ignored.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or a diagonal element is not positive.</exception>
    public MultivariateNormal(Tensor loc, Tensor scaleTril)
        : base(Batch(loc, scaleTril), loc.Shape[^1..], loc.DType)
    {
        int n = EventShape[0];
        Loc = Checked.To(loc, BatchShape + [n]);
        ScaleTril = Checked.To(scaleTril, BatchShape + [n, n]).Tril();
        Checked.Positive(ScaleTril.Diagonal(), "the diagonal of scaleTril");
    }

    /// <summary>The mean.</summary>
    public Tensor Loc { get; }

    /// <summary>The factor L, lower-triangular, batch + [n, n].</summary>
    public Tensor ScaleTril { get; }

    /// <summary>L L^T.</summary>
    public Tensor Covariance => Tensor.BatchMatMul(ScaleTril, ScaleTril, transposeB: true);

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new MultivariateNormal(Wide(Loc), Wide(ScaleTril));

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <inheritdoc/>
    public override Tensor Mean => Loc;

    /// <summary>The diagonal of the covariance.</summary>
    public override Tensor Variance => ScaleTril.Square().Sum(^1);

    /// <inheritdoc/>
    public override Tensor Mode => Loc;

    internal Tensor HalfLogDeterminant => ScaleTril.Diagonal().Log().Sum(^1);

    /// <summary>
    /// Creates the distribution from the location and a symmetric positive-definite covariance, batch + [n, n].
    /// </summary>
    /// <exception cref="ArgumentException">The covariance is not symmetric up to rounding, or it is not positive
    /// definite.</exception>
    public static MultivariateNormal FromCovariance(Tensor loc, Tensor covariance) =>
        new(loc, Checked.Symmetric(covariance).Cholesky());

    /// <summary>loc + L e with e ~ N(0, I).</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Tensor noise = rng.Normal(sampleShape + BatchShape + EventShape, DType, DatumAxis(sampleShape, BatchShape));
        return Loc + Columns.Apply(noise, BatchShape.Rank, columns => Tensor.BatchMatMul(ScaleTril, columns));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) =>
        Whitened(value - Loc).Square().Sum(^1) * -0.5 - HalfLogDeterminant - EventShape[0] * Normal.HalfLogTwoPi;

    /// <summary>sum log diag L + n/2 (1 + log 2 pi).</summary>
    protected override Tensor EntropyCore() => HalfLogDeterminant + EventShape[0] * 0.5 * (1 + LogTwoPi);

    /// <summary>The KL divergence to any normal distribution over vectors (<see cref="FamilyKL"/>).</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => FamilyKL(this, other);

    /// <summary>
    /// The KL divergence between two normal distributions over vectors, each with a full, low-rank or diagonal
    /// covariance. With R = L2^-1 L1 it is (|R|^2 + |L2^-1 (m2 - m1)|^2 - n) / 2 - sum log diag R. It is null for other
    /// distributions.
    /// </summary>
    internal static Tensor? FamilyKL(Distribution left, Distribution right)
    {
        if (Full(left) is not { } q || Full(right) is not { } p) return null;
        Shape batch = Checked.Join(q.BatchShape, p.BatchShape, "the batch of q", "the batch of p");
        int n = q.EventShape[0];
        Tensor l1 = Checked.To(q.ScaleTril, batch + [n, n]), l2 = Checked.To(p.ScaleTril, batch + [n, n]);
        Tensor ratio = Tensor.TriangularSolve(l2, l1);
        Tensor shift = Tensor.TriangularSolve(l2, Checked.To(p.Loc - q.Loc, batch + [n]).Reshape(batch + [n, 1]));
        // The part of the diagonal, (r^2 - 1)/2 - log r for each element, so that equal distributions give exactly 0.
        Tensor scales = ratio.Diagonal(), below = ratio.Tril(-1).Square().SumFrom(^2);
        return ((below + shift.Square().SumFrom(^2)) * 0.5 + ((scales.Square() - 1) * 0.5 - scales.Log()).Sum(^1)).To(
            left.DType);
    }

    /// <summary>
    /// The full normal distribution in Float64, because the part of a covariance that a factor explains cancels.
    /// </summary>
    private static MultivariateNormal? Full(Distribution d) => d switch
    {
        MultivariateNormal full => new(Wide(full.Loc), Wide(full.ScaleTril)),
        LowRankMultivariateNormal lowRank => lowRank.Full(),
        DiagonalNormal diagonal => new(Wide(diagonal.Loc), Wide(diagonal.Scale).DiagonalMatrix()),
        ReparameterizedIndependent { EventShape.Rank: 1, Components: Normal normal } =>
            new(Wide(normal.Loc), Wide(normal.Scale).DiagonalMatrix()),
        _ => null,
    };

    /// <summary>L^-1 x for x of shape sample + batch + [n].</summary>
    private Tensor Whitened(Tensor x) =>
        Columns.Apply(x, BatchShape.Rank, columns => Tensor.TriangularSolve(ScaleTril, columns), BatchShape);

    private static Shape Batch(Tensor loc, Tensor scaleTril)
    {
        ArgumentNullException.ThrowIfNull(loc);
        ArgumentNullException.ThrowIfNull(scaleTril);
        if (loc.Rank < 1 || scaleTril.Rank < 2 || scaleTril.Shape[^1] != scaleTril.Shape[^2]
            || scaleTril.Shape[^1] != loc.Shape[^1])
        {
            throw new ArgumentException("A multivariate normal takes loc [..., n] and scaleTril [..., n, n], got " +
                $"{loc.Shape} and {scaleTril.Shape}.");
        }

        return Checked.Join(loc.Shape[..^1], scaleTril.Shape[..^2], "the batch of loc", "the batch of scaleTril");
    }
}

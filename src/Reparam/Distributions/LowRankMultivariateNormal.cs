using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The normal distribution over vectors with covariance W W^T + diag(d), where W has few columns. It has n r numbers in
/// place of n^2. Densities are computed through the r x r matrix I + W^T diag(d)^-1 W (Woodbury 1950).
/// </summary>
public sealed class LowRankMultivariateNormal : ReparameterizedDistribution
{
    // These tensors are in Float64 and converted once, because the part of a distance that the factor explains cancels.
    private readonly Tensor _factor, _diagonal, _capacitance;

    /// <summary>
    /// Creates the distribution from the location (batch + [n]), the factor W (batch + [n, r]) and the diagonal d
    /// (batch + [n], positive).
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or an element of the diagonal is not
    /// positive.</exception>
    public LowRankMultivariateNormal(Tensor loc, Tensor factor, Tensor diagonal)
        : base(Batch(loc, factor, diagonal), loc.Shape[^1..], loc.DType)
    {
        int n = EventShape[0], r = factor.Shape[^1];
        Loc = Checked.To(loc, BatchShape + [n]);
        Factor = Checked.To(factor, BatchShape + [n, r]);
        Diagonal = Checked.Positive(Checked.To(diagonal, BatchShape + [n]), nameof(diagonal));
        (_factor, _diagonal) = (Wide(Factor), Wide(Diagonal));
        Tensor scaled = _factor / _diagonal.Sqrt().Reshape(BatchShape + [n, 1]);
        _capacitance = (Tensor.BatchMatMul(scaled, scaled, transposeA: true) + Tensor.Eye(r, DType.Float64)).Cholesky();
    }

    /// <summary>The mean.</summary>
    public Tensor Loc { get; }

    /// <summary>W, batch + [n, r].</summary>
    public Tensor Factor { get; }

    /// <summary>d, batch + [n].</summary>
    public Tensor Diagonal { get; }

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <inheritdoc/>
    public override Tensor Mean => Loc;

    /// <summary>The diagonal of the covariance.</summary>
    public override Tensor Variance => Factor.Square().Sum(^1) + Diagonal;

    /// <inheritdoc/>
    public override Tensor Mode => Loc;

    private Tensor HalfLogDeterminant => _capacitance.Diagonal().Log().Sum(^1) + _diagonal.Log().Sum(^1) * 0.5;

    /// <summary>loc + W e1 + sqrt(d) e2 with e1 ~ N(0, I) and e2 ~ N(0, I).</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int datum = DatumAxis(sampleShape, BatchShape);
        Tensor shared = rng.Normal(sampleShape + BatchShape + [Factor.Shape[^1]], DType, datum),
            own = rng.Normal(sampleShape + BatchShape + EventShape, DType, datum);
        return Loc + Columns.Apply(shared, BatchShape.Rank, columns => Tensor.BatchMatMul(Factor, columns))
            + Diagonal.Sqrt() * own;
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        // The squared length |x|^2 under the inverse covariance is the minimum over z of |(x - W z) / sqrt d|^2 +
        // |z|^2. Nothing cancels in this sum. The minimum is at z = C^-T C^-1 W^T diag(d)^-1 x, where C is the Cholesky
        // factor of I + W^T diag(d)^-1 W.
        Tensor centred = Wide(value) - Wide(Loc);
        Tensor shared = Columns.Apply(
            centred / _diagonal, BatchShape.Rank,
            columns => Tensor.TriangularSolve(
                _capacitance, Tensor.TriangularSolve(
                    _capacitance, Tensor.BatchMatMul(_factor, columns, transposeA: true)), transpose: true),
            BatchShape);
        Tensor rest = centred - Columns.Apply(shared, BatchShape.Rank, columns =>
            Tensor.BatchMatMul(_factor, columns), BatchShape);
        Tensor distance = (rest.Square() / _diagonal).Sum(^1) + shared.Square().Sum(^1);
        return (distance * -0.5 - HalfLogDeterminant - EventShape[0] * Normal.HalfLogTwoPi).To(DType);
    }

    /// <summary>log det(covariance)/2 + n/2 (1 + log 2 pi).</summary>
    protected override Tensor EntropyCore() =>
        (HalfLogDeterminant + EventShape[0] * (0.5 + Normal.HalfLogTwoPi)).To(DType);

    /// <summary>The same distribution with the full n x n factor.</summary>
    public MultivariateNormal ToFull() =>
        MultivariateNormal.FromCovariance(
            Loc, Tensor.BatchMatMul(Factor, Factor, transposeB: true) + Diagonal.DiagonalMatrix());

    /// <summary>The same distribution with the full factor, in Float64 and not rounded.</summary>
    internal MultivariateNormal Full() => MultivariateNormal.FromCovariance(
        Wide(Loc), Tensor.BatchMatMul(_factor, _factor, transposeB: true) + _diagonal.DiagonalMatrix());

    /// <summary>
    /// The KL divergence to any normal distribution over vectors. It is the KL divergence of the full normal
    /// distributions.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => MultivariateNormal.FamilyKL(this, other);

    private static Shape Batch(Tensor loc, Tensor factor, Tensor diagonal)
    {
        ArgumentNullException.ThrowIfNull(loc);
        ArgumentNullException.ThrowIfNull(factor);
        ArgumentNullException.ThrowIfNull(diagonal);
        if (loc.Rank < 1 || factor.Rank < 2 || diagonal.Rank < 1 || factor.Shape[^2] != loc.Shape[^1]
            || diagonal.Shape[^1] != loc.Shape[^1])
        {
            throw new ArgumentException("A low-rank normal takes loc [..., n], factor [..., n, r] and diagonal " +
                $"[..., n], got {loc.Shape}, {factor.Shape} and {diagonal.Shape}.");
        }

        Shape batch = Checked.Join(loc.Shape[..^1], factor.Shape[..^2], "the batch of loc", "the batch of factor");
        return Checked.Join(batch, diagonal.Shape[..^1], "the batch of loc and factor", "the batch of diagonal");
    }
}

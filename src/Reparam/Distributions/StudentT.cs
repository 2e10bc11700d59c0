using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Student's t distribution. With v the degrees of freedom and u = (x - loc) / scale, log p(x) = -(v + 1)/2 log(1 + u^2
/// / v) - log B(v/2, 1/2) - log(v)/2 - log scale. Each element of the parameters is a separate batch member.
/// </summary>
public sealed class StudentT : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from the degrees of freedom (positive), the location and the scale (positive; the scale
    /// is not the standard deviation). The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a number of degrees of freedom or a scale is
    /// not positive.</exception>
    public StudentT(Tensor degreesOfFreedom, Tensor loc, Tensor scale)
        : this(Checked.Broadcast(Checked.Positive(degreesOfFreedom), loc, Checked.Positive(scale),
            nameof(degreesOfFreedom), nameof(loc), nameof(scale)))
    {
    }

    private StudentT((Tensor DegreesOfFreedom, Tensor Loc, Tensor Scale) p)
        : base(p.Loc.Shape, [], p.Loc.DType) => (DegreesOfFreedom, Loc, Scale) = p;

    /// <summary>The degrees of freedom v. Moments of order v and higher are infinite or do not exist.</summary>
    public Tensor DegreesOfFreedom { get; }

    /// <summary>The location. It is the median and the mode.</summary>
    public Tensor Loc { get; }

    /// <summary>The scale.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new StudentT(Wide(DegreesOfFreedom), Wide(Loc), Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <summary>loc for v > 1, otherwise NaN.</summary>
    public override Tensor Mean =>
        Tensor.Where(Tensor.Less(Tensor.Scalar(1, DType), DegreesOfFreedom), Loc, double.NaN);

    /// <summary>scale^2 v / (v - 2) for v > 2, infinity for 1 &lt; v &lt;= 2, otherwise NaN.</summary>
    public override Tensor Variance
    {
        get
        {
            Tensor finite = Tensor.Less(Tensor.Scalar(2, DType), DegreesOfFreedom),
                v = Tensor.Where(finite, DegreesOfFreedom, 3);
            Tensor otherwise = Tensor.Where(
                Tensor.Less(Tensor.Scalar(1, DType), DegreesOfFreedom), Constant(double.PositiveInfinity), double.NaN);
            return Tensor.Where(finite, Scale.Square() * v / (v - 2), otherwise);
        }
    }

    /// <inheritdoc/>
    public override Tensor Mode => Loc;

    /// <summary>
    /// loc + scale e / sqrt(g / (v/2)) with e ~ N(0, 1), g ~ Gamma(v/2, 1) and v degrees of freedom. The gradient of g
    /// is implicit.
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Tensor e = rng.Normal(sampleShape + BatchShape, DType.Float64, DatumAxis(sampleShape, BatchShape));
        Tensor half = Wide(DegreesOfFreedom) * 0.5;
        Tensor log = Gamma.LogStandardDraw(half, UniformNoise(rng, sampleShape, DType.Float64));
        Tensor u = Keep(e * ExpOfDraw((half.Log() - log) * 0.5), -1e300, 1e300);
        return KeepFinite((Wide(Loc) + Wide(Scale) * u).To(DType));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        // log(1 + u^2 / v). u is first divided by sqrt(v), so that a large u does not overflow.
        Tensor log = Cauchy.LogOnePlusSquare(((value - Loc) / Scale).Abs() / DegreesOfFreedom.Sqrt());
        return (DegreesOfFreedom + 1) * log * -0.5 - LogNormalizer;
    }

    /// <summary>(v + 1)/2 (digamma((v + 1)/2) - digamma(v/2)) + log B(v/2, 1/2) + log(v)/2 + log scale.</summary>
    protected override Tensor EntropyCore()
    {
        Tensor half = DegreesOfFreedom * 0.5;
        return (half + 0.5) * Tensor.DigammaDifference(half, Tensor.Scalar(0.5, DType)) + LogNormalizer;
    }

    /// <summary>
    /// The logarithm of a tail. Let v be the degrees of freedom, u = (value - loc) / scale, w = v / (v + u^2), and I_w
    /// the regularized incomplete beta function at w. The lower tail is 1/2 I_w(v/2, 1/2) below loc and 1 - 1/2
    /// I_w(v/2, 1/2) above loc. The upper tail is the mirror image.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        Tensor u = (value - Loc) / Scale, half = DegreesOfFreedom * 0.5, one = Constant(0.5);
        if (upper) u = -u;
        // The square root of u^2 / v is computed first, because u^2 alone may overflow. Its slope at 0 is the slope of
        // u, for the gradient. The smaller of w and 1 - w is the accurate argument. It is kept off 0, where an infinite
        // density would be multiplied by a slope of 0.
        Tensor size = Tensor.Where(Tensor.Less(u, 0), -u, u) / DegreesOfFreedom.Sqrt();
        Tensor middle = Tensor.Less(size, 1), farthest = Tensor.Less(Tensor.Scalar(1e140, DType), size);
        Tensor other = 1 - middle - farthest - Formulas.IsNaN(size);
        Tensor near = Keep(Tensor.Where(middle, size, 0.5), 1e-150, 1).Square(),
            far = Tensor.Where(other, size, 2).Square();
        Tensor beside = Tensor.LogRegularizedBetaComplement(one, half, near / (1 + near));
        Tensor beyond = Tensor.LogRegularizedBeta(half, one, (1 + far).Reciprocal());
        // Above 1e140 the tail equals a power of u to the last digit.
        Tensor power = -DegreesOfFreedom * Tensor.Where(
            farthest, size, 1).Log() - half.Log() - Tensor.LogBeta(half, one);
        // The logarithm of the tail beyond |u|, and the logarithm of its complement.
        Tensor outer = Tensor.Where(middle, beside, Tensor.Where(farthest, power, beyond));
        Tensor tail = Formulas.KeepNaN(outer - Formulas.Ln2, u);
        return Tensor.Where(Tensor.Less(u, 0), tail, (-tail.Exp()).LogP1());
    }

    /// <summary>
    /// loc - scale sqrt(v (1 - w) / w) below the median and loc + scale sqrt(v (1 - w) / w) above it. v is the number
    /// of degrees of freedom, and w the quantile of the incomplete beta function at twice the probability of the nearer
    /// tail.
    /// </summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        Tensor below = Tensor.Less(probability, 0.5), tail = Tensor.Where(below, probability, 1 - probability) * 2;
        Tensor half = DegreesOfFreedom * 0.5, one = Tensor.Scalar(0.5, DType);
        // Near the median, w rounds to 1. Its complement s is the quantile of 1 - tail, and it is accurate there.
        Tensor middle = Tensor.Less(Tensor.Scalar(0.5, DType), tail);
        Tensor rest = Tensor.Where(below, 1 - probability * 2, probability * 2 - 1);
        // Kept off 0, where the square root has an infinite slope.
        Tensor held = Keep(Tensor.Where(middle, rest, 0.25), 1e-150, 1);
        Tensor s = Tensor.Where(middle, Tensor.BetaQuantile(one, half, held), 0.25);
        Tensor outer = Tensor.Where(middle, Tensor.Scalar(0.25, DType), tail);
        Tensor w = Tensor.BetaQuantile(half, one, outer), complement = Tensor.BetaQuantileComplement(half, one, outer);
        Tensor size = (DegreesOfFreedom * Tensor.Where(middle, s / (1 - s), complement / w)).Sqrt();
        return Loc + Scale * Tensor.Where(below, -size, size);
    }

    /// <summary>scale^2 v / (v - 2) + (loc - c)^2. It is infinite for v &lt;= 2.</summary>
    protected internal override Tensor SecondMomentAbout(Tensor c)
    {
        Tensor finite = Tensor.Less(Tensor.Scalar(2, DType), DegreesOfFreedom);
        return Tensor.Where(finite, Tensor.Where(finite, Variance, 0) + (Loc - c).Square(), double.PositiveInfinity);
    }

    /// <summary>Infinite, because the tails are powers.</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c) => Constant(double.PositiveInfinity) + (t + c) * 0;

    /// <summary>log B(v/2, 1/2) + log(v)/2 + log scale.</summary>
    private Tensor LogNormalizer =>
        Tensor.LogBeta(DegreesOfFreedom * 0.5, Tensor.Scalar(0.5, DType)) + DegreesOfFreedom.Log() * 0.5 + Scale.Log();
}

using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Student's t distribution: with v the degrees of freedom and u = (x - loc) / scale,
/// log p(x) = -(v + 1)/2 log(1 + u^2 / v) - log B(v/2, 1/2) - log(v)/2 - log scale, every element a batch member of its
/// own.
/// </summary>
public sealed class StudentT : ReparameterizedDistribution
{
    /// <summary>From degrees of freedom (positive), location and scale (positive; not the standard deviation), which
    /// broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public StudentT(Tensor degreesOfFreedom, Tensor loc, Tensor scale)
        : this(Checked.Broadcast(Checked.Positive(degreesOfFreedom), loc, Checked.Positive(scale),
            nameof(degreesOfFreedom), nameof(loc), nameof(scale)))
    {
    }

    private StudentT((Tensor DegreesOfFreedom, Tensor Loc, Tensor Scale) p)
        : base(p.Loc.Shape, [], p.Loc.DType) => (DegreesOfFreedom, Loc, Scale) = p;

    /// <summary>v: moments from this order on do not exist.</summary>
    public Tensor DegreesOfFreedom { get; }

    /// <summary>The location: median and mode.</summary>
    public Tensor Loc { get; }

    /// <summary>The scale.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new StudentT(Wide(DegreesOfFreedom), Wide(Loc), Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <summary>loc for v > 1, else NaN.</summary>
    public override Tensor Mean =>
        Tensor.Where(Tensor.Less(Tensor.Scalar(1, DType), DegreesOfFreedom), Loc, double.NaN);

    /// <summary>scale^2 v / (v - 2) for v > 2, infinite for v > 1, else NaN.</summary>
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

    /// <summary>loc + scale e / sqrt(g / (v/2)) with e ~ N(0, 1) and g ~ Gamma(v/2, 1), whose gradient is
    /// implicit.</summary>
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
        // log(1 + u^2 / v) with u scaled by sqrt(v) first, so that a large u does not overflow.
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
    /// 1/2 I_w(v/2, 1/2) below loc, w = v / (v + u^2), 1 minus that above, and of the upper tail the mirror image.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        Tensor u = (value - Loc) / Scale, half = DegreesOfFreedom * 0.5, one = Constant(0.5);
        if (upper) u = -u;
        // u^2 / v, whose root is taken first: u^2 alone may overflow. Its slope at 0 is that of u, for the gradient. Of
        // w and 1 - w the smaller is the accurate argument; kept off 0, where an infinite density would meet a slope of
        // 0.
        Tensor size = Tensor.Where(Tensor.Less(u, 0), -u, u) / DegreesOfFreedom.Sqrt();
        Tensor middle = Tensor.Less(size, 1), farthest = Tensor.Less(Tensor.Scalar(1e140, DType), size);
        Tensor other = 1 - middle - farthest - Formulas.IsNaN(size);
        Tensor near = Keep(Tensor.Where(middle, size, 0.5), 1e-150, 1).Square(),
            far = Tensor.Where(other, size, 2).Square();
        Tensor beside = Tensor.LogRegularizedBetaComplement(one, half, near / (1 + near));
        Tensor beyond = Tensor.LogRegularizedBeta(half, one, (1 + far).Reciprocal());
        // Past 1e140 the tail is a power of u to the last place.
        Tensor power = -DegreesOfFreedom * Tensor.Where(
            farthest, size, 1).Log() - half.Log() - Tensor.LogBeta(half, one);
        // The tail beyond |u|, in logarithms, and its complement.
        Tensor outer = Tensor.Where(middle, beside, Tensor.Where(farthest, power, beyond));
        Tensor tail = Formulas.KeepNaN(outer - Formulas.Ln2, u);
        return Tensor.Where(Tensor.Less(u, 0), tail, (-tail.Exp()).LogP1());
    }

    /// <summary>loc -+ scale sqrt(v (1 - w) / w), w the quantile of the nearer tail's incomplete beta
    /// function.</summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        Tensor below = Tensor.Less(probability, 0.5), tail = Tensor.Where(below, probability, 1 - probability) * 2;
        Tensor half = DegreesOfFreedom * 0.5, one = Tensor.Scalar(0.5, DType);
        // Towards the middle w rounds to 1; its complement s is the quantile of 1 - tail, and accurate where that is.
        Tensor middle = Tensor.Less(Tensor.Scalar(0.5, DType), tail);
        Tensor rest = Tensor.Where(below, 1 - probability * 2, probability * 2 - 1);
        // Kept off 0, where a root has an infinite slope.
        Tensor held = Keep(Tensor.Where(middle, rest, 0.25), 1e-150, 1);
        Tensor s = Tensor.Where(middle, Tensor.BetaQuantile(one, half, held), 0.25);
        Tensor outer = Tensor.Where(middle, Tensor.Scalar(0.25, DType), tail);
        Tensor w = Tensor.BetaQuantile(half, one, outer), complement = Tensor.BetaQuantileComplement(half, one, outer);
        Tensor size = (DegreesOfFreedom * Tensor.Where(middle, s / (1 - s), complement / w)).Sqrt();
        return Loc + Scale * Tensor.Where(below, -size, size);
    }

    /// <summary>scale^2 v / (v - 2) + (loc - c)^2, infinite up to v = 2.</summary>
    protected internal override Tensor SecondMomentAbout(Tensor c)
    {
        Tensor finite = Tensor.Less(Tensor.Scalar(2, DType), DegreesOfFreedom);
        return Tensor.Where(finite, Tensor.Where(finite, Variance, 0) + (Loc - c).Square(), double.PositiveInfinity);
    }

    /// <summary>Infinite: the tails are powers.</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c) => Constant(double.PositiveInfinity) + (t + c) * 0;

    /// <summary>log B(v/2, 1/2) + log(v)/2 + log scale.</summary>
    private Tensor LogNormalizer =>
        Tensor.LogBeta(DegreesOfFreedom * 0.5, Tensor.Scalar(0.5, DType)) + DegreesOfFreedom.Log() * 0.5 + Scale.Log();
}

using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Student's t distribution: with v the degrees of freedom and u = (x - loc) / scale,
/// log p(x) = -(v + 1)/2 log(1 + u^2 / v) - log B(v/2, 1/2) - log(v)/2 - log scale, every element a batch member of its own.
/// </summary>
public sealed class StudentT : ReparameterizedDistribution
{
    /// <summary>From degrees of freedom (positive), location and scale (positive; not the standard deviation), which broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public StudentT(Tensor degreesOfFreedom, Tensor loc, Tensor scale)
        : this(Checked.Broadcast(Checked.Positive(degreesOfFreedom), loc, Checked.Positive(scale), nameof(degreesOfFreedom), nameof(loc), nameof(scale)))
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
    public override Support Support => Support.Real(DType);

    /// <summary>loc for v > 1, else NaN.</summary>
    public override Tensor Mean => Tensor.Where(Tensor.Less(Tensor.Scalar(1, DType), DegreesOfFreedom), Loc, double.NaN);

    /// <summary>scale^2 v / (v - 2) for v > 2, infinite for v > 1, else NaN.</summary>
    public override Tensor Variance
    {
        get
        {
            Tensor finite = Tensor.Less(Tensor.Scalar(2, DType), DegreesOfFreedom), v = Tensor.Where(finite, DegreesOfFreedom, 3);
            Tensor otherwise = Tensor.Where(Tensor.Less(Tensor.Scalar(1, DType), DegreesOfFreedom), Constant(double.PositiveInfinity), double.NaN);
            return Tensor.Where(finite, Scale.Square() * v / (v - 2), otherwise);
        }
    }

    /// <inheritdoc/>
    public override Tensor Mode => Loc;

    /// <summary>loc + scale e / sqrt(g / (v/2)) with e ~ N(0, 1) and g ~ Gamma(v/2, 1), whose gradient is implicit.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Tensor e = rng.Normal(sampleShape + BatchShape, DType.Float64, DatumAxis(sampleShape, BatchShape));
        Tensor half = DegreesOfFreedom.To(DType.Float64) * 0.5;
        Tensor log = Gamma.LogStandardDraw(half, UniformNoise(rng, sampleShape, DType.Float64));
        double limit = DType == DType.Float32 ? float.MaxValue : double.MaxValue;
        return Keep(Loc + Scale * Keep((e * ((half.Log() - log) * 0.5).Exp()).To(DType), -limit, limit), -limit, limit);
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value)
    {
        // log(1 + u^2 / v) with u scaled by sqrt(v) first, so that a large u does not overflow.
        Tensor v = Wide(DegreesOfFreedom);
        Tensor log = Cauchy.LogOnePlusSquare(((Wide(value) - Wide(Loc)) / Wide(Scale)).Abs() / v.Sqrt());
        return ((v + 1) * log * -0.5 - LogNormalizer).To(DType);
    }

    /// <summary>(v + 1)/2 (digamma((v + 1)/2) - digamma(v/2)) + log B(v/2, 1/2) + log(v)/2 + log scale.</summary>
    public override Tensor Entropy()
    {
        Tensor half = Wide(DegreesOfFreedom) * 0.5;
        return ((half + 0.5) * ((half + 0.5).Digamma() - half.Digamma()) + LogNormalizer).To(DType);
    }

    /// <summary>1/2 I_w(v/2, 1/2) below loc, w = v / (v + u^2); 1 minus that above.</summary>
    public override Tensor Cdf(Tensor value)
    {
        Tensor u = (value - Loc) / Scale, half = DegreesOfFreedom * 0.5;
        Tensor w = DegreesOfFreedom / (DegreesOfFreedom + u.Square());
        // Near the middle w rounds to 1: there 1 - w = u^2 / (v + u^2) is the accurate argument.
        Tensor middle = Tensor.Less(Tensor.Scalar(0.5, DType), w);
        Tensor near = 1 - Tensor.RegularizedBeta(Constant(0.5), half, Tensor.Where(middle, u.Square() / (DegreesOfFreedom + u.Square()), 0.25));
        Tensor tail = Tensor.Where(middle, near, Tensor.RegularizedBeta(half, Constant(0.5), Tensor.Where(1 - middle, w, 0.25))) * 0.5;
        return Tensor.Where(Tensor.Less(u, 0), tail, 1 - tail);
    }

    /// <summary>loc -+ scale sqrt(v (1 - w) / w), w the quantile of the nearer tail's incomplete beta function.</summary>
    public override Tensor InverseCdf(Tensor probability)
    {
        Tensor p = Wide(probability), below = Tensor.Less(p, 0.5), tail = Tensor.Where(below, p, 1 - p) * 2;
        Tensor half = Wide(DegreesOfFreedom) * 0.5, one = Tensor.Scalar(0.5, DType.Float64);
        // Towards the middle w rounds to 1; its complement s is then the accurate number.
        Tensor middle = Tensor.Less(Tensor.Scalar(0.5, DType.Float64), tail);
        Tensor s = Tensor.BetaQuantile(one, half, Tensor.Where(middle, 1 - tail, 0.25)), w = Tensor.BetaQuantile(half, one, Tensor.Where(middle, Tensor.Scalar(0.25, DType.Float64), tail));
        Tensor size = (Wide(DegreesOfFreedom) * Tensor.Where(middle, s / (1 - s), (1 - w) / w)).Sqrt();
        return (Wide(Loc) + Wide(Scale) * Tensor.Where(below, -size, size)).To(DType);
    }

    /// <summary>scale^2 v / (v - 2) + (loc - c)^2, infinite up to v = 2.</summary>
    protected internal override Tensor SecondMomentAbout(Tensor c)
    {
        Tensor finite = Tensor.Less(Tensor.Scalar(2, DType), DegreesOfFreedom);
        return Tensor.Where(finite, Tensor.Where(finite, Variance, 0) + (Loc - c).Square(), double.PositiveInfinity);
    }

    /// <summary>Infinite: the tails are powers.</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c) => Constant(double.PositiveInfinity) + (t + c) * 0;

    /// <summary>In Float64.</summary>
    private Tensor LogNormalizer
    {
        get
        {
            Tensor v = Wide(DegreesOfFreedom);
            return Tensor.LogBeta(v * 0.5, Tensor.Scalar(0.5, DType.Float64)) + v.Log() * 0.5 + Wide(Scale).Log();
        }
    }
}

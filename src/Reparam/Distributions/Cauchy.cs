using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Cauchy distribution: log p(x) = -log pi - log scale - log(1 + ((x - loc) / scale)^2). Each element of the
/// parameters is a separate batch member. The distribution has no mean.
/// </summary>
public sealed class Cauchy : ReparameterizedDistribution
{
    private static readonly double LogPi = PortableMath.Log(Math.PI);

    /// <summary>
    /// Creates the distribution from the location (the median) and the scale (half the interquartile range, positive).
    /// The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a scale is not positive.</exception>
    public Cauchy(Tensor loc, Tensor scale)
        : this(Checked.Broadcast(loc, Checked.Positive(scale), nameof(loc), nameof(scale)))
    {
    }

    private Cauchy((Tensor Loc, Tensor Scale) p)
        : base(p.Loc.Shape, [], p.Loc.DType) => (Loc, Scale) = p;

    /// <summary>The location: median and mode.</summary>
    public Tensor Loc { get; }

    /// <summary>Half the interquartile range.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Cauchy(Wide(Loc), Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <summary>NaN: the distribution has no mean.</summary>
    public override Tensor Mean => Constant(double.NaN);

    /// <summary>NaN: the distribution has no variance.</summary>
    public override Tensor Variance => Constant(double.NaN);

    /// <inheritdoc/>
    public override Tensor Mode => Loc;

    /// <summary>The quantile of uniform noise: d/dloc = 1, d/dscale = (z - loc) / scale.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        KeepFinite(QuantileDraw(rng, sampleShape).To(DType));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) =>
        -LogOnePlusSquare(((value - Loc) / Scale).Abs()) - Scale.Log() - LogPi;

    /// <summary>log(4 pi scale).</summary>
    protected override Tensor EntropyCore() => (Scale * 4).Log() + LogPi;

    /// <summary>1/2 + atan(u) / pi with u = (x - loc) / scale. Each tail is computed from its own end.</summary>
    protected override Tensor TailCore(Tensor value, bool upper)
    {
        Tensor u = (value - Loc) / Scale;
        if (upper) u = -u;
        Tensor far = Tensor.Less(u, -1);
        Tensor tail = -Tensor.Where(far, u, -1).Reciprocal().Atan() / Math.PI;
        return Tensor.Where(far, tail, Tensor.Where(far, Tensor.Scalar(0, DType), u).Atan() / Math.PI + 0.5);
    }

    /// <summary>The logarithm of the tail. A tail falls as 1 / u and does not underflow.</summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => TailCore(value, upper).Log();

    /// <summary>loc + scale tan(pi (p - 1/2)), computed as the cotangent of the nearer tail.</summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        Tensor below = Tensor.Less(probability, 0.5);
        Tensor tail = Tensor.Where(below, probability, 1 - probability) * Math.PI;
        Tensor cotangent = tail.Cos() / tail.Sin();
        return Loc + Scale * Tensor.Where(below, -cotangent, cotangent);
    }

    /// <summary>
    /// The KL divergence to a Cauchy: log(((s1 + s2)^2 + (m1 - m2)^2) / (4 s1 s2)) (Chyzak and Nielsen 2019), with the
    /// locations m and the scales s of this distribution (1) and of the other (2).
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Cauchy p) return null;
        // The sum of squares divided by 4 s1 s2 is 1 + ((s1 - s2)^2 + (m1 - m2)^2) / (4 s1 s2). So the divergence of
        // equal distributions is exactly 0.
        return (((Scale - p.Scale).Square() + (Loc - p.Loc).Square()) / (Scale * p.Scale * 4)).LogP1();
    }

    /// <summary>Infinite.</summary>
    protected internal override Tensor SecondMomentAbout(Tensor c) => Constant(double.PositiveInfinity) + c * 0;

    /// <summary>Infinite.</summary>
    protected internal override Tensor? MeanAbsoluteDeviation(Tensor c) => Constant(double.PositiveInfinity) + c * 0;

    /// <summary>Infinite, because the tail falls only as a power of x.</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c) => Constant(double.PositiveInfinity) + (t + c) * 0;

    /// <summary>
    /// log(1 + u^2) for u >= 0 without overflow. For u above 1 it is computed as 2 log u + log(1 + u^-2).
    /// </summary>
    internal static Tensor LogOnePlusSquare(Tensor u)
    {
        Tensor large = Tensor.Less(Tensor.Scalar(1, u.DType), u), above = Tensor.Where(large, u, 1);
        Tensor near = Tensor.Where(large, Tensor.Scalar(0, u.DType), u).Square().LogP1();
        return Tensor.Where(large, above.Log() * 2 + above.Reciprocal().Square().LogP1(), near);
    }
}

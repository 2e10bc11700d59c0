using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The von Mises distribution of angles: log p(x) = k cos(x - loc) - log(2 pi I_0(k)) on [-pi, pi], where k is the
/// concentration. It is the analogue of the normal distribution on the circle. Each element of the parameters is a
/// separate batch member.
/// </summary>
/// <remarks>
/// A draw is loc plus the quantile of uniform noise of the distribution around 0, moved into [-pi, pi]. Its gradient
/// with respect to the concentration is implicit (Figurnov, Mohamed and Mnih 2018). Gradients are correct for functions
/// that do not jump where the circle is cut, such as sines and cosines. The probability of a tail has an absolute error
/// of 2e-15, because the mass from the cut on is a difference. Therefore the logarithm of a tail is accurate down to a
/// tail of about 1e-10, and a tail below 1e-15 may be 0.
/// </remarks>
public sealed class VonMises : ReparameterizedDistribution
{
    private const double Turn = 2 * Math.PI;
    private static readonly double LogTurn = PortableMath.Log(Turn);

    /// <summary>
    /// Creates the distribution from the location (an angle in radians) and the concentration (positive). The shapes
    /// broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a concentration is not positive.</exception>
    public VonMises(Tensor loc, Tensor concentration)
        : this(Checked.Broadcast(loc, Checked.Positive(concentration), nameof(loc), nameof(concentration)))
    {
    }

    private VonMises((Tensor Loc, Tensor Concentration) p)
        : base(p.Loc.Shape, [], p.Loc.DType) => (Loc, Concentration) = p;

    /// <summary>The location. It is the circular mean, in radians.</summary>
    public Tensor Loc { get; }

    /// <summary>
    /// The concentration k, positive. As k approaches 0 the distribution approaches the uniform one. For large k the
    /// standard deviation is near 1 / sqrt k.
    /// </summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new VonMises(Wide(Loc), Wide(Concentration));

    /// <inheritdoc/>
    public override Support Support => Support.Interval(-Math.PI, Math.PI, DType);

    /// <summary>Not supported: the mean of an angle depends on where the circle is cut.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean => throw new NotSupportedException(
        "The mean of an angle depends on where the circle is cut. Use Loc for the mean direction.");

    /// <summary>Not supported: the variance of an angle depends on where the circle is cut.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance => throw new NotSupportedException(
        "The variance of an angle depends on where the circle is cut. Use CircularVariance.");

    /// <inheritdoc/>
    protected internal override bool HasMoments => false;

    /// <summary>1 - E[cos(x - loc)] = 1 - I_1(k) / I_0(k). It lies between 0 and 1.</summary>
    public Tensor CircularVariance => (1 - Wide(Concentration).BesselIRatio(0)).To(DType);

    /// <summary>The location, moved into [-pi, pi].</summary>
    public override Tensor Mode => Wrapped(Loc);

    /// <summary>
    /// log(2 pi I_0(k)) - k, in Float64. Both terms grow like k, and their difference grows like log k.
    /// </summary>
    private Tensor LogNormalizer => Wide(Concentration).LogBesselI(0) - Wide(Concentration) + LogTurn;

    /// <summary>loc + quantile(u), moved into [-pi, pi]: d/dloc = 1, and d/dk is implicit.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor u = UniformNoise(rng, sampleShape, DType.Float64);
        Tensor draw = (Wide(Loc) + Tensor.VonMisesQuantile(Wide(Concentration), u)).To(DType);
        return Keep(Wrapped(draw), -Math.PI, Math.PI);
    }

    /// <summary>The log-density; -infinity outside [-pi, pi].</summary>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Support.Contains(value), value, 0, x =>
    {
        // k (cos d - 1) = -2 k sin^2(d/2).
        return ((x - Loc) * 0.5).Sin().Square() * Concentration * -2 - LogNormalizer;
    });

    /// <summary>log(2 pi I_0(k)) - k I_1(k) / I_0(k).</summary>
    protected override Tensor EntropyCore()
    {
        return LogNormalizer + Concentration * (1 - Concentration.BesselIRatio(0));
    }

    /// <summary>
    /// P(-pi &lt;= X &lt;= x) for the lower tail. The upper tail P(x &lt; X &lt;= pi) is the mirror image. The absolute
    /// error is 1e-15.
    /// </summary>
    protected override Tensor TailCore(Tensor value, bool upper)
    {
        Tensor x = value.Clamp(-Math.PI, Math.PI), loc = Loc;
        if (upper) (x, loc) = (-x, -loc);
        return (Unwound(x - loc) - Unwound(-Math.PI - loc)).Clamp(0, 1);
    }

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        LogTailWithin(value, -Math.PI, Math.PI, upper, 0, x => TailCore(x, upper).Log());

    /// <summary>
    /// The x with P(-pi &lt;= X &lt;= x) = <paramref name="probability"/>. It is loc plus the quantile around 0 of the
    /// probability plus the CDF around 0 at the cut.
    /// </summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        // The angle d with Unwound(d) = p + Unwound(-pi - loc). Whole turns are removed and added again.
        Tensor target = probability + Unwound(-Math.PI - Loc), turns = target.Floor().Detach();
        Tensor angle = Tensor.VonMisesQuantile(Concentration, target - turns) + turns * Turn;
        return Keep(Loc + angle, -Math.PI, Math.PI);
    }

    /// <summary>
    /// The KL divergence to a von Mises: log I_0(k2) - log I_0(k1) + (I_1/I_0)(k1) (k1 - k2 cos(m1 - m2)), with the
    /// concentrations k and the mean directions m of this distribution (1) and of the other (2).
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not VonMises p) return null;
        Tensor k1 = Wide(Concentration), k2 = Wide(p.Concentration), half = ((Wide(Loc) - Wide(p.Loc)) * 0.5).Sin();
        // With the normalisers n = log(2 pi I_0(k)) - k: n2 - n1 + (1 - A) (k2 - k1) + 2 A k2 sin^2(d/2).
        Tensor ratio = k1.BesselIRatio(0);
        return (p.LogNormalizer - LogNormalizer + (1 - ratio) * (k2 - k1) + ratio * k2 * half.Square() * 2).To(DType);
    }

    /// <summary>The CDF of the distribution around 0, continued over all turns. Each whole turn adds 1.</summary>
    private Tensor Unwound(Tensor angle)
    {
        Tensor turns = ((angle + Math.PI) / Turn).Floor().Detach();
        return turns + Tensor.VonMisesCdf(
            Wide(Concentration), Tensor.Minimum(angle - turns * Turn, Tensor.Scalar(Math.PI, DType.Float64)));
    }

    private static Tensor Wrapped(Tensor angle) => angle - ((angle + Math.PI) / Turn).Floor().Detach() * Turn;
}

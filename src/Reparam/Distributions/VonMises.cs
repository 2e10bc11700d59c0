using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The von Mises distribution of angles: log p(x) = k cos(x - loc) - log(2 pi I_0(k)) on [-pi, pi], k the
/// concentration; the normal distribution's relative on the circle. Every element is a batch member of its own.
/// </summary>
/// <remarks>
/// A draw is loc plus the quantile of uniform noise about 0, brought back into [-pi, pi]; its gradient by the
/// concentration is the implicit one (Figurnov, Mohamed and Mnih 2018). On a circle gradients are right for functions
/// that do not jump where the circle is cut, such as sines and cosines. Probabilities of tails have an absolute error
/// of 2e-15, since the mass from the cut on is a difference: their logarithms are accurate down to some 1e-10, and a
/// tail below 1e-15 may come out as 0.
/// </remarks>
public sealed class VonMises : ReparameterizedDistribution
{
    private const double Turn = 2 * Math.PI;
    private static readonly double LogTurn = PortableMath.Log(Turn);

    /// <summary>From location (an angle in radians) and concentration (positive), which broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a concentration is not positive.</exception>
    public VonMises(Tensor loc, Tensor concentration)
        : this(Checked.Broadcast(loc, Checked.Positive(concentration), nameof(loc), nameof(concentration)))
    {
    }

    private VonMises((Tensor Loc, Tensor Concentration) p)
        : base(p.Loc.Shape, [], p.Loc.DType) => (Loc, Concentration) = p;

    /// <summary>The location: the circular mean, in radians.</summary>
    public Tensor Loc { get; }

    /// <summary>k: 0 would be uniform; for large k the standard deviation is near 1 / sqrt k.</summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new VonMises(Wide(Loc), Wide(Concentration));

    /// <inheritdoc/>
    public override Support Support => Support.Interval(-Math.PI, Math.PI, DType);

    /// <summary>None that means something: it would depend on where the circle is cut.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean => throw new NotSupportedException(
        "The mean of an angle depends on where the circle is cut. Its direction is Loc.");

    /// <summary>None that means something: it would depend on where the circle is cut.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance => throw new NotSupportedException(
        "The variance of an angle depends on where the circle is cut. CircularVariance does not.");

    /// <inheritdoc/>
    protected internal override bool HasMoments => false;

    /// <summary>1 - E[cos(x - loc)] = 1 - I_1(k) / I_0(k), between 0 and 1.</summary>
    public Tensor CircularVariance => (1 - Wide(Concentration).BesselIRatio(0)).To(DType);

    /// <summary>The location, brought into [-pi, pi].</summary>
    public override Tensor Mode => Wrapped(Loc);

    /// <summary>log(2 pi I_0(k)) - k, in Float64: both grow like k, their difference like log k.</summary>
    private Tensor LogNormalizer => Wide(Concentration).LogBesselI(0) - Wide(Concentration) + LogTurn;

    /// <summary>loc + quantile(u), brought into [-pi, pi]: d/dloc = 1, d/dk implicit.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor u = UniformNoise(rng, sampleShape, DType.Float64);
        Tensor draw = (Wide(Loc) + Tensor.VonMisesQuantile(Wide(Concentration), u)).To(DType);
        return Keep(Wrapped(draw), -Math.PI, Math.PI);
    }

    /// <summary>-infinity outside [-pi, pi].</summary>
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
    /// P(-pi &lt;= X &lt;= x), and of the upper tail P(x &lt; X &lt;= pi), the mirror image. Absolute error 1e-15.
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
    /// The x with that probability between -pi and it: the quantile about loc, of the probability beyond the cut more.
    /// </summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        // The angle d with Unwound(d) = p + Unwound(-pi - loc), whole turns taken out.
        Tensor target = probability + Unwound(-Math.PI - Loc), turns = target.Floor().Detach();
        Tensor angle = Tensor.VonMisesQuantile(Concentration, target - turns) + turns * Turn;
        return Keep(Loc + angle, -Math.PI, Math.PI);
    }

    /// <summary>Against a von Mises: log I_0(k2) - log I_0(k1) + (I_1/I_0)(k1) (k1 - k2 cos(m1 - m2)).</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not VonMises p) return null;
        Tensor k1 = Wide(Concentration), k2 = Wide(p.Concentration), half = ((Wide(Loc) - Wide(p.Loc)) * 0.5).Sin();
        // With the normalisers less k: n2 - n1 + (1 - A) (k2 - k1) + 2 A k2 sin^2(d/2).
        Tensor ratio = k1.BesselIRatio(0);
        return (p.LogNormalizer - LogNormalizer + (1 - ratio) * (k2 - k1) + ratio * k2 * half.Square() * 2).To(DType);
    }

    /// <summary>The CDF about 0 continued over all turns: whole turns count 1.</summary>
    private Tensor Unwound(Tensor angle)
    {
        Tensor turns = ((angle + Math.PI) / Turn).Floor().Detach();
        return turns + Tensor.VonMisesCdf(
            Wide(Concentration), Tensor.Minimum(angle - turns * Turn, Tensor.Scalar(Math.PI, DType.Float64)));
    }

    private static Tensor Wrapped(Tensor angle) => angle - ((angle + Math.PI) / Turn).Floor().Detach() * Turn;
}

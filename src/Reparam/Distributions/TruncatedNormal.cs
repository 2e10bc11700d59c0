using Reparam.Tensors;
using Reparam.Tensors.Special;

namespace Reparam.Distributions;

/// <summary>
/// A normal between two ends, either of which may be infinite: log p(x) = log N(x; loc, scale^2) - log Z, Z the
/// normal's mass between them. Every element is a batch member of its own.
/// </summary>
/// <remarks>
/// Densities, moments and the entropy are taken relative to the point of the interval nearest to loc, by Gauss-Legendre
/// quadrature of what is left of the density: exact to some 1e-14 for intervals however narrow or far out in a tail,
/// where differences of masses cancel.
/// </remarks>
public sealed class TruncatedNormal : ReparameterizedDistribution
{
    /// <summary>Where an infinite end is put, in units of the scale: the density there is 0 and its square
    /// finite.</summary>
    private const double Far = 1e150;

    /// <summary>How many nats the density falls before what is left does not count, and how many scales from the
    /// location that is.</summary>
    private const double Reach = 40, Widest = 9;

    private static readonly Tensor s_nodes = ShapeScope.Outside(
        () => Tensor.From([.. Nodes(sign: -1), .. Nodes(sign: 1)], [40]).Keep());
    private static readonly Tensor s_weights = ShapeScope.Outside(
        () => Tensor.From([.. GaussLegendre.Weights, .. GaussLegendre.Weights], [40]).Keep());

    private readonly Normal _whole;

    // In Float64: masses cancel. The ends in units of the scale, mirrored where the interval lies in the upper half so
    // that both masses are lower tails.
    private readonly Tensor _mirrored, _a, _b, _logMassA, _logMassB;

    /// <summary>From location and scale (positive) of the whole normal and the ends, low below high, all of which
    /// broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, a scale is not positive or an interval is
    /// empty.</exception>
    public TruncatedNormal(Tensor loc, Tensor scale, Tensor low, Tensor high)
        : this(new Normal(loc, scale), Ends(low, high))
    {
    }

    private TruncatedNormal(Normal whole, (Tensor Low, Tensor High) ends)
        : base(Checked.Join(whole.BatchShape, ends.Low.Shape, "loc, scale", "low, high"), [], whole.DType)
    {
        _whole = whole;
        Low = Checked.To(ends.Low, BatchShape);
        High = Checked.To(ends.High, BatchShape);
        Tensor a = Standardized(Low), b = Standardized(High);
        // Which end has the smaller tail beyond it: a + b > 0 means that the interval lies above the location.
        _mirrored = Tensor.Less(-b, a).Detach();
        _a = Tensor.Where(_mirrored, -b, a);
        _b = Tensor.Where(_mirrored, -a, b);
        _logMassA = _a.LogNormalCdf();
        _logMassB = _b.LogNormalCdf();
    }

    /// <summary>The location of the whole normal, its mean.</summary>
    public Tensor Loc => _whole.Loc;

    /// <summary>The standard deviation of the whole normal.</summary>
    public Tensor Scale => _whole.Scale;

    /// <summary>The lower end.</summary>
    public Tensor Low { get; }

    /// <summary>The upper end.</summary>
    public Tensor High { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened =>
        new TruncatedNormal(new Normal(Wide(Loc), Wide(Scale)), (Wide(Low), Wide(High)));

    /// <inheritdoc/>
    public override Support Support => new(SupportKind.Interval, Low, High);

    /// <summary>loc + scale (phi(a) - phi(b)) / Z, a and b the ends in units of the scale.</summary>
    public override Tensor Mean
    {
        get
        {
            (Tensor steps, Tensor shares, _) = Quadrature();
            return (Anchor + Signed((steps * shares).Sum(^1)) * Wide(Scale)).To(DType);
        }
    }

    /// <summary>scale^2 (1 + (a phi(a) - b phi(b)) / Z - ((phi(a) - phi(b)) / Z)^2).</summary>
    public override Tensor Variance
    {
        get
        {
            (Tensor steps, Tensor shares, _) = Quadrature();
            Tensor centred = steps - (steps * shares).Sum(^1, keepAxis: true);
            return (Wide(Scale).Square() * (centred.Square() * shares).Sum(^1)).To(DType);
        }
    }

    /// <summary>loc, or the end nearest to it.</summary>
    public override Tensor Mode => Tensor.Minimum(Tensor.Maximum(Checked.To(Loc, BatchShape), Low), High);

    /// <summary>The point of the interval nearest to loc in units of the scale, mirrored: at most 0.</summary>
    private Tensor Nearest => Tensor.Minimum(_b, Tensor.Scalar(0, DType.Float64));

    /// <summary>Whether loc lies outside, beyond the upper end of the mirrored interval.</summary>
    private Tensor Outside => Tensor.Less(_b, 0).Detach();

    /// <summary>The same point as a value.</summary>
    private Tensor Anchor => Tensor.Where(Outside, Tensor.Where(_mirrored, Wide(Low), Wide(High)), Wide(Loc));

    /// <summary>The quantile of uniform noise, differentiable in location, scale and ends.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor z = QuantileDraw(rng, sampleShape).To(DType);
        return Tensor.WithVjp(Tensor.Minimum(Tensor.Maximum(z, Low), High), [z], g => [g]);
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor inside = Formulas.Within(value, Low, High) + Formulas.IsNaN(value), anchor = Anchor;
        Tensor step = Signed(Tensor.Where(inside, value, anchor) - anchor) / Scale;
        return Tensor.Where(inside, Fall(step, Nearest) - Quadrature().LogMass - Scale.Log(), double.NegativeInfinity);
    }

    /// <summary>log(scale Z sqrt(2 pi e)) + (a phi(a) - b phi(b)) / (2 Z).</summary>
    protected override Tensor EntropyCore()
    {
        (Tensor steps, Tensor shares, Tensor logMass) = Quadrature();
        return Scale.Log() + logMass - (Fall(steps, Nearest.Reshape(BatchShape + [1])) * shares).Sum(^1);
    }

    /// <summary>
    /// (Phi(u) - Phi(a)) / Z, u = (x - loc) / scale, and of the upper tail (Phi(b) - Phi(u)) / Z, in logarithms.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        (Tensor low, Tensor high, Tensor lowFinite, Tensor highFinite) = (Low, High, FiniteEnd(Low), FiniteEnd(High));
        // A point between the ends.
        Tensor nextToLow = Tensor.Where(lowFinite, low, 0) + Scale;
        Tensor nextToHigh = Tensor.Where(highFinite, high, 0) - Scale;
        Tensor middle = Tensor.Where(lowFinite, low, 0) * 0.5 + Tensor.Where(highFinite, high, 0) * 0.5;
        Tensor between = Tensor.Where(
            lowFinite, Tensor.Where(highFinite, middle, nextToLow),
            Tensor.Where(highFinite, nextToHigh, Checked.To(Loc, BatchShape)));
        return LogTailWithin(value, low, high, upper, between.Detach(), x =>
        {
            // The mass on one side of x is that of the normal truncated there, of which every quantity is relative to
            // its own nearest point.
            TruncatedNormal part = upper ? new(_whole, (x, Checked.To(high, x.Shape)))
                : new(_whole, (Checked.To(low, x.Shape), x));
            Tensor step = Signed(part.Anchor - Anchor) / Scale;
            return part.Quadrature().LogMass + Fall(step, Nearest) - Quadrature().LogMass;
        });

        static Tensor FiniteEnd(Tensor end) => Formulas.Within(end, double.MinValue, double.MaxValue);
    }

    /// <summary>loc + scale times the normal quantile of Phi(a) + p Z.</summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        Tensor p = Tensor.Where(_mirrored, 1 - probability, probability);
        // log(Phi(a) + p (Phi(b) - Phi(a))) = log Phi(b) + log(p + (1 - p) e^(log Phi(a) - log Phi(b))).
        Tensor log = _logMassB + (p + (1 - p) * (_logMassA - _logMassB).Exp()).Log();
        return Loc + Scale * Signed(log.NormalQuantileOfLog());
    }

    /// <summary>As a mirrored interval's numbers mean the opposite direction.</summary>
    private Tensor Signed(Tensor x) => Tensor.Where(_mirrored, -x, x);

    /// <summary>An end in units of the scale, in Float64. An infinite one is as far as makes no difference and has no
    /// gradient: infinity times 0 would be NaN.</summary>
    private Tensor Standardized(Tensor end)
    {
        Tensor wide = Wide(end), finite = Formulas.Within(wide, double.MinValue, double.MaxValue);
        return Tensor.Where(finite, (Tensor.Where(finite, wide, 0) - Wide(Loc)) / Wide(Scale), wide.Clamp(-Far, Far));
    }

    /// <summary>log of the density at a step from the nearest point over that at the point: -(s^2 + 2 m s) /
    /// 2.</summary>
    private static Tensor Fall(Tensor step, Tensor nearest) => step * (step + nearest * 2) * -0.5;

    /// <summary>
    /// Steps from the nearest point, in units of the scale and mirrored, the share of the mass at each, both batch +
    /// [40], and the logarithm of the integral of e^<see cref="Fall"/>. What lies where the density has fallen by 40
    /// nats is left out.
    /// </summary>
    private (Tensor Steps, Tensor Shares, Tensor LogMass) Quadrature()
    {
        Tensor nearest = Nearest, outside = Outside;
        // From an end to the other by their own difference: both may lie many scales away.
        Tensor finite = Formulas.Within(Wide(Low), double.MinValue, double.MaxValue) * Formulas.Within(
            Wide(High), double.MinValue, double.MaxValue);
        Tensor width = (Tensor.Where(finite, Wide(High), 0) - Tensor.Where(finite, Wide(Low), 0)) / Wide(Scale);
        Tensor lowest = Tensor.Where(outside, Tensor.Where(finite, -width, _a), _a),
            highest = Tensor.Where(outside, Tensor.Zeros(BatchShape, DType.Float64), _b);
        Tensor cut = (-nearest + (nearest.Square() + 2 * Reach).Sqrt()).Reciprocal().Detach() * (-2 * Reach);
        Tensor low = Tensor.Maximum(lowest, cut), high = Tensor.Minimum(highest, Tensor.Scalar(Widest, DType.Float64));
        Shape column = BatchShape + [1];
        Tensor half = (high - low).Reshape(column) * 0.5, steps = low.Reshape(column) + half * (s_nodes + 1);
        Tensor logs = Fall(steps, nearest.Reshape(column)),
            log = (logs + s_weights.Log()).LogSumExp(^1, keepAxis: true);
        return (steps, (logs + s_weights.Log() - log).Exp(), (log + half.Log()).Reshape(BatchShape));
    }

    private static (Tensor Low, Tensor High) Ends(Tensor low, Tensor high)
    {
        (low, high) = Checked.Broadcast(low, high);
        Checked.Below(low, high, nameof(low), nameof(high));
        return (low, high);
    }

    private static double[] Nodes(int sign) => [.. GaussLegendre.Nodes.ToArray().Select(x => sign * x)];
}

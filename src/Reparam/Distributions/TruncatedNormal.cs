using Reparam.Tensors;
using Reparam.Tensors.Special;

namespace Reparam.Distributions;

/// <summary>
/// A normal distribution truncated to the interval between two ends. Each end may be infinite. log p(x) = log N(x; loc,
/// scale^2) - log Z, where Z is the mass of the normal distribution between the ends. Each element of the parameters is
/// a separate batch member.
/// </summary>
/// <remarks>
/// Densities, moments and the entropy are computed relative to the point of the interval nearest to loc, by
/// Gauss-Legendre quadrature of the density relative to that point. They are accurate to about 1e-14, also for
/// intervals that are very narrow or far out in a tail, where differences of masses cancel.
/// </remarks>
public sealed class TruncatedNormal : ReparameterizedDistribution
{
    /// <summary>
    /// The number that replaces an infinite end, in units of the scale. The density there is 0 and the square of the
    /// number is finite.
    /// </summary>
    private const double Far = 1e150;

    /// <summary>
    /// Reach is the fall of the log-density, in nats, below which the rest of the mass is ignored. Widest is the
    /// corresponding distance from the location in units of the scale.
    /// </summary>
    private const double Reach = 40, Widest = 9;

    private static readonly Tensor s_nodes = ShapeScope.Outside(
        () => Tensor.From([.. Nodes(sign: -1), .. Nodes(sign: 1)], [40]).Keep());
    private static readonly Tensor s_weights = ShapeScope.Outside(
        () => Tensor.From([.. GaussLegendre.Weights, .. GaussLegendre.Weights], [40]).Keep());

    private readonly Normal _whole;

    // In Float64, because masses cancel. The ends are in units of the scale. They are mirrored where the interval lies
    // in the upper half, so that both masses are lower tails.
    private readonly Tensor _mirrored, _a, _b, _logMassA, _logMassB;

    /// <summary>
    /// Creates the distribution from the location and scale (positive) of the normal distribution and the ends, where
    /// <paramref name="low"/> lies below <paramref name="high"/>. The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, a scale is not positive, or low is not below
    /// high.</exception>
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
        // Finds the end with the smaller tail beyond it. a + b > 0 means that the interval lies above the location.
        _mirrored = Tensor.Less(-b, a).Detach();
        _a = Tensor.Where(_mirrored, -b, a);
        _b = Tensor.Where(_mirrored, -a, b);
        _logMassA = _a.LogNormalCdf();
        _logMassB = _b.LogNormalCdf();
    }

    /// <summary>
    /// The location of the normal distribution before truncation. It is the mean of that distribution.
    /// </summary>
    public Tensor Loc => _whole.Loc;

    /// <summary>The standard deviation of the normal distribution before truncation.</summary>
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

    /// <summary>loc + scale (phi(a) - phi(b)) / Z, where a and b are the ends in units of the scale.</summary>
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

    /// <summary>loc, or the end nearest to loc if loc lies outside the interval.</summary>
    public override Tensor Mode => Tensor.Minimum(Tensor.Maximum(Checked.To(Loc, BatchShape), Low), High);

    /// <summary>
    /// The point of the interval nearest to loc, in units of the scale and mirrored. It is at most 0.
    /// </summary>
    private Tensor Nearest => Tensor.Minimum(_b, Tensor.Scalar(0, DType.Float64));

    /// <summary>Whether loc lies outside the interval, beyond the upper end of the mirrored interval.</summary>
    private Tensor Outside => Tensor.Less(_b, 0).Detach();

    /// <summary>The point of the interval nearest to loc, as a value.</summary>
    private Tensor Anchor => Tensor.Where(Outside, Tensor.Where(_mirrored, Wide(Low), Wide(High)), Wide(Loc));

    /// <summary>The quantile of uniform noise. It is differentiable in the location, the scale and the ends.</summary>
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
    /// The logarithm of (Phi(u) - Phi(a)) / Z for the lower tail and of (Phi(b) - Phi(u)) / Z for the upper tail, with
    /// u = (x - loc) / scale.
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
            // The mass on one side of x is the mass of the normal distribution truncated at x. Each of its quantities
            // is relative to its own nearest point.
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

    /// <summary>Changes the sign where the interval is mirrored.</summary>
    private Tensor Signed(Tensor x) => Tensor.Where(_mirrored, -x, x);

    /// <summary>
    /// An end in units of the scale, in Float64. An infinite end is replaced by a number that is far enough to make no
    /// difference. It has no gradient, because infinity times 0 would be NaN.
    /// </summary>
    private Tensor Standardized(Tensor end)
    {
        Tensor wide = Wide(end), finite = Formulas.Within(wide, double.MinValue, double.MaxValue);
        return Tensor.Where(finite, (Tensor.Where(finite, wide, 0) - Wide(Loc)) / Wide(Scale), wide.Clamp(-Far, Far));
    }

    /// <summary>
    /// The logarithm of the density at a step s from the nearest point m, divided by the density at m: -(s^2 + 2 m s) /
    /// 2.
    /// </summary>
    private static Tensor Fall(Tensor step, Tensor nearest) => step * (step + nearest * 2) * -0.5;

    /// <summary>
    /// Steps is the distance of the quadrature nodes from the nearest point, in units of the scale and mirrored. Shares
    /// is the share of the mass at each node. Both have the shape batch + [40]. LogMass is the logarithm of the
    /// integral of e^<see cref="Fall"/>. The part where the density has fallen by 40 nats is ignored.
    /// </summary>
    private (Tensor Steps, Tensor Shares, Tensor LogMass) Quadrature()
    {
        Tensor nearest = Nearest, outside = Outside;
        // The distance between the ends is computed from their own difference, because both may lie many scales away
        // from loc.
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

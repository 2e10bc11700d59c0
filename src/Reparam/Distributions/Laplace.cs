using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Laplace distribution: log p(x) = -|x - loc| / scale - log(2 scale). Each element of the parameters is a separate
/// batch member.
/// </summary>
public sealed class Laplace : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from the location and the scale (mean absolute deviation, positive). The shapes
    /// broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a scale is not positive.</exception>
    public Laplace(Tensor loc, Tensor scale)
        : this(Checked.Broadcast(loc, Checked.Positive(scale), nameof(loc), nameof(scale)))
    {
    }

    private Laplace((Tensor Loc, Tensor Scale) p)
        : base(p.Loc.Shape, [], p.Loc.DType) => (Loc, Scale) = p;

    /// <summary>The location. It is the mean, the median and the mode.</summary>
    public Tensor Loc { get; }

    /// <summary>The mean absolute deviation.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Laplace(Wide(Loc), Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <inheritdoc/>
    public override Tensor Mean => Loc;

    /// <summary>2 scale^2.</summary>
    public override Tensor Variance => Scale.Square() * 2;

    /// <inheritdoc/>
    public override Tensor Mode => Loc;

    /// <summary>The quantile of uniform noise: d/dloc = 1, d/dscale = (z - loc) / scale.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) => QuantileDraw(rng, sampleShape).To(DType);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => -(value - Loc).Abs() / Scale - (Scale * 2).Log();

    /// <summary>1 + log(2 scale).</summary>
    protected override Tensor EntropyCore() => (Scale * 2).Log() + 1;

    /// <summary>
    /// With u = (x - loc) / scale the lower tail is e^u / 2 for u below 0 and 1 - e^-u / 2 above. The upper tail is its
    /// mirror image.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        Tensor u = (value - Loc) / Scale;
        if (upper) u = -u;
        return Tensor.Where(Tensor.Less(u, 0), u - Formulas.Ln2, ((-u.Abs()).Exp() * -0.5).LogP1());
    }

    /// <summary>loc + scale log(2p) for p below 1/2, loc - scale log(2 - 2p) above.</summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        Tensor below = Tensor.Less(probability, 0.5);
        // For p >= 1/2, 1 - p is exact.
        Tensor tail = (Tensor.Where(below, probability, 1 - probability) * 2).Log();
        return Loc + Scale * Tensor.Where(below, tail, -tail);
    }

    /// <summary>The KL divergence to a Laplace: log(b2/b1) + (b1 e^(-d/b1) + d) / b2 - 1 with d = |m1 - m2|, and with
    /// the locations m and the scales b of this distribution (1) and of the other (2).</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Laplace p) return null;
        Tensor distance = (Loc - p.Loc).Abs() / Scale, ratio = Scale / p.Scale;
        // r (e^-d + d) - 1 - log r = r (expm1(-d) + d) + (r - 1 - log r). Both parts are 0 for equal distributions and
        // never negative.
        return ratio * ((-distance).ExpM1() + distance) + (ratio - 1 - ratio.Log());
    }

    /// <summary>E_q[log p], which needs the mean absolute deviation of q from loc.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanAbsoluteDeviation(Loc) is { } deviation ? -deviation / Scale - (Scale * 2).Log() : null;

    /// <summary>e^(t (loc - c)) / (1 - (t scale)^2). It is infinite for |t scale| >= 1.</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c)
    {
        Tensor square = (t * Scale).Square(), finite = Tensor.Less(square, 1);
        return Tensor.Where(
            finite, (t * (Loc - c)).Exp() / (1 - Tensor.Where(finite, square, 0)), double.PositiveInfinity);
    }

    /// <summary>d + scale e^(-d / scale) with d = |loc - c|.</summary>
    protected internal override Tensor? MeanAbsoluteDeviation(Tensor c)
    {
        Tensor distance = (Loc - c).Abs();
        return distance + Scale * (-distance / Scale).Exp();
    }
}

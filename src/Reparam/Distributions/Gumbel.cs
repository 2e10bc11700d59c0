using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Gumbel distribution of maxima. With u = (x - loc) / scale, log p(x) = -u - e^-u - log scale. Each element of the
/// parameters is a separate batch member.
/// </summary>
public sealed class Gumbel : ReparameterizedDistribution
{
    /// <summary>Creates the distribution from the location and the scale (positive). The shapes broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a scale is not positive.</exception>
    public Gumbel(Tensor loc, Tensor scale)
        : this(Checked.Broadcast(loc, Checked.Positive(scale), nameof(loc), nameof(scale)))
    {
    }

    private Gumbel((Tensor Loc, Tensor Scale) p)
        : base(p.Loc.Shape, [], p.Loc.DType) => (Loc, Scale) = p;

    /// <summary>The location. It is the mode.</summary>
    public Tensor Loc { get; }

    /// <summary>The scale.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Gumbel(Wide(Loc), Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <summary>loc + gamma scale, where gamma is Euler's constant.</summary>
    public override Tensor Mean => Loc + Scale * Formulas.EulerGamma;

    /// <summary>(pi scale)^2 / 6.</summary>
    public override Tensor Variance => Scale.Square() * (Math.PI * Math.PI / 6);

    /// <inheritdoc/>
    public override Tensor Mode => Loc;

    /// <summary>loc - scale log(-log u) with u uniform: d/dloc = 1, d/dscale = (z - loc) / scale.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) => QuantileDraw(rng, sampleShape).To(DType);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor finite = Formulas.IsFinite(value);
        return OnSupport(finite, value, 0, x =>
        {
            Tensor u = (x - Loc) / Scale;
            return -u - (-u).Exp() - Scale.Log();
        });
    }

    /// <summary>log scale + gamma + 1, where gamma is Euler's constant.</summary>
    protected override Tensor EntropyCore() => Scale.Log() + (Formulas.EulerGamma + 1);

    /// <summary>-e^-u for the lower tail, log(1 - exp(-e^-u)) for the upper tail, with u = (x - loc) / scale.</summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        Tensor u = (value - Loc) / Scale;
        if (!upper) return -(-u).Exp();
        // For u above 300 the upper tail equals e^-u to the last digit, and the double logarithm would underflow. For u
        // below -7 the upper tail is 1.
        Tensor far = Tensor.Less(Tensor.Scalar(300, DType), u), sure = Tensor.Less(u, -7);
        Tensor inner = (-Tensor.Where(far + sure, Tensor.Scalar(0, DType), u)).Exp().Log1mExp();
        return Tensor.Where(far, -u, Tensor.Where(sure, Tensor.Scalar(0, DType), inner));
    }

    /// <summary>loc - scale log(-log p).</summary>
    protected override Tensor InverseCdfCore(Tensor probability) => Loc - Scale * (-probability.Log()).Log();

    /// <summary>
    /// The KL divergence to a Gumbel: -log r + d + gamma (r - 1) + e^-d Gamma(1 + r) - 1, with r = s1/s2 and d = (m1 -
    /// m2) / s2. m is the location and s the scale of this distribution (1) and of the other (2), and gamma is Euler's
    /// constant.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Gumbel p) return null;
        Tensor ratio = Scale / p.Scale, shift = (Loc - p.Loc) / p.Scale;
        return -ratio.Log() + shift + (ratio - 1) * Formulas.EulerGamma + (((ratio + 1).LogGamma() - shift).ExpM1());
    }

    /// <summary>E_q[log p], which needs the mean of q and E_q[e^(-(x - loc) / scale)].</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanExp(-Scale.Reciprocal(), Loc) is { } mean
            ? Tensor.Where(Tensor.Less(mean, double.PositiveInfinity), (Loc - other.Mean) / Scale - mean - Scale.Log(),
                double.NegativeInfinity)
            : null;

    /// <summary>e^(t (loc - c)) Gamma(1 - t scale). It is infinite for t scale >= 1.</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c)
    {
        Tensor argument = 1 - t * Scale, finite = Tensor.Less(Tensor.Scalar(0, DType), argument);
        return Tensor.Where(
            finite, (t * (Loc - c) + Tensor.Where(finite, argument, 1).LogGamma()).Exp(), double.PositiveInfinity);
    }
}

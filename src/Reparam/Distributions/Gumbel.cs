using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Gumbel distribution of maxima: with u = (x - loc) / scale, log p(x) = -u - e^-u - log scale, every element a
/// batch member of its own.
/// </summary>
public sealed class Gumbel : ReparameterizedDistribution
{
    /// <summary>From location and scale (positive), which broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a scale is not positive.</exception>
    public Gumbel(Tensor loc, Tensor scale)
        : this(Checked.Broadcast(loc, Checked.Positive(scale), nameof(loc), nameof(scale)))
    {
    }

    private Gumbel((Tensor Loc, Tensor Scale) p)
        : base(p.Loc.Shape, [], p.Loc.DType) => (Loc, Scale) = p;

    /// <summary>The location, which is the mode.</summary>
    public Tensor Loc { get; }

    /// <summary>The scale.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Gumbel(Wide(Loc), Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <summary>loc + gamma scale, gamma Euler's constant.</summary>
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

    /// <summary>log scale + gamma + 1.</summary>
    protected override Tensor EntropyCore() => Scale.Log() + (Formulas.EulerGamma + 1);

    /// <summary>-e^-u, and of the upper tail log(1 - exp(-e^-u)), u = (x - loc) / scale.</summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        Tensor u = (value - Loc) / Scale;
        if (!upper) return -(-u).Exp();
        // Past 300 the upper tail is e^-u to the last place, and its double logarithm would underflow; below -7 it is
        // 1.
        Tensor far = Tensor.Less(Tensor.Scalar(300, DType), u), sure = Tensor.Less(u, -7);
        Tensor inner = (-Tensor.Where(far + sure, Tensor.Scalar(0, DType), u)).Exp().Log1mExp();
        return Tensor.Where(far, -u, Tensor.Where(sure, Tensor.Scalar(0, DType), inner));
    }

    /// <summary>loc - scale log(-log p).</summary>
    protected override Tensor InverseCdfCore(Tensor probability) => Loc - Scale * (-probability.Log()).Log();

    /// <summary>Against a Gumbel, with r = s1/s2 and d = (m1 - m2) / s2: -log r + d + gamma (r - 1) + e^-d Gamma(1 + r)
    /// - 1.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Gumbel p) return null;
        Tensor ratio = Scale / p.Scale, shift = (Loc - p.Loc) / p.Scale;
        return -ratio.Log() + shift + (ratio - 1) * Formulas.EulerGamma + (((ratio + 1).LogGamma() - shift).ExpM1());
    }

    /// <summary>E_q log p needs the mean of q and E_q[e^(-(x - loc) / scale)].</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanExp(-Scale.Reciprocal(), Loc) is { } mean
            ? Tensor.Where(Tensor.Less(mean, double.PositiveInfinity), (Loc - other.Mean) / Scale - mean - Scale.Log(),
                double.NegativeInfinity)
            : null;

    /// <summary>e^(t (loc - c)) Gamma(1 - t scale), infinite from t scale = 1 on.</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c)
    {
        Tensor argument = 1 - t * Scale, finite = Tensor.Less(Tensor.Scalar(0, DType), argument);
        return Tensor.Where(
            finite, (t * (Loc - c) + Tensor.Where(finite, argument, 1).LogGamma()).Exp(), double.PositiveInfinity);
    }
}

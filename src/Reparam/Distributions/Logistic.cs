using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The logistic distribution. With u = (x - loc) / scale, log p(x) = -u - 2 softplus(-u) - log scale. Each element of
/// the parameters is a separate batch member.
/// </summary>
public sealed class Logistic : ReparameterizedDistribution
{
    /// <summary>Creates the distribution from the location and the scale (positive). The shapes broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a scale is not positive.</exception>
    public Logistic(Tensor loc, Tensor scale)
        : this(Checked.Broadcast(loc, Checked.Positive(scale), nameof(loc), nameof(scale)))
    {
    }

    private Logistic((Tensor Loc, Tensor Scale) p)
        : base(p.Loc.Shape, [], p.Loc.DType) => (Loc, Scale) = p;

    /// <summary>The location. It is the mean, the median and the mode.</summary>
    public Tensor Loc { get; }

    /// <summary>The scale. It is the standard deviation times sqrt(3) / pi.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Logistic(Wide(Loc), Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <inheritdoc/>
    public override Tensor Mean => Loc;

    /// <summary>(pi scale)^2 / 3.</summary>
    public override Tensor Variance => Scale.Square() * (Math.PI * Math.PI / 3);

    /// <inheritdoc/>
    public override Tensor Mode => Loc;

    /// <summary>loc + scale (log u - log(1 - u)) with u uniform: d/dloc = 1, d/dscale = (z - loc) / scale.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) => QuantileDraw(rng, sampleShape).To(DType);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        // The density is symmetric in u. -|u| keeps the exponential small on both sides.
        Tensor u = ((value - Loc) / Scale).Abs();
        return -u - (-u).Exp().LogP1() * 2 - Scale.Log();
    }

    /// <summary>2 + log scale.</summary>
    protected override Tensor EntropyCore() => Scale.Log() + 2;

    /// <summary>log sigmoid((x - loc) / scale) for the lower tail. The upper tail is its mirror image.</summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        Tensor u = (value - Loc) / Scale;
        return -(upper ? u : -u).SoftPlus();
    }

    /// <summary>loc + scale (log p - log(1 - p)).</summary>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        Loc + Scale * (probability.Log() - (-probability).LogP1());

    /// <summary>e^(t (loc - c)) pi t scale / sin(pi t scale). It is infinite for |t scale| >= 1.</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c)
    {
        Tensor angle = t * Scale * Math.PI, finite = Tensor.Less(angle.Abs(), Math.PI),
            inner = Tensor.Where(finite, angle, 1);
        return Tensor.Where(finite, (t * (Loc - c)).Exp() * inner / inner.Sin(), double.PositiveInfinity);
    }
}

using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A normal between two ends, either of which may be infinite: log p(x) = log N(x; loc, scale^2) - log Z, Z the normal's mass between them, also far out in a
/// tail: log p is a difference of terms of the square of that distance in scales, and rounds as these do. Every element is a batch member of its own.
/// </summary>
public sealed class TruncatedNormal : ReparameterizedDistribution
{
    /// <summary>Where an infinite end is put, in units of the scale: the density there is 0 and its square finite.</summary>
    private const double Far = 1e150;

    private readonly Normal _whole;

    // In Float64: masses cancel. The ends in units of the scale, mirrored where the interval lies in the upper half so that both masses are lower tails.
    private readonly Tensor _mirrored, _a, _b, _logMassA, _logMassB;

    /// <summary>From location and scale (positive) of the whole normal and the ends, low below high, all of which broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, a scale is not positive or an interval is empty.</exception>
    public TruncatedNormal(Tensor loc, Tensor scale, Tensor low, Tensor high)
        : this(new Normal(loc, scale), Checked.Broadcast(low, high))
    {
    }

    private TruncatedNormal(Normal whole, (Tensor Low, Tensor High) ends)
        : base(Checked.Join(whole.BatchShape, ends.Low.Shape, "loc, scale", "low, high"), [], whole.DType)
    {
        Checked.Below(ends.Low, ends.High, "low", "high");
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
    public override Support Support => new(SupportKind.Interval, Low, High);

    /// <summary>loc + scale (phi(a) - phi(b)) / Z, a and b the ends in units of the scale.</summary>
    public override Tensor Mean => (Wide(Loc) + Wide(Scale) * Signed(Ratio(_a) - Ratio(_b))).To(DType);

    /// <summary>scale^2 (1 + (a phi(a) - b phi(b)) / Z - ((phi(a) - phi(b)) / Z)^2).</summary>
    public override Tensor Variance => (Wide(Scale).Square() * (1 + Tilted(_a) - Tilted(_b) - (Ratio(_a) - Ratio(_b)).Square())).To(DType);

    /// <summary>loc, or the end nearest to it.</summary>
    public override Tensor Mode => Tensor.Minimum(Tensor.Maximum(Checked.To(Loc, BatchShape), Low), High);

    /// <summary>log of the density of the whole normal at loc + scale u.</summary>
    private Tensor LogDensity(Tensor u) => u.Square() * -0.5 - Normal.HalfLogTwoPi - Wide(Scale).Log();

    private Tensor LogMass => _logMassB + (_logMassB - _logMassA).Log1mExp();

    /// <summary>The quantile of uniform noise, differentiable in location, scale and ends.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor z = InverseCdf(UniformNoise(rng, sampleShape));
        return Tensor.WithVjp(Tensor.Minimum(Tensor.Maximum(z, Low), High), [z], g => [g]);
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value) =>
        Tensor.Where(Formulas.Within(value, Low, High), (LogDensity((Wide(value) - Wide(Loc)) / Wide(Scale)) - LogMass).To(DType), double.NegativeInfinity);

    /// <summary>log(scale Z sqrt(2 pi e)) + (a phi(a) - b phi(b)) / (2 Z).</summary>
    public override Tensor Entropy() => (Wide(Scale).Log() + LogMass + (Normal.HalfLogTwoPi + 0.5) + (Tilted(_a) - Tilted(_b)) * 0.5).To(DType);

    /// <summary>(Phi(u) - Phi(a)) / Z, u = (x - loc) / scale.</summary>
    public override Tensor Cdf(Tensor value)
    {
        Tensor u = (Wide(Tensor.Minimum(Tensor.Maximum(value, Low), High)) - Wide(Loc)) / Wide(Scale);
        Tensor mirrored = Tensor.Where(_mirrored, -u, u);
        // Phi(u) - Phi(a) over Z, both relative to the larger mass.
        Tensor share = ((mirrored.LogNormalCdf() - _logMassB).Exp() - (_logMassA - _logMassB).Exp()) / -(_logMassA - _logMassB).ExpM1();
        return Tensor.Where(_mirrored, 1 - share, share).To(DType);
    }

    /// <summary>loc + scale times the normal quantile of Phi(a) + p Z.</summary>
    public override Tensor InverseCdf(Tensor probability)
    {
        Tensor p = Tensor.Where(_mirrored, 1 - Wide(probability), Wide(probability));
        // log(Phi(a) + p (Phi(b) - Phi(a))) = log Phi(b) + log(p + (1 - p) e^(log Phi(a) - log Phi(b))).
        Tensor log = _logMassB + (p + (1 - p) * (_logMassA - _logMassB).Exp()).Log();
        return (Wide(Loc) + Wide(Scale) * Signed(log.NormalQuantileOfLog())).To(DType);
    }

    /// <summary>As a mirrored interval's numbers mean the opposite direction.</summary>
    private Tensor Signed(Tensor x) => Tensor.Where(_mirrored, -x, x);

    /// <summary>An end in units of the scale, in Float64. An infinite one is as far as makes no difference and has no gradient: infinity times 0 would be NaN.</summary>
    private Tensor Standardized(Tensor end)
    {
        Tensor wide = Wide(end), finite = Formulas.Within(wide, double.MinValue, double.MaxValue);
        return Tensor.Where(finite, (Tensor.Where(finite, wide, 0) - Wide(Loc)) / Wide(Scale), wide.Clamp(-Far, Far));
    }

    /// <summary>phi(x) / Z.</summary>
    private Tensor Ratio(Tensor x) => (x.Square() * -0.5 - Normal.HalfLogTwoPi - LogMass).Exp();

    /// <summary>x phi(x) / Z.</summary>
    private Tensor Tilted(Tensor x) => x * Ratio(x);
}

using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The uniform distribution on [low, high]: log p(x) = -log(high - low) inside, -infinity outside, every element a
/// batch member of its own.
/// </summary>
public sealed class Uniform : ReparameterizedDistribution
{
    /// <summary>From the ends, low below high, which broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or an interval is empty.</exception>
    public Uniform(Tensor low, Tensor high)
        : this(Checked.Broadcast(low, high))
    {
    }

    private Uniform((Tensor Low, Tensor High) p)
        : base(p.Low.Shape, [], p.Low.DType)
    {
        (Low, High) = p;
        Checked.Below(Low, High, "low", "high");
    }

    /// <summary>The lower end.</summary>
    public Tensor Low { get; }

    /// <summary>The upper end.</summary>
    public Tensor High { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Uniform(Wide(Low), Wide(High));

    /// <inheritdoc/>
    public override Support Support => new(SupportKind.Interval, Low, High);

    /// <inheritdoc/>
    public override Tensor Mean => Low * 0.5 + High * 0.5;

    /// <summary>(high - low)^2 / 12.</summary>
    public override Tensor Variance => Width.Square() / 12;

    /// <summary>The middle: all values are as likely.</summary>
    public override Tensor Mode => Mean;

    private Tensor Width => High - Low;

    /// <summary>low + (high - low) u: d/dlow = 1 - u, d/dhigh = u.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) => QuantileDraw(rng, sampleShape).To(DType);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => Tensor.Where(
        Formulas.Within(value, Low, High) + Formulas.IsNaN(value), value * 0 - Width.Log(), double.NegativeInfinity);

    /// <summary>log(high - low).</summary>
    protected override Tensor EntropyCore() => Width.Log();

    /// <summary>(x - low) / (high - low), and of the upper tail (high - x) / (high - low).</summary>
    protected override Tensor TailCore(Tensor value, bool upper) =>
        ((upper ? High - value : value - Low) / Width).Clamp(0, 1);

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        LogTailWithin(value, Low, High, upper, Mean, x => ((upper ? High - x : x - Low) / Width).Log());

    /// <inheritdoc/>
    protected override Tensor InverseCdfCore(Tensor probability) => Low + Width * probability;

    /// <summary>Where q lies inside, E_q log p is the constant density.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        Tensor.Full(other.BatchShape, 0, DType) - Width.Log();

    /// <summary>(e^(t (high - c)) - e^(t (low - c))) / (t (high - low)).</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c)
    {
        // From the end with the larger exponential, so that the other factor is at most 1.
        Tensor width = (t * Width).Abs();
        return Tensor.Maximum(t * (Low - c), t * (High - c)).Exp() * -(-width).ExpM1() / width;
    }

    /// <summary>Of the part left of c and the part right of it.</summary>
    protected internal override Tensor? MeanAbsoluteDeviation(Tensor c)
    {
        Tensor left = (c - Low), right = (High - c);
        return (left * left.Abs() + right * right.Abs()) / (Width * 2);
    }

    /// <summary>(high (log high - 1) - low (log low - 1)) / (high - low) on positive values.</summary>
    protected internal override Tensor? MeanLog => (Formulas.XLogY(High, High) - Formulas.XLogY(Low, Low)) / Width - 1;

    /// <summary>That of the mirror image, 1 - X.</summary>
    protected internal override Tensor? MeanLogComplement =>
        (Formulas.XLogY(1 - Low, 1 - Low) - Formulas.XLogY(1 - High, 1 - High)) / Width - 1;

    /// <summary>With both ends over the unit, (high^(k+1) - low^(k+1)) / ((k + 1) (high - low)) on positive values,
    /// (log high - log low) / (high - low) at k = -1.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor low = Low / unit, high = High / unit;
        Tensor t = k + 1, pole = Formulas.IsZero(t), safe = Tensor.Where(pole, Tensor.Scalar(1, DType), t);
        Tensor difference = (Formulas.XLogY(safe, high).Exp() - Formulas.XLogY(safe, low).Exp()) / safe;
        return Tensor.Where(pole, high.Log() - low.Log(), difference) / (high - low);
    }
}

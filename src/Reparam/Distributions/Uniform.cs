using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The uniform distribution on [low, high]: log p(x) = -log(high - low) inside, -infinity outside. Each element of the
/// parameters is a separate batch member.
/// </summary>
public sealed class Uniform : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from the ends, where <paramref name="low"/> lies below <paramref name="high"/>. The
    /// shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or low is not below high.</exception>
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

    /// <summary>The midpoint, because all values have the same density.</summary>
    public override Tensor Mode => Mean;

    private Tensor Width => High - Low;

    /// <summary>low + (high - low) u with u uniform: d/dlow = 1 - u, d/dhigh = u.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) => QuantileDraw(rng, sampleShape).To(DType);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => Tensor.Where(
        Formulas.Within(value, Low, High) + Formulas.IsNaN(value), value * 0 - Width.Log(), double.NegativeInfinity);

    /// <summary>log(high - low).</summary>
    protected override Tensor EntropyCore() => Width.Log();

    /// <summary>(x - low) / (high - low) for the lower tail, (high - x) / (high - low) for the upper tail.</summary>
    protected override Tensor TailCore(Tensor value, bool upper) =>
        ((upper ? High - value : value - Low) / Width).Clamp(0, 1);

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        LogTailWithin(value, Low, High, upper, Mean, x => ((upper ? High - x : x - Low) / Width).Log());

    /// <inheritdoc/>
    protected override Tensor InverseCdfCore(Tensor probability) => Low + Width * probability;

    /// <summary>
    /// The constant -log(high - low). It is E_q[log p] where the support of q lies inside the interval.
    /// </summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        Tensor.Full(other.BatchShape, 0, DType) - Width.Log();

    /// <summary>(e^(t (high - c)) - e^(t (low - c))) / (t (high - low)).</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c)
    {
        // The exponential is taken at the end where it is larger, so that the other factor is at most 1.
        Tensor width = (t * Width).Abs();
        return Tensor.Maximum(t * (Low - c), t * (High - c)).Exp() * -(-width).ExpM1() / width;
    }

    /// <summary>The sum of the contributions of the part left of c and the part right of c.</summary>
    protected internal override Tensor? MeanAbsoluteDeviation(Tensor c)
    {
        Tensor left = (c - Low), right = (High - c);
        return (left * left.Abs() + right * right.Abs()) / (Width * 2);
    }

    /// <summary>(high (log high - 1) - low (log low - 1)) / (high - low), for positive values.</summary>
    protected internal override Tensor? MeanLog => (Formulas.XLogY(High, High) - Formulas.XLogY(Low, Low)) / Width - 1;

    /// <summary>The mean logarithm of the mirror image, 1 - X.</summary>
    protected internal override Tensor? MeanLogComplement =>
        (Formulas.XLogY(1 - Low, 1 - Low) - Formulas.XLogY(1 - High, 1 - High)) / Width - 1;

    /// <summary>
    /// With both ends divided by the unit, (high^(k+1) - low^(k+1)) / ((k + 1) (high - low)) for positive values, and
    /// (log high - log low) / (high - low) at k = -1.
    /// </summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor low = Low / unit, high = High / unit;
        Tensor t = k + 1, pole = Formulas.IsZero(t), safe = Tensor.Where(pole, Tensor.Scalar(1, DType), t);
        Tensor difference = (Formulas.XLogY(safe, high).Exp() - Formulas.XLogY(safe, low).Exp()) / safe;
        return Tensor.Where(pole, high.Log() - low.Log(), difference) / (high - low);
    }
}

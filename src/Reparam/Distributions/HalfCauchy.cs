using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The distribution of |Y| for a Cauchy variable Y with location 0: log p(x) = log 2 - log pi - log scale - log(1 + (x
/// / scale)^2) for x >= 0. Each element of the parameters is a separate batch member. The mean is infinite.
/// </summary>
public sealed class HalfCauchy : ReparameterizedDistribution
{
    private static readonly double LogTwoOverPi = PortableMath.Log(2 / Math.PI);

    /// <summary>Creates the distribution from the scale (positive), which is the median.</summary>
    /// <exception cref="ArgumentException">A scale is not positive.</exception>
    public HalfCauchy(Tensor scale)
        : base(Checked.Positive(scale).Shape, [], scale.DType) => Scale = scale;

    /// <summary>The scale. It is the median.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new HalfCauchy(Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Positive(DType);

    /// <summary>Infinite.</summary>
    public override Tensor Mean => Constant(double.PositiveInfinity);

    /// <summary>Infinite.</summary>
    public override Tensor Variance => Constant(double.PositiveInfinity);

    /// <summary>Always 0.</summary>
    public override Tensor Mode => Constant(0);

    /// <summary>scale cot(pi u / 2) with u uniform: d/dscale = z / scale.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        KeepFinite(QuantileDraw(rng, sampleShape).To(DType));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) =>
        OnSupport(Tensor.GreaterOrEqual(value, 0), value, 1,
            x => LogTwoOverPi - Scale.Log() - Cauchy.LogOnePlusSquare(x / Scale));

    /// <summary>log(2 pi scale).</summary>
    protected override Tensor EntropyCore() => (Scale * (2 * Math.PI)).Log();

    /// <summary>2 atan(x / scale) / pi for the lower tail, 2 atan(scale / x) / pi for the upper tail.</summary>
    protected override Tensor TailCore(Tensor value, bool upper)
    {
        Tensor positive = Tensor.Less(Tensor.Scalar(0, DType), value) + Formulas.IsNaN(value);
        Tensor x = Tensor.Where(positive, value, 1);
        return Tensor.Where(positive, (upper ? Scale / x : x / Scale).Atan() * (2 / Math.PI), upper ? 1 : 0);
    }

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailWithin(
        value, 0, double.PositiveInfinity, upper, 1, x => (upper ? Scale / x : x / Scale).Atan().Log() + LogTwoOverPi);

    /// <summary>scale tan(pi p / 2).</summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        Tensor half = probability * (Math.PI / 2);
        return Scale * Tensor.Where(
            Tensor.Less(probability, 0.5), half.Sin() / half.Cos(), Upper(1 - probability) / Scale);
    }

    /// <summary>
    /// The KL divergence to a half-Cauchy: log((s1 + s2)^2 / (4 s1 s2)), with the scales s of this distribution (1) and
    /// of the other (2). It equals the KL divergence of the two Cauchy distributions.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is HalfCauchy p ? ((Scale - p.Scale).Square() / (Scale * p.Scale * 4)).LogP1() : null;

    /// <summary>Infinite.</summary>
    protected internal override Tensor SecondMomentAbout(Tensor c) => Constant(double.PositiveInfinity) + c * 0;

    /// <summary>log scale.</summary>
    protected internal override Tensor? MeanLog => Scale.Log();

    /// <summary>pi^2 / 4.</summary>
    protected internal override Tensor? VarianceLog => Constant(Math.PI * Math.PI / 4);

    /// <summary>The x whose upper tail has the given probability.</summary>
    private Tensor Upper(Tensor tail)
    {
        Tensor angle = tail * (Math.PI / 2);
        return Scale * angle.Cos() / angle.Sin();
    }
}

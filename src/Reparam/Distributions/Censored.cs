using Reparam.Distributions.Divergences;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A variable that is observed only between two ends. A value beyond an end is recorded as that end. Between the ends,
/// log p(x) is the log-density of the variable. At the lower end it is log F(low), at the upper end log(1 - F(high)).
/// The density is with respect to the counting measure on the ends plus the Lebesgue measure between them (Tobin 1958).
/// Each element of the parameters is a separate batch member.
/// </summary>
/// <remarks>
/// A draw is a draw of the variable, clamped to the ends. Where the draw lies between the ends, the gradient passes to
/// the parameters of the variable; elsewhere it passes to the end. This gradient is unbiased, because the clamp is
/// continuous. The mass of each end is computed directly from the corresponding tail of the family, so it is accurate
/// however far out the end lies.
/// </remarks>
public sealed class Censored : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from a one-dimensional family with a CDF and the two ends (which may be infinite).
    /// <paramref name="low"/> lies below <paramref name="high"/>. The ends have the shape of the batch, or a shape that
    /// broadcasts to it.
    /// </summary>
    /// <exception cref="ArgumentException">The family has an event shape, an end does not fit the batch or the element
    /// type of the family, or low is not below high.</exception>
    public Censored(ReparameterizedDistribution variable, Tensor low, Tensor high)
        : base(Checked.NotNull(variable).BatchShape, [], variable.DType)
    {
        if (variable.EventShape.Rank > 0)
        {
            throw new ArgumentException("Only a one-dimensional variable can be censored, but " +
                $"{variable.GetType().Name} has an event of shape {variable.EventShape}.", nameof(variable));
        }

        (Tensor below, Tensor above) = Checked.Broadcast(low, high);
        if (below.DType != DType)
        {
            throw new ArgumentException($"low and high must have the variable's element type, {DType}; got " +
                $"{below.DType}. Convert with To(DType).");
        }

        Checked.Below(below, above, nameof(low), nameof(high));
        if (Checked.Join(below.Shape, BatchShape, "low, high", "the batch of the variable") != BatchShape)
        {
            throw new ArgumentException(
                $"low and high must broadcast to the batch of the variable, {BatchShape}; got {below.Shape}.");
        }

        Variable = variable;
        Low = Checked.To(below, BatchShape);
        High = Checked.To(above, BatchShape);
    }

    /// <summary>The variable before censoring.</summary>
    public ReparameterizedDistribution Variable { get; }

    /// <summary>The lower end.</summary>
    public Tensor Low { get; }

    /// <summary>The upper end.</summary>
    public Tensor High { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened =>
        Variable.Widened is ReparameterizedDistribution variable ? new Censored(variable, Wide(Low), Wide(High)) : null;

    /// <inheritdoc/>
    public override Support Support => new(SupportKind.Interval, Low, High);

    /// <summary>Not supported: there is no formula that holds for every family.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean => throw new NotSupportedException(
        "The mean of a censored variable has no closed form for every family. Estimate it as the average over draws.");

    /// <summary>Not supported: there is no formula that holds for every family.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance => throw new NotSupportedException(
        "The variance of a censored variable has no closed form for every family. Estimate it as the average " +
            "over draws.");

    /// <inheritdoc/>
    protected internal override bool HasMoments => false;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>min(max(z, low), high), where z is a draw of the variable.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        Tensor.Minimum(Tensor.Maximum(Variable.RSample(rng, sampleShape), Low), High);

    /// <summary>
    /// log F(low) at the lower end, log(1 - F(high)) at the upper end, the log-density of the variable between the
    /// ends, and -infinity outside.
    /// </summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor atLow = Formulas.IsZero(value - Low), atHigh = Formulas.IsZero(value - High);
        Tensor between = Tensor.Less(Low, value) * Tensor.Less(value, High) + Formulas.IsNaN(value);
        // A value inside the support of the variable stands in for values that are not between the ends. No value
        // equals an infinite end.
        Tensor inside = Variable.LogProb(Tensor.Where(between, value, Anywhere));
        Tensor lower = Variable.LogCdf(Finite(Low)), upper = Variable.LogSurvivalFunction(Finite(High));
        return Tensor.Where(
            between, inside, Tensor.Where(atLow, lower, Tensor.Where(atHigh, upper, double.NegativeInfinity)));
    }

    /// <summary>
    /// The lower tail is 0 below low, the CDF of the variable between the ends, and 1 from high on. The upper tail is
    /// the complement.
    /// </summary>
    protected override Tensor TailCore(Tensor value, bool upper) => Tail(value, (upper ? 1 : 0, upper ? 0 : 1), x =>
        upper ? Variable.SurvivalFunction(x) : Variable.Cdf(x));

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        Tail(value, upper ? (0, double.NegativeInfinity) : (double.NegativeInfinity, 0), x =>
            upper ? Variable.LogSurvivalFunction(x) : Variable.LogCdf(x));

    /// <summary>The quantile of the variable, clamped to the ends.</summary>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        Tensor.Minimum(Tensor.Maximum(Variable.InverseCdf(probability), Low), High);

    private Tensor Tail(Tensor value, (double Below, double Above) beyond, Func<Tensor, Tensor> formula)
    {
        Tensor from = Tensor.GreaterOrEqual(value, Low) + Formulas.IsNaN(value);
        Tensor until = Tensor.Less(value, High) + Formulas.IsNaN(value);
        Tensor inside = Tensor.Where(until, formula(Tensor.Where(from * until, value, Anywhere)), beyond.Above);
        return Tensor.Where(from, inside, beyond.Below);
    }

    /// <summary>
    /// The KL divergence to a distribution that is not censored. It is infinite where an end has mass, and it is the KL
    /// divergence of the variable where no end has mass. Between two censored distributions there is no formula.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is Censored) return null;
        Tensor atLow = Tensor.Where(Formulas.Within(Low, -Largest, Largest), Variable.Cdf(Finite(Low)), 0);
        Tensor atHigh = Tensor.Where(
            Formulas.Within(High, -Largest, Largest), Variable.SurvivalFunction(Finite(High)), 0);
        Tensor hasMass = Tensor.Less(Tensor.Scalar(0, DType), atLow + atHigh);
        Tensor infinite = Tensor.Full(
            Checked.Join(BatchShape, other.BatchShape, "the batch of q", "the batch of p"), double.PositiveInfinity,
            DType);
        if ((1 - hasMass).Sum().Item() == 0 && hasMass.HasElements) return infinite;
        return KLDivergence.Exact(Variable, other) is { } exact ? Tensor.Where(hasMass, infinite, exact) : null;
    }

    /// <summary>
    /// A number at which the density of the variable is well behaved: the mean of the variable, or the middle of its
    /// support where the mean does not exist.
    /// </summary>
    private Tensor Anywhere
    {
        get
        {
            Support support = Variable.Support;
            Tensor low = support.Low.Clamp(-1e3, 1e3), high = support.High.Clamp(-1e3, 1e3),
                middle = ((low + high) * 0.5).Detach();
            if (!Variable.HasMoments) return middle;
            Tensor mean = Variable.Mean.Detach();
            return Tensor.Where(Formulas.Within(mean, -Largest, Largest), mean, middle);
        }
    }

    private double Largest => DType == DType.Float32 ? float.MaxValue : double.MaxValue;

    private Tensor Finite(Tensor end) => Tensor.Where(Formulas.Within(end, -Largest, Largest), end, Anywhere);
}

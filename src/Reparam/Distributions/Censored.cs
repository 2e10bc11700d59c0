using Reparam.Distributions.Divergences;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A variable seen through an instrument with two ends: what lies beyond one is read as that end. Between them log p(x)
/// is the density of the variable, at the lower end log F(low), at the upper log(1 - F(high)), by the measure that
/// counts the ends and has lengths between them (Tobin 1958). Every element is a batch member of its own.
/// </summary>
/// <remarks>
/// A draw is a draw of the variable, held between the ends; gradients pass to the variable's parameters where it lies
/// between them and to the end elsewhere, which is unbiased since the clamp is continuous. The
/// masses of the ends are the family's tails, each by itself, however far out.
/// </remarks>
public sealed class Censored : ReparameterizedDistribution
{
    /// <summary>From a one-dimensional family with a CDF, and the ends (which may be infinite), low below high, of the
    /// batch's shape or one that broadcasts to it.</summary>
    /// <exception cref="ArgumentException">The family has an event, an end does not fit its batch, or an interval is
    /// empty.</exception>
    public Censored(ReparameterizedDistribution variable, Tensor low, Tensor high)
        : base(Checked.NotNull(variable).BatchShape, [], variable.DType)
    {
        if (variable.EventShape.Rank > 0)
        {
            throw new ArgumentException("Only one-dimensional variables are censored, each a batch member; " +
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

    /// <summary>The variable before it is read.</summary>
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

    /// <summary>There is no formula for every family.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean => throw new NotSupportedException(
        "The mean of a censored variable has no closed form for every family. Average draws.");

    /// <summary>There is no formula for every family.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance => throw new NotSupportedException(
        "The variance of a censored variable has no closed form for every family. Average draws.");

    /// <inheritdoc/>
    protected internal override bool HasMoments => false;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>min(max(z, low), high), z a draw of the variable.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        Tensor.Minimum(Tensor.Maximum(Variable.RSample(rng, sampleShape), Low), High);

    /// <summary>log F(low) at the lower end, log(1 - F(high)) at the upper, the variable's between them, -infinity
    /// outside.</summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor atLow = Formulas.IsZero(value - Low), atHigh = Formulas.IsZero(value - High);
        Tensor between = Tensor.Less(Low, value) * Tensor.Less(value, High) + Formulas.IsNaN(value);
        // A value of the variable's between the ends stands in for others; an infinite end is never met.
        Tensor inside = Variable.LogProb(Tensor.Where(between, value, Anywhere));
        Tensor lower = Variable.LogCdf(Finite(Low)), upper = Variable.LogSurvivalFunction(Finite(High));
        return Tensor.Where(
            between, inside, Tensor.Where(atLow, lower, Tensor.Where(atHigh, upper, double.NegativeInfinity)));
    }

    /// <summary>0 below low, 1 from high on, the variable's between, and of the upper tail the complement.</summary>
    protected override Tensor TailCore(Tensor value, bool upper) => Tail(value, (upper ? 1 : 0, upper ? 0 : 1), x =>
        upper ? Variable.SurvivalFunction(x) : Variable.Cdf(x));

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        Tail(value, upper ? (0, double.NegativeInfinity) : (double.NegativeInfinity, 0), x =>
            upper ? Variable.LogSurvivalFunction(x) : Variable.LogCdf(x));

    /// <summary>The variable's quantile between the ends, an end beyond it.</summary>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        Tensor.Minimum(Tensor.Maximum(Variable.InverseCdf(probability), Low), High);

    private Tensor Tail(Tensor value, (double Below, double Above) beyond, Func<Tensor, Tensor> formula)
    {
        Tensor from = Tensor.GreaterOrEqual(value, Low) + Formulas.IsNaN(value);
        Tensor until = Tensor.Less(value, High) + Formulas.IsNaN(value);
        Tensor inside = Tensor.Where(until, formula(Tensor.Where(from * until, value, Anywhere)), beyond.Above);
        return Tensor.Where(from, inside, beyond.Below);
    }

    /// <summary>Against what is not censored infinite where an end has mass, the variable's own where none has; else
    /// there is no formula.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is Censored) return null;
        Tensor atLow = Tensor.Where(Formulas.Within(Low, -Largest, Largest), Variable.Cdf(Finite(Low)), 0);
        Tensor atHigh = Tensor.Where(
            Formulas.Within(High, -Largest, Largest), Variable.SurvivalFunction(Finite(High)), 0);
        Tensor hasMass = Tensor.Less(Tensor.Scalar(0, DType), atLow + atHigh);
        Tensor infinite = Tensor.Full(
            Checked.Join(BatchShape, other.BatchShape, "the batch of q", "that of p"), double.PositiveInfinity, DType);
        if ((1 - hasMass).Sum().Item() == 0 && hasMass.HasElements) return infinite;
        return KLDivergence.Exact(Variable, other) is { } exact ? Tensor.Where(hasMass, infinite, exact) : null;
    }

    /// <summary>A number at which the variable's density is well behaved: its mean, or where there is none the middle
    /// of its support.</summary>
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

using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The distribution of given values, with equal probabilities or with weights. p(x) is the total weight of the values
/// that equal x. Use it to treat a data set or a set of draws as a distribution. The distribution is discrete, so it
/// has no <c>RSample</c>.
/// </summary>
public sealed class Empirical : Distribution
{
    private readonly int _eventAxes;

    /// <summary>
    /// Creates the distribution over <paramref name="values"/> ([n] + batch + event), each with probability 1/n.
    /// </summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="eventAxes"/> is negative, or the values have no
    /// axis before the event axes.</exception>
    public Empirical(Tensor values, int eventAxes = 0)
        : this(values, Tensor.Zeros(Leading(values, eventAxes), values.DType), eventAxes)
    {
    }

    /// <summary>
    /// Creates the distribution over <paramref name="values"/> ([n] + batch + event). The weights are proportional to
    /// the exponentials of <paramref name="logits"/> ([n] + batch). Log-probabilities and moments are differentiable in
    /// both arguments.
    /// </summary>
    /// <exception cref="ArgumentException">There is no value, or the logits have another shape or element
    /// type.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="eventAxes"/> is negative, or the values have no
    /// axis before the event axes.</exception>
    public Empirical(Tensor values, Tensor logits, int eventAxes = 0)
        : base(Leading(values, eventAxes)[1..], values.Shape[^eventAxes..], values.DType)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Shape != Leading(values, eventAxes) || logits.DType != values.DType)
        {
            throw new ArgumentException($"The logits are {logits.DType} {logits.Shape}, but the values need one " +
                $"logit each: give logits of type {values.DType} and shape {Leading(values, eventAxes)}.",
                nameof(logits));
        }

        Values = values;
        LogWeights = logits - logits.LogSumExp(0, keepAxis: true);
        _eventAxes = eventAxes;
    }

    /// <summary>The values, [n] + batch + event.</summary>
    public Tensor Values { get; }

    /// <summary>The logarithms of the weights, [n] + batch.</summary>
    public Tensor LogWeights { get; }

    /// <inheritdoc/>
    public override Support Support =>
        Support.Of(SupportKind.Points, double.NegativeInfinity, double.PositiveInfinity, DType);

    /// <inheritdoc/>
    protected internal override bool KnowsItsSupport => false;

    /// <summary>The weighted mean of the values.</summary>
    public override Tensor Mean => (Weights * Values).Sum(0);

    /// <summary>The weighted mean of the squared deviations from the mean.</summary>
    public override Tensor Variance => (Weights * (Values - Mean).Square()).Sum(0);

    /// <summary>The weights, of shape [n] + batch + a 1 for each axis of the event.</summary>
    private Tensor Weights =>
        LogWeights.Exp().Reshape(LogWeights.Shape + Shape.Create([.. Enumerable.Repeat(1, _eventAxes)]));

    /// <summary>
    /// Draws by inversion of uniform noise. The weights are laid out along (0, 1) in the order of the values. The draw
    /// is the value whose interval contains the noise.
    /// </summary>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Tensor uniform = rng.UniformOpen(sampleShape + BatchShape, DType.Float64, DatumAxis(sampleShape, BatchShape));
        Tensor wideWeights = LogWeights.To(DType.Float64), wideValues = Values.To(DType.Float64);
        if (!uniform.HasElements)
            return Tensor.Zeros(sampleShape + BatchShape + EventShape, DType.Float64).To(DType).Detach();
        ReadOnlySpan<double> noise = uniform.AsSpan<double>();
        double[] shares = wideWeights.ToArray<double>(), values = wideValues.ToArray<double>();
        int count = Values.Shape[0], members = BatchShape.Size, size = EventShape.Size;
        double[] drawn = new double[noise.Length * size];
        // Cumulative sums of the weights along the values, for each batch member.
        for (int i = 0; i < shares.Length; i++)
            shares[i] = PortableMath.Exp(shares[i]) + (i >= members ? shares[i - members] : 0);
        for (int i = 0; i < noise.Length; i++)
        {
            int member = i % members, low = 0, high = count - 1;
            double at = noise[i] * shares[high * members + member];
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (at < shares[middle * members + member]) high = middle;
                else low = middle + 1;
            }

            values.AsSpan((low * members + member) * size, size).CopyTo(drawn.AsSpan(i * size, size));
        }

        return Tensor.From(drawn, sampleShape + BatchShape + EventShape).To(DType).Detach();
    }

    /// <summary>
    /// The logarithm of the total weight of the values that equal this value in every element; -infinity if no value
    /// does.
    /// </summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        // The shape sample + [n] + batch + event.
        int axis = Math.Max(0, value.Rank - BatchShape.Rank - _eventAxes);
        Tensor column = value.Rank >= BatchShape.Rank + _eventAxes
            ? value.Reshape(value.Shape[..axis] + [1] + value.Shape[axis..]) : value;
        Tensor different = (1 - Formulas.IsZero(column - Values)).SumFrom(^_eventAxes),
            equal = Tensor.Less(different, 0.5);
        // The logarithm of an empty sum has no gradient.
        Tensor some = Tensor.Less(Tensor.Scalar(0, DType), equal.Sum(axis, keepAxis: true));
        Tensor logs = Tensor.Where(
            equal, LogWeights, Tensor.Where(some, Tensor.Scalar(double.NegativeInfinity, DType), 0));
        Tensor logProb = Tensor.Where(
            some.Reshape(some.Shape[..axis] + some.Shape[(axis + 1)..]), logs.LogSumExp(axis), double.NegativeInfinity);
        return Tensor.Where(Tensor.Less(Formulas.IsNaN(value).SumFrom(^_eventAxes), 0.5), logProb, double.NaN);
    }

    /// <summary>-sum w log p. Equal values are counted together.</summary>
    protected override Tensor EntropyCore() => -(LogWeights.Exp() * LogProb(Values)).Sum(0);

    private static Shape Leading(Tensor values, int eventAxes)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(eventAxes);
        if (values.Rank <= eventAxes)
        {
            throw new ArgumentOutOfRangeException(nameof(eventAxes), eventAxes,
                $"The first axis of the values counts them and the last axes are the event; got shape {values.Shape}.");
        }

        if (values.Shape[0] == 0)
            throw new ArgumentException($"There must be at least one value, got shape {values.Shape}.", nameof(values));
        return values.Shape[..^eventAxes];
    }
}

using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A distribution with all its mass at one value. A draw is the value itself, with its gradient. The log-density is 0
/// at the value and -infinity elsewhere, with respect to the counting measure on the value.
/// </summary>
public sealed class Delta : ReparameterizedDistribution
{
    private readonly int _eventAxes;

    /// <summary>
    /// Creates the distribution at <paramref name="value"/>. The last <paramref name="eventAxes"/> axes of the value
    /// are the event.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="eventAxes"/> is negative or larger than the rank
    /// of the value.</exception>
    public Delta(Tensor value, int eventAxes = 0)
        : base(Checked.NotNull(value).Shape[..^Axes(value, eventAxes)], value.Shape[^eventAxes..], value.DType)
    {
        Value = value;
        _eventAxes = eventAxes;
    }

    /// <summary>The value that has all the mass.</summary>
    public Tensor Value { get; }

    /// <inheritdoc/>
    public override Support Support => new(SupportKind.Point, Value, Value);

    /// <inheritdoc/>
    public override Tensor Mean => Value;

    /// <summary>Always 0.</summary>
    public override Tensor Variance => Constant(0);

    /// <inheritdoc/>
    public override Tensor Mode => Value;

    /// <summary>The value itself: d/dvalue = 1.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        Value.BroadcastTo(sampleShape + Value.Shape);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor elsewhere = (1 - Formulas.IsZero(value - Value)).SumFrom(^_eventAxes);
        Tensor known = Tensor.Less(Formulas.IsNaN(value).SumFrom(^_eventAxes), 0.5);
        return Tensor.Where(
            known, Tensor.Where(elsewhere, Tensor.Scalar(double.NegativeInfinity, DType), 0), double.NaN);
    }

    /// <summary>Always 0.</summary>
    protected override Tensor EntropyCore() => Tensor.Zeros(BatchShape, DType);

    /// <summary>-log p(value), where p is the other distribution.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => -other.LogProb(Value);

    private static int Axes(Tensor value, int eventAxes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(eventAxes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(eventAxes, value.Rank);
        return eventAxes;
    }
}

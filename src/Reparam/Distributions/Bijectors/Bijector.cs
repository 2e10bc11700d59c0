using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// An invertible differentiable map y = f(x) with the logarithm of its volume change. What a normalizing flow is made
/// of (Rezende and Mohamed 2015), and what turns one distribution into another: log p_Y(y) = log p_X(x) - log |det
/// dy/dx|.
/// </summary>
public abstract class Bijector
{
    /// <summary>A map of events with this many axes: 0 for one that acts on each element alone, 1 for one of
    /// vectors.</summary>
    protected Bijector(int eventRank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(eventRank);
        EventRank = eventRank;
    }

    /// <summary>The number of axes of one event.</summary>
    public int EventRank { get; }

    /// <summary>y = f(x) and log |det dy/dx|, one value an event: the shape of x without its event axes (the map's
    /// parameters broadcast). Differentiable in x and the map's parameters.</summary>
    public abstract (Tensor Y, Tensor LogDet) Forward(Tensor x);

    /// <summary>x = f^-1(y) and log |det dx/dy|, which is minus the log-determinant of <see cref="Forward"/> at
    /// x.</summary>
    public abstract (Tensor X, Tensor LogDet) Inverse(Tensor y);

    /// <summary>The shape of f(x) for one event of shape <paramref name="eventShape"/>. Most maps keep it.</summary>
    public virtual Shape ForwardShape(Shape eventShape) => eventShape;

    /// <summary>The inverse as a map of its own.</summary>
    public virtual Bijector Invert() => new InverseBijector(this);
}

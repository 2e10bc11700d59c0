using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// An invertible differentiable map y = f(x) with the logarithm of its volume change. Normalizing flows consist of such
/// maps (Rezende and Mohamed 2015). A map transforms one distribution into another: log p_Y(y) = log p_X(x) - log |det
/// dy/dx|.
/// </summary>
public abstract class Bijector
{
    /// <summary>
    /// Creates a map whose events have <paramref name="eventRank"/> axes: 0 for a map of single elements, 1 for a map
    /// of vectors.
    /// </summary>
    protected Bijector(int eventRank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(eventRank);
        EventRank = eventRank;
    }

    /// <summary>The number of axes of one event.</summary>
    public int EventRank { get; }

    /// <summary>
    /// y = f(x) and log |det dy/dx|. The log-determinant has one value for each event, so its shape is the shape of x
    /// without the event axes (broadcast with the parameters of the map). Both are differentiable in x and in the
    /// parameters of the map.
    /// </summary>
    public abstract (Tensor Y, Tensor LogDet) Forward(Tensor x);

    /// <summary>
    /// x = f^-1(y) and log |det dx/dy|, which is the negative log-determinant of <see cref="Forward"/> at x.
    /// </summary>
    public abstract (Tensor X, Tensor LogDet) Inverse(Tensor y);

    /// <summary>
    /// The shape of f(x) for one event of shape <paramref name="eventShape"/>. Most maps keep the shape.
    /// </summary>
    public virtual Shape ForwardShape(Shape eventShape) => eventShape;

    /// <summary>The inverse of this map as a separate map.</summary>
    public virtual Bijector Invert() => new InverseBijector(this);
}

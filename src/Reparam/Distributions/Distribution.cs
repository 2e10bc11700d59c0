using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A family member p(x) or a batch of them. <c>LogProb</c> is in nats, summed over the event, one value for each batch
/// element. A value has shape sample + <see cref="BatchShape"/> + <see cref="EventShape"/>.
/// </summary>
/// <remarks>
/// <see cref="Sample"/> never carries a gradient. Only a <see cref="ReparameterizedDistribution"/> has <c>RSample</c>, so asking a
/// Bernoulli for a pathwise gradient does not compile.
/// </remarks>
public abstract class Distribution
{
    /// <summary>Records the shapes that a subclass derived from its parameters.</summary>
    protected Distribution(Shape batchShape, Shape eventShape, DType dtype)
    {
        BatchShape = batchShape;
        EventShape = eventShape;
        DType = dtype;
    }

    /// <summary>The extents over which independent members of the family are laid out.</summary>
    public Shape BatchShape { get; }

    /// <summary>The extents of one draw.</summary>
    public Shape EventShape { get; }

    /// <summary>Element type of parameters, draws and log-densities.</summary>
    public DType DType { get; }

    /// <summary>The expectation, of shape batch + event.</summary>
    public abstract Tensor Mean { get; }

    /// <summary>Draws of shape <paramref name="sampleShape"/> + batch + event, without a gradient.</summary>
    /// <remarks>The first batch axis (or, without a batch, the first sample axis) counts the data: a draw depends on the
    /// global index of its datum, not on the batch it is in.</remarks>
    public abstract Tensor Sample(Rng rng, Shape sampleShape = default);

    /// <summary>log p(value) in nats, of shape sample + batch. Differentiable in the parameters and, for continuous
    /// families, in the value.</summary>
    public abstract Tensor LogProb(Tensor value);

    /// <summary>The differential entropy (nats; Shannon entropy for discrete families), of the batch's shape.</summary>
    public abstract Tensor Entropy();

    /// <summary>KL(this || other) in closed form, of the batch's shape; null where this pair has none.</summary>
    protected internal virtual Tensor? ClosedFormKL(Distribution other) => null;

    /// <summary><see cref="LogProb"/> summed over the last <paramref name="axes"/> batch axes. A family with a kernel that does both at once overrides it.</summary>
    protected internal virtual Tensor LogProbOver(Tensor value, int axes) => LogProb(value).SumFrom(^axes);

    /// <summary>The axis of a draw that counts the data, for counter-based noise.</summary>
    private protected static int DatumAxis(Shape sampleShape, Shape batchShape) => batchShape.Rank > 0 ? sampleShape.Rank : 0;

    private protected static Shape RequireSameShape(Tensor a, Tensor b, string names)
    {
        if (a.Shape != b.Shape || a.DType != b.DType)
            throw new ArgumentException($"{names} must agree, got {a.DType} {a.Shape} and {b.DType} {b.Shape}. Broadcast them first.");
        return a.Shape;
    }
}

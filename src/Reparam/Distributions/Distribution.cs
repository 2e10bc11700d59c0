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

    /// <summary>Where the mass is.</summary>
    public abstract Support Support { get; }

    /// <summary>The expectation, of shape batch + event. NaN where there is none (a Cauchy), infinity where it is infinite.</summary>
    public abstract Tensor Mean { get; }

    /// <summary>The variance of each element, of shape batch + event. NaN where there is none, infinity where it is infinite.</summary>
    public abstract Tensor Variance { get; }

    /// <summary>A value of largest density or mass, of shape batch + event.</summary>
    /// <exception cref="NotSupportedException">There is no formula.</exception>
    public virtual Tensor Mode => throw Missing("mode");

    /// <summary>Draws of shape <paramref name="sampleShape"/> + batch + event, without a gradient.</summary>
    /// <remarks>The first batch axis (or, without a batch, the first sample axis) counts the data: a draw depends on the
    /// global index of its datum, not on the batch it is in.</remarks>
    public abstract Tensor Sample(Rng rng, Shape sampleShape = default);

    /// <summary>log p(value) in nats, of shape sample + batch. Differentiable in the parameters and, for continuous
    /// families, in the value.</summary>
    public abstract Tensor LogProb(Tensor value);

    /// <summary>The differential entropy (nats; Shannon entropy for discrete families), of the batch's shape.</summary>
    /// <exception cref="NotSupportedException">There is no formula; average -<see cref="LogProb"/> over draws.</exception>
    public abstract Tensor Entropy();

    /// <summary>P(X &lt;= value) of one-dimensional families, elementwise. Differentiable in value and parameters for continuous ones.</summary>
    /// <exception cref="NotSupportedException">There is no formula.</exception>
    public virtual Tensor Cdf(Tensor value) => throw Missing("cumulative distribution function");

    /// <summary>The quantile: the x with P(X &lt;= x) = <paramref name="probability"/>, for discrete families the least whole one with at least that.</summary>
    /// <exception cref="NotSupportedException">There is no formula.</exception>
    public virtual Tensor InverseCdf(Tensor probability) => throw Missing("quantile function");

    /// <summary>All values of a family of finitely many, of shape [n] + 1 for each batch axis + event: their log-probabilities come out as [n] + batch.</summary>
    /// <exception cref="NotSupportedException">The values cannot be listed.</exception>
    public virtual Tensor EnumerateSupport() => throw new NotSupportedException($"The values of {GetType().Name} ({Support}) cannot be listed.");

    /// <summary>KL(this || other) in closed form, of the batch's shape; null where this pair has none.</summary>
    protected internal virtual Tensor? ClosedFormKL(Distribution other) => null;

    /// <summary>
    /// E_q[log p] with p this distribution and q = <paramref name="other"/>, elementwise, where a formula in expectations under q exists; else null. It is asked only where the
    /// support of q lies within that of p, and KL(q || p) is then -H(q) - E_q[log p].
    /// </summary>
    protected internal virtual Tensor? ExpectedLogProb(Distribution other) => null;

    /// <summary>Whether <see cref="Support"/> is where the mass is, and not merely a set around it.</summary>
    protected internal virtual bool KnowsItsSupport => true;

    /// <summary>Whether <see cref="Mean"/> and <see cref="Variance"/> have formulas.</summary>
    protected internal virtual bool HasMoments => true;

    /// <summary>Whether <see cref="Entropy"/> has a formula.</summary>
    protected internal virtual bool HasEntropy => true;

    /// <summary>E[(X - c)^2], infinity where it is infinite.</summary>
    protected internal virtual Tensor SecondMomentAbout(Tensor c) => Variance + (Mean - c).Square();

    /// <summary>E[log X], where there is a formula.</summary>
    protected internal virtual Tensor? MeanLog => null;

    /// <summary>E[log(1 - X)], where there is a formula.</summary>
    protected internal virtual Tensor? MeanLogComplement => null;

    /// <summary>Var[log X], where there is a formula.</summary>
    protected internal virtual Tensor? VarianceLog => null;

    /// <summary>E[e^(t (X - c))], infinity where it is infinite, where there is a formula. Relative to c, since far from 0 either factor alone would overflow.</summary>
    protected internal virtual Tensor? MeanExp(Tensor t, Tensor c) => null;

    /// <summary>E[(X / unit)^k], unit above 0, infinity where it is infinite, where there is a formula. Relative to a unit, since a high power alone would overflow.</summary>
    protected internal virtual Tensor? MeanPower(Tensor k, Tensor unit) => null;

    /// <summary>E|X - c|, where there is a formula.</summary>
    protected internal virtual Tensor? MeanAbsoluteDeviation(Tensor c) => null;

    /// <summary><see cref="LogProb"/> summed over the last <paramref name="axes"/> batch axes. A family with a kernel that does both at once overrides it.</summary>
    protected internal virtual Tensor LogProbOver(Tensor value, int axes) => LogProb(value).SumFrom(^axes);

    /// <summary>The axis of a draw that counts the data, for counter-based noise: pass it to <see cref="Rng.Normal"/> and its like.</summary>
    protected static int DatumAxis(Shape sampleShape, Shape batchShape) => batchShape.Rank > 0 ? sampleShape.Rank : 0;

    /// <summary>Uniform noise in (0, 1), one number for each element of a draw.</summary>
    private protected Tensor UniformNoise(Rng rng, Shape sampleShape, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return rng.UniformOpen(sampleShape + BatchShape + EventShape, dtype ?? DType, DatumAxis(sampleShape, BatchShape));
    }

    /// <summary>
    /// A parameter or value in Float64. Formulas whose large terms cancel are computed so whatever the element type, and rounded once.
    /// </summary>
    private protected static Tensor Wide(Tensor x) => x.To(DType.Float64);

    /// <summary>A number as a tensor of the batch's and event's shape.</summary>
    private protected Tensor Constant(double value) => Tensor.Full(BatchShape + EventShape, value, DType);

    /// <summary>
    /// A log-density on part of the line: the formula where <paramref name="inside"/> is 1, -infinity elsewhere. The formula sees <paramref name="standIn"/>, a value of the
    /// support, in place of values outside, so that no NaN comes back through the gradient.
    /// </summary>
    private protected static Tensor OnSupport(Tensor inside, Tensor value, double standIn, Func<Tensor, Tensor> formula) =>
        Tensor.Where(inside, formula(Tensor.Where(inside, value, standIn)), double.NegativeInfinity);

    /// <summary>A draw that rounding may have put on the edge of its open support, moved to the nearest number inside. The gradient passes as if it had not been.</summary>
    private protected static Tensor Keep(Tensor draw, double low, double high)
    {
        Tensor kept = draw.Clamp(low, high);
        return Tensor.WithVjp(kept, [draw], g => [g]);
    }

    /// <summary>A draw from (0, 1), kept off the ends.</summary>
    private protected Tensor KeepInside(Tensor draw)
    {
        (double smallest, double belowOne) = Formulas.Edges(DType);
        return Keep(draw, smallest, belowOne);
    }

    /// <summary>A draw above 0, kept off 0 and finite.</summary>
    private protected Tensor KeepPositive(Tensor draw) => Keep(draw, Formulas.Edges(DType).Smallest, DType == DType.Float32 ? float.MaxValue : double.MaxValue);

    private NotSupportedException Missing(string what) => new($"{GetType().Name} has no {what} in closed form.");
}

using System.Runtime.CompilerServices;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A family member p(x) or a batch of them. <c>LogProb</c> is in nats, summed over the event, one value for each batch
/// element. A value has shape sample + <see cref="BatchShape"/> + <see cref="EventShape"/>.
/// </summary>
/// <remarks>
/// <see cref="Sample"/> never carries a gradient. Only a <see cref="ReparameterizedDistribution"/> has <c>RSample</c>,
/// so asking a Bernoulli for a pathwise gradient does not compile.
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

    /// <summary>The expectation, of shape batch + event. NaN where there is none (a Cauchy), infinity where it is
    /// infinite.</summary>
    public abstract Tensor Mean { get; }

    /// <summary>The variance of each element, of shape batch + event. NaN where there is none, infinity where it is
    /// infinite.</summary>
    public abstract Tensor Variance { get; }

    /// <summary>A value of largest density or mass, of shape batch + event.</summary>
    /// <exception cref="NotSupportedException">There is no formula.</exception>
    public virtual Tensor Mode => throw Missing("mode");

    /// <summary>Draws of shape <paramref name="sampleShape"/> + batch + event, without a gradient.</summary>
    /// <remarks>The first batch axis (or, without a batch, the first sample axis) counts the data: a draw depends on
    /// the global index of its datum, not on the batch it is in.</remarks>
    public abstract Tensor Sample(Rng rng, Shape sampleShape = default);

    /// <summary>log p(value) in nats, of shape sample + batch. Differentiable in the parameters and, for continuous
    /// families, in the value. -infinity outside the support, +infinity where the density is infinite, NaN for
    /// NaN.</summary>
    /// <exception cref="ArgumentException">The value has another element type.</exception>
    public Tensor LogProb(Tensor value) => Rounded(value, static (d, x) => d.LogProbCore(x));

    /// <summary>The differential entropy (nats; Shannon entropy for discrete families), of the batch's shape.</summary>
    /// <exception cref="NotSupportedException">There is no formula; average -<see cref="LogProb"/> over
    /// draws.</exception>
    public Tensor Entropy() => InFloat64 is { } wide ? wide.EntropyCore().To(DType) : EntropyCore();

    /// <summary>P(X &lt;= value) of one-dimensional families, elementwise. Differentiable in value and parameters for
    /// continuous ones.</summary>
    /// <exception cref="NotSupportedException">There is no formula.</exception>
    public Tensor Cdf(Tensor value) => Rounded(value, static (d, x) => d.TailCore(x, upper: false));

    /// <summary>log P(X &lt;= value), also where the probability underflows.</summary>
    /// <exception cref="NotSupportedException">There is no formula.</exception>
    public Tensor LogCdf(Tensor value) => Rounded(value, static (d, x) => d.LogTailCore(x, upper: false));

    /// <summary>P(X > value), accurate relative to itself where 1 - <see cref="Cdf"/> would be 0.</summary>
    /// <exception cref="NotSupportedException">There is no formula.</exception>
    public Tensor SurvivalFunction(Tensor value) => Rounded(value, static (d, x) => d.TailCore(x, upper: true));

    /// <summary>log P(X > value), also where the probability underflows.</summary>
    /// <exception cref="NotSupportedException">There is no formula.</exception>
    public Tensor LogSurvivalFunction(Tensor value) => Rounded(value, static (d, x) => d.LogTailCore(x, upper: true));

    /// <summary>The quantile: the x with P(X &lt;= x) = <paramref name="probability"/>, for discrete families the least
    /// one with at least that.
    /// NaN for what is no probability.</summary>
    /// <exception cref="NotSupportedException">There is no formula.</exception>
    public Tensor InverseCdf(Tensor probability) => Rounded(probability, static (d, p) =>
        Tensor.Where(Formulas.Within(p, 0, 1), d.InverseCdfCore(p), double.NaN));

    /// <summary>All values of a family of finitely many, of shape [n] + 1 for each batch axis + event: their
    /// log-probabilities come out as [n] + batch.</summary>
    /// <exception cref="NotSupportedException">The values cannot be listed.</exception>
    public virtual Tensor EnumerateSupport() =>
        throw new NotSupportedException($"The values of {GetType().Name} ({Support}) cannot be listed.");

    /// <summary>
    /// This distribution with its parameters in Float64. Where it is given, <see cref="LogProb"/>,
    /// <see cref="Entropy"/>, the tails, the
    /// quantile and closed-form divergences of Float32 parameters are computed there and rounded once, so that nothing
    /// cancels. Null for
    /// families whose formulas run in the element type of their parameters.
    /// </summary>
    protected internal virtual Distribution? Widened => null;

    /// <summary>The formula behind <see cref="LogProb"/>, in the element type of the parameters.</summary>
    protected abstract Tensor LogProbCore(Tensor value);

    /// <summary>The formula behind <see cref="Entropy"/>, in the element type of the parameters.</summary>
    protected virtual Tensor EntropyCore() =>
        throw new NotSupportedException(
            $"{GetType().Name} has no entropy in closed form. Average -LogProb over draws.");

    /// <summary>
    /// log P(X &lt;= value), or log P(X > value) of the <paramref name="upper"/> tail, in the element type of the
    /// parameters.
    /// </summary>
    protected virtual Tensor LogTailCore(Tensor value, bool upper) => throw Missing("cumulative distribution function");

    /// <summary>
    /// P(X &lt;= value), or P(X > value) of the <paramref name="upper"/> tail: an override where it is simpler than its
    /// logarithm.
    /// </summary>
    protected virtual Tensor TailCore(Tensor value, bool upper) => LogTailCore(value, upper).Exp();

    /// <summary>The formula behind <see cref="InverseCdf"/>, in the element type of the parameters.</summary>
    protected virtual Tensor InverseCdfCore(Tensor probability) => throw Missing("quantile function");

    /// <summary>KL(this || other) in closed form, of the batch's shape; null where this pair has none.</summary>
    protected internal virtual Tensor? ClosedFormKL(Distribution other) => null;

    /// <summary>
    /// E_q[log p] with p this distribution and q = <paramref name="other"/>, elementwise, where a formula in
    /// expectations under q exists; else null. It is asked only where the support of q lies within that of p, and KL(q
    /// || p) is then -H(q) - E_q[log p].
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

    /// <summary>E[e^(t (X - c))], infinity where it is infinite, where there is a formula. Relative to c, since far
    /// from 0 either factor alone would overflow.</summary>
    protected internal virtual Tensor? MeanExp(Tensor t, Tensor c) => null;

    /// <summary>E[(X / unit)^k], unit above 0, infinity where it is infinite, where there is a formula. Relative to a
    /// unit, since a high power alone would overflow.</summary>
    protected internal virtual Tensor? MeanPower(Tensor k, Tensor unit) => null;

    /// <summary>E|X - c|, where there is a formula.</summary>
    protected internal virtual Tensor? MeanAbsoluteDeviation(Tensor c) => null;

    /// <summary><see cref="LogProb"/> summed over the last <paramref name="axes"/> batch axes. A family with a kernel
    /// that does both at once overrides it.</summary>
    protected internal virtual Tensor LogProbOver(Tensor value, int axes) =>
        axes == 0 ? LogProb(value) : Rounded(value, (d, x) => d.LogProbCore(x).SumFrom(^axes));

    /// <summary>The axis of a draw that counts the data, for counter-based noise: pass it to <see cref="Rng.Normal"/>
    /// and its like.</summary>
    protected static int DatumAxis(Shape sampleShape, Shape batchShape) => batchShape.Rank > 0 ? sampleShape.Rank : 0;

    /// <summary>Uniform noise in (0, 1), one number for each element of a draw.</summary>
    private protected Tensor UniformNoise(Rng rng, Shape sampleShape, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return rng.UniformOpen(
            sampleShape + BatchShape + EventShape, dtype ?? DType, DatumAxis(sampleShape, BatchShape));
    }

    /// <summary>A parameter or value in Float64.</summary>
    private protected static Tensor Wide(Tensor x) => x.To(DType.Float64);

    /// <summary>A number as a tensor of the batch's and event's shape.</summary>
    private protected Tensor Constant(double value) => Tensor.Full(BatchShape + EventShape, value, DType);

    /// <summary>
    /// A log-density on part of the line: the formula where <paramref name="inside"/> is 1, -infinity elsewhere. The
    /// formula sees
    /// <paramref name="standIn"/>, a value of the support, in place of values outside, so that no NaN comes back
    /// through the gradient. It
    /// sees NaN, which is neither inside nor outside.
    /// </summary>
    private protected static Tensor OnSupport(Tensor inside, Tensor value, double standIn, Func<Tensor, Tensor> formula)
    {
        Tensor seen = inside * Formulas.IsFinite(value) + Formulas.IsNaN(value);
        return Tensor.Where(seen, formula(Tensor.Where(seen, value, standIn)), double.NegativeInfinity);
    }

    /// <summary>
    /// The logarithm of a tail of a variable between two ends: the formula between them, 0 and -infinity at and beyond
    /// them. The formula sees
    /// <paramref name="standIn"/> in place of other values.
    /// </summary>
    private protected static Tensor LogTailWithin(
        Tensor value, Tensor low, Tensor high, bool upper, Tensor standIn, Func<Tensor, Tensor> formula)
    {
        Tensor seen = Tensor.Less(low, value) * Tensor.Less(value, high) + Formulas.IsNaN(value);
        Tensor certain = upper ? Tensor.GreaterOrEqual(low, value) : Tensor.GreaterOrEqual(value, high);
        Tensor beyond = Tensor.Where(certain, Tensor.Scalar(0, value.DType), double.NegativeInfinity);
        return Tensor.Where(seen, formula(Tensor.Where(seen, value, standIn)), beyond);
    }

    /// <summary>
    /// <see cref="LogTailWithin(Tensor, Tensor, Tensor, bool, Tensor, Func{Tensor, Tensor})"/> with numbers as ends.
    /// </summary>
    private protected static Tensor LogTailWithin(
        Tensor value, double low, double high, bool upper, double standIn, Func<Tensor, Tensor> formula)
    {
        Tensor At(double x) => Tensor.Scalar(x, value.DType);
        return LogTailWithin(value, At(low), At(high), upper, At(standIn), formula);
    }

    /// <summary>
    /// The logarithm of a tail of counts: the formula at floor(value) from 0 on, of a certain tail below.
    /// </summary>
    private protected static Tensor LogTailOfCounts(Tensor value, bool upper, Func<Tensor, Tensor> formula)
    {
        Tensor from = Tensor.GreaterOrEqual(value, 0), seen = from * Formulas.IsFinite(value) + Formulas.IsNaN(value);
        double low = upper ? 0 : double.NegativeInfinity, high = upper ? double.NegativeInfinity : 0;
        Tensor beyond = Tensor.Where(from, Tensor.Scalar(high, value.DType), low);
        return Tensor.Where(seen, formula(Tensor.Where(seen, value, 0).Floor()), beyond);
    }

    /// <summary>A draw that rounding may have put on the edge of its open support, moved to the nearest number inside.
    /// The gradient passes as if it had not been.</summary>
    private protected static Tensor Keep(Tensor draw, double low, double high)
    {
        Tensor kept = draw.Clamp(low, high);
        return Tensor.WithVjp(kept, [draw], g => [g]);
    }

    /// <summary>
    /// A draw by the quantile function of uniform noise, in Float64 and not rounded: Float32 noise has no number within
    /// 6e-8 of 1 and would
    /// cut the upper tail.
    /// </summary>
    private protected Tensor QuantileDraw(Rng rng, Shape sampleShape) =>
        (InFloat64 ?? this).InverseCdfCore(UniformNoise(rng, sampleShape, DType.Float64));

    /// <summary>
    /// e^x of a draw's logarithm, kept finite and above 0. The gradient passes as if it had not been: a draw that
    /// overflows moves as the
    /// largest number does, where infinity times 0 would be NaN.
    /// </summary>
    private protected static Tensor ExpOfDraw(Tensor log) =>
        log.DType == DType.Float32 ? Keep(log, -87.3, 88.7).Exp() : Keep(log, -708, 709.7).Exp();

    /// <summary>A draw from (0, 1), kept off the ends.</summary>
    private protected Tensor KeepInside(Tensor draw)
    {
        (double smallest, double belowOne) = Formulas.Edges(DType);
        return Keep(draw, smallest, belowOne);
    }

    /// <summary>A draw of the line, kept finite.</summary>
    private protected Tensor KeepFinite(Tensor draw)
    {
        double largest = DType == DType.Float32 ? float.MaxValue : double.MaxValue;
        return Keep(draw, -largest, largest);
    }

    /// <summary>A draw above 0, kept off 0 and finite.</summary>
    private protected Tensor KeepPositive(Tensor draw) =>
        Keep(draw, Formulas.Edges(DType).Smallest, DType == DType.Float32 ? float.MaxValue : double.MaxValue);

    private Distribution? InFloat64 => DType == DType.Float32 ? Widened : null;

    /// <summary>A formula of an argument, in Float64 where the family says so, and rounded once.</summary>
    private Tensor Rounded(
        Tensor argument, Func<Distribution, Tensor, Tensor> formula, [CallerMemberName] string member = "")
    {
        ArgumentNullException.ThrowIfNull(argument);
        if (argument.DType != DType)
        {
            throw new ArgumentException(
                $"{member} of a {GetType().Name} with {DType} parameters takes {DType}, got {argument.DType}. " +
                    "Convert with To(DType).",
                nameof(argument));
        }

        return InFloat64 is { } wide ? formula(wide, Wide(argument)).To(DType) : formula(this, argument);
    }

    private NotSupportedException Missing(string what) => new($"{GetType().Name} has no {what} in closed form.");
}

using System.Runtime.CompilerServices;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A probability distribution p(x), or a batch of distributions of one family. <c>LogProb</c> is in nats. It is summed
/// over the event and has one value for each batch element. A value has the shape sample + <see cref="BatchShape"/> +
/// <see cref="EventShape"/>.
/// </summary>
/// <remarks>
/// <see cref="Sample"/> never carries a gradient. Only a <see cref="ReparameterizedDistribution"/> has <c>RSample</c>,
/// so a request for a pathwise gradient of a Bernoulli does not compile.
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

    /// <summary>The shape of the batch of independent distributions.</summary>
    public Shape BatchShape { get; }

    /// <summary>The shape of one draw.</summary>
    public Shape EventShape { get; }

    /// <summary>The element type of the parameters, the draws and the log-densities.</summary>
    public DType DType { get; }

    /// <summary>The set that contains the probability mass.</summary>
    public abstract Support Support { get; }

    /// <summary>
    /// The expectation, of shape batch + event. NaN where the expectation does not exist (Cauchy), infinity where it is
    /// infinite.
    /// </summary>
    public abstract Tensor Mean { get; }

    /// <summary>
    /// The variance of each element, of shape batch + event. NaN where the variance does not exist, infinity where it
    /// is infinite.
    /// </summary>
    public abstract Tensor Variance { get; }

    /// <summary>A value with the largest density or mass, of shape batch + event.</summary>
    /// <exception cref="NotSupportedException">There is no formula for the mode.</exception>
    public virtual Tensor Mode => throw Missing("mode");

    /// <summary>Draws of shape <paramref name="sampleShape"/> + batch + event, without a gradient.</summary>
    /// <remarks>
    /// The first batch axis counts the data points; without a batch, the first sample axis does. A draw depends on the
    /// global index of its data point, not on the batch that contains the data point.
    /// </remarks>
    public abstract Tensor Sample(Rng rng, Shape sampleShape = default);

    /// <summary>
    /// log p(value) in nats, of shape sample + batch. It is differentiable in the parameters and, for continuous
    /// families, in the value. It is -infinity outside the support, +infinity where the density is infinite, and NaN if
    /// the value is NaN.
    /// </summary>
    /// <exception cref="ArgumentException">The value has another element type.</exception>
    public Tensor LogProb(Tensor value) => Rounded(value, static (d, x) => d.LogProbCore(x));

    /// <summary>
    /// log p of each element of a value, of shape sample + batch + event, for a distribution whose elements are
    /// independent; null for other distributions. Its sum over the event is <see cref="LogProb"/>.
    /// </summary>
    public virtual Tensor? ElementLogProb(Tensor value) => EventShape.Rank == 0 ? LogProb(value) : null;

    /// <summary>
    /// The entropy in nats, of the shape of the batch: the differential entropy, or the Shannon entropy for discrete
    /// families.
    /// </summary>
    /// <exception cref="NotSupportedException">There is no formula for the entropy. Average -<see cref="LogProb"/> over
    /// draws instead.</exception>
    public Tensor Entropy() => InFloat64 is { } wide ? wide.EntropyCore().To(DType) : EntropyCore();

    /// <summary>
    /// P(X &lt;= value) elementwise, for one-dimensional families. For continuous families it is differentiable in the
    /// value and in the parameters.
    /// </summary>
    /// <exception cref="NotSupportedException">There is no formula for the CDF.</exception>
    public Tensor Cdf(Tensor value) => Rounded(value, static (d, x) => d.TailCore(x, upper: false));

    /// <summary>log P(X &lt;= value). It is accurate also where the probability underflows.</summary>
    /// <exception cref="NotSupportedException">There is no formula for the CDF.</exception>
    public Tensor LogCdf(Tensor value) => Rounded(value, static (d, x) => d.LogTailCore(x, upper: false));

    /// <summary>P(X > value). Its relative accuracy is kept where 1 - <see cref="Cdf"/> would be 0.</summary>
    /// <exception cref="NotSupportedException">There is no formula for the CDF.</exception>
    public Tensor SurvivalFunction(Tensor value) => Rounded(value, static (d, x) => d.TailCore(x, upper: true));

    /// <summary>log P(X > value). It is accurate also where the probability underflows.</summary>
    /// <exception cref="NotSupportedException">There is no formula for the CDF.</exception>
    public Tensor LogSurvivalFunction(Tensor value) => Rounded(value, static (d, x) => d.LogTailCore(x, upper: true));

    /// <summary>
    /// The quantile: the x with P(X &lt;= x) = <paramref name="probability"/>. For discrete families it is the smallest
    /// x with P(X &lt;= x) >= <paramref name="probability"/>. NaN if <paramref name="probability"/> lies outside [0,
    /// 1].
    /// </summary>
    /// <exception cref="NotSupportedException">There is no formula for the quantile.</exception>
    public Tensor InverseCdf(Tensor probability) => Rounded(probability, static (d, p) =>
        Tensor.Where(Formulas.Within(p, 0, 1), d.InverseCdfCore(p), double.NaN));

    /// <summary>
    /// All values of a family with finitely many values, of shape [n] + 1 for each batch axis + event. Their
    /// log-probabilities have the shape [n] + batch.
    /// </summary>
    /// <exception cref="NotSupportedException">The values cannot be listed.</exception>
    public virtual Tensor EnumerateSupport() =>
        throw new NotSupportedException($"The values of {GetType().Name} ({Support}) cannot be listed.");

    /// <summary>
    /// This distribution with its parameters in Float64. If it is not null and the parameters are Float32,
    /// <see cref="LogProb"/>, <see cref="Entropy"/>, the tails, the quantile and closed-form divergences are computed
    /// in Float64 and rounded once, so that nothing cancels. It is null for families whose formulas run in the element
    /// type of their parameters.
    /// </summary>
    protected internal virtual Distribution? Widened => null;

    /// <summary>The formula behind <see cref="LogProb"/>, in the element type of the parameters.</summary>
    protected abstract Tensor LogProbCore(Tensor value);

    /// <summary>The formula behind <see cref="Entropy"/>, in the element type of the parameters.</summary>
    protected virtual Tensor EntropyCore() =>
        throw new NotSupportedException(
            $"{GetType().Name} has no entropy in closed form. Average -LogProb over draws.");

    /// <summary>
    /// log P(X &lt;= value), or log P(X > value) for the <paramref name="upper"/> tail, in the element type of the
    /// parameters.
    /// </summary>
    protected virtual Tensor LogTailCore(Tensor value, bool upper) => throw Missing("cumulative distribution function");

    /// <summary>
    /// P(X &lt;= value), or P(X > value) for the <paramref name="upper"/> tail. A family overrides this method where
    /// the formula for the probability is simpler than the formula for its logarithm.
    /// </summary>
    protected virtual Tensor TailCore(Tensor value, bool upper) => LogTailCore(value, upper).Exp();

    /// <summary>The formula behind <see cref="InverseCdf"/>, in the element type of the parameters.</summary>
    protected virtual Tensor InverseCdfCore(Tensor probability) => throw Missing("quantile function");

    /// <summary>
    /// KL(this || other) in closed form, of the shape of the batch; null where this pair has no closed form.
    /// </summary>
    protected internal virtual Tensor? ClosedFormKL(Distribution other) => null;

    /// <summary>
    /// E_q[log p] elementwise, where p is this distribution and q = <paramref name="other"/>; null if there is no
    /// formula in terms of expectations under q. The method is called only where the support of q lies within the
    /// support of p. KL(q || p) is then -H(q) - E_q[log p].
    /// </summary>
    protected internal virtual Tensor? ExpectedLogProb(Distribution other) => null;

    /// <summary>
    /// Whether <see cref="Support"/> is exactly the set that has the mass. It is false if the support is only a larger
    /// set.
    /// </summary>
    protected internal virtual bool KnowsItsSupport => true;

    /// <summary>Whether <see cref="Mean"/> and <see cref="Variance"/> have formulas.</summary>
    protected internal virtual bool HasMoments => true;

    /// <summary>Whether <see cref="Entropy"/> has a formula.</summary>
    protected internal virtual bool HasEntropy => true;

    /// <summary>E[(X - c)^2]; infinity where the expectation is infinite.</summary>
    protected internal virtual Tensor SecondMomentAbout(Tensor c) => Variance + (Mean - c).Square();

    /// <summary>E[log X]; null if there is no formula.</summary>
    protected internal virtual Tensor? MeanLog => null;

    /// <summary>E[log(1 - X)]; null if there is no formula.</summary>
    protected internal virtual Tensor? MeanLogComplement => null;

    /// <summary>Var[log X]; null if there is no formula.</summary>
    protected internal virtual Tensor? VarianceLog => null;

    /// <summary>
    /// E[e^(t (X - c))]; infinity where the expectation is infinite, null if there is no formula. The exponent is
    /// relative to c, because far from 0 the factors e^(t X) and e^(-t c) would overflow separately.
    /// </summary>
    protected internal virtual Tensor? MeanExp(Tensor t, Tensor c) => null;

    /// <summary>
    /// E[(X / unit)^k] with unit above 0; infinity where the expectation is infinite, null if there is no formula. X is
    /// divided by the unit, because a high power of X alone would overflow.
    /// </summary>
    protected internal virtual Tensor? MeanPower(Tensor k, Tensor unit) => null;

    /// <summary>E|X - c|; null if there is no formula.</summary>
    protected internal virtual Tensor? MeanAbsoluteDeviation(Tensor c) => null;

    /// <summary>
    /// <see cref="LogProb"/> summed over the last <paramref name="axes"/> batch axes. A family with a kernel that does
    /// both steps at once overrides this method.
    /// </summary>
    protected internal virtual Tensor LogProbOver(Tensor value, int axes) =>
        axes == 0 ? LogProb(value) : Rounded(value, (d, x) => d.LogProbCore(x).SumFrom(^axes));

    /// <summary>
    /// The axis of a draw that counts the data points, for counter-based noise. Pass it to <see cref="Rng.Normal"/> and
    /// to similar methods.
    /// </summary>
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

    /// <summary>A number as a tensor of shape batch + event.</summary>
    private protected Tensor Constant(double value) => Tensor.Full(BatchShape + EventShape, value, DType);

    /// <summary>
    /// A log-density on a part of the line: the formula where <paramref name="inside"/> is 1, -infinity elsewhere. The
    /// formula receives <paramref name="standIn"/>, a value of the support, in place of a value outside the support, so
    /// that the gradient has no NaN. A NaN value is not replaced, so that the result is NaN there.
    /// </summary>
    private protected static Tensor OnSupport(Tensor inside, Tensor value, double standIn, Func<Tensor, Tensor> formula)
    {
        Tensor seen = inside * Formulas.IsFinite(value) + Formulas.IsNaN(value);
        return Tensor.Where(seen, formula(Tensor.Where(seen, value, standIn)), double.NegativeInfinity);
    }

    /// <summary>
    /// The logarithm of a tail of a variable between two ends. Between the ends it is the formula. At the ends and
    /// beyond them it is 0 or -infinity. The formula receives <paramref name="standIn"/> in place of values that are
    /// not between the ends.
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
    /// The logarithm of a tail of counts. From 0 on it is the formula at floor(value). Below 0 the lower tail has
    /// probability 0 and the upper tail has probability 1.
    /// </summary>
    private protected static Tensor LogTailOfCounts(Tensor value, bool upper, Func<Tensor, Tensor> formula)
    {
        Tensor from = Tensor.GreaterOrEqual(value, 0), seen = from * Formulas.IsFinite(value) + Formulas.IsNaN(value);
        double low = upper ? 0 : double.NegativeInfinity, high = upper ? double.NegativeInfinity : 0;
        Tensor beyond = Tensor.Where(from, Tensor.Scalar(high, value.DType), low);
        return Tensor.Where(seen, formula(Tensor.Where(seen, value, 0).Floor()), beyond);
    }

    /// <summary>
    /// Moves a draw that rounding may have put on the edge of its open support to the nearest number inside. The
    /// gradient passes as if the draw had not moved.
    /// </summary>
    private protected static Tensor Keep(Tensor draw, double low, double high)
    {
        Tensor kept = draw.Clamp(low, high);
        return Tensor.WithVjp(kept, [draw], g => [g]);
    }

    /// <summary>
    /// A draw by the quantile function of uniform noise, in Float64 and not rounded. Float32 noise has no number within
    /// 6e-8 of 1, so it would cut off the upper tail.
    /// </summary>
    private protected Tensor QuantileDraw(Rng rng, Shape sampleShape) =>
        (InFloat64 ?? this).InverseCdfCore(UniformNoise(rng, sampleShape, DType.Float64));

    /// <summary>
    /// A draw from its logarithm. A draw that would overflow or underflow becomes the largest or the smallest number,
    /// and its derivative with respect to the logarithm is this number too. An infinite derivative would give NaN where
    /// it is multiplied by 0.
    /// </summary>
    private protected static Tensor ExpOfDraw(Tensor log) =>
        log.DType == DType.Float32 ? Keep(log, -87.3, 88.7).Exp() : Keep(log, -708, 709.7).Exp();

    /// <summary>Keeps a draw inside (0, 1).</summary>
    private protected Tensor KeepInside(Tensor draw)
    {
        (double smallest, double belowOne) = Formulas.Edges(DType);
        return Keep(draw, smallest, belowOne);
    }

    /// <summary>Keeps a draw finite.</summary>
    private protected Tensor KeepFinite(Tensor draw)
    {
        double largest = DType == DType.Float32 ? float.MaxValue : double.MaxValue;
        return Keep(draw, -largest, largest);
    }

    /// <summary>Keeps a draw above 0 and finite.</summary>
    private protected Tensor KeepPositive(Tensor draw) =>
        Keep(draw, Formulas.Edges(DType).Smallest, DType == DType.Float32 ? float.MaxValue : double.MaxValue);

    private Distribution? InFloat64 => DType == DType.Float32 ? Widened : null;

    /// <summary>
    /// Computes a formula of an argument. If the family is widened, the formula runs in Float64 and the result is
    /// rounded once.
    /// </summary>
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

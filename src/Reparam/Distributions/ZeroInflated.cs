using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Counts with extra zeros. A value is 0 with probability g. Otherwise it follows <c>counts</c>: p(0) = g + (1 - g)
/// p0(0), p(k) = (1 - g) p0(k). The distribution is discrete, so it has no <c>RSample</c>.
/// </summary>
public sealed class ZeroInflated : Distribution
{
    /// <summary>
    /// Creates the distribution from a distribution of counts, such as a <see cref="Poisson"/> or
    /// <see cref="NegativeBinomial"/>, and the log-odds of an extra zero. The log-odds have the shape of the batch of
    /// the counts.
    /// </summary>
    /// <exception cref="ArgumentException">The distribution is not a one-dimensional distribution of counts, or the
    /// gate has another shape or element type.</exception>
    public ZeroInflated(Distribution counts, Tensor gateLogits)
        : base(Checked.NotNull(counts).BatchShape, [], counts.DType)
    {
        ArgumentNullException.ThrowIfNull(gateLogits);
        if (counts.EventShape.Rank > 0 || counts.Support.Kind != SupportKind.WholeNumbers)
        {
            throw new ArgumentException("ZeroInflated needs a one-dimensional distribution of counts; " +
                $"{counts.GetType().Name} lies on {counts.Support}.", nameof(counts));
        }

        if (gateLogits.Shape != counts.BatchShape || gateLogits.DType != counts.DType)
        {
            throw new ArgumentException("gateLogits must have the batch shape and element type of the counts, " +
                $"{counts.DType} {counts.BatchShape}; got {gateLogits.DType} {gateLogits.Shape}.", nameof(gateLogits));
        }

        Counts = counts;
        GateLogits = gateLogits;
    }

    /// <summary>The distribution without the extra zeros.</summary>
    public Distribution Counts { get; }

    /// <summary>The log-odds of an extra zero.</summary>
    public Tensor GateLogits { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened =>
        Counts.Widened is { } counts ? new ZeroInflated(counts, Wide(GateLogits)) : null;

    /// <inheritdoc/>
    public override Support Support => Counts.Support;

    /// <summary>(1 - g) E[k].</summary>
    public override Tensor Mean => (-GateLogits).Sigmoid() * Counts.Mean;

    /// <summary>(1 - g) (Var[k] + g E[k]^2).</summary>
    public override Tensor Variance =>
        (-GateLogits).Sigmoid() * (Counts.Variance + GateLogits.Sigmoid() * Counts.Mean.Square());

    /// <summary>0 if a coin with log-odds <see cref="GateLogits"/> shows 1. Otherwise a draw of the counts.</summary>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        Tensor extra = new Bernoulli(GateLogits).Sample(rng, sampleShape);
        return Tensor.Where(1 - extra, Counts.Sample(rng, sampleShape), 0).Detach();
    }

    /// <summary>log(g + (1 - g) p0(0)) at 0, log(1 - g) + log p0(k) elsewhere.</summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor rest = Counts.LogProb(value) - GateLogits.SoftPlus();
        Tensor zero = Formulas.IsZero(value).BroadcastTo(rest.Shape);
        Tensor gate = -(-GateLogits).SoftPlus();
        return Tensor.Where(zero, Formulas.LogAddExp(gate, Tensor.Where(zero, rest, 0)), rest);
    }

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>
    /// log(g + (1 - g) F(k)) for the lower tail from 0 on, log(1 - g) + log P0(X > k) for the upper tail.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailOfCounts(value, upper, k =>
    {
        if (upper) return Counts.LogSurvivalFunction(k) - GateLogits.SoftPlus();
        Tensor gate = -(-GateLogits).SoftPlus();
        return Formulas.LogAddExp(gate, Counts.LogCdf(k) - GateLogits.SoftPlus());
    });

    /// <summary>
    /// 0 up to the probability g of an extra zero. Above g, the quantile of the counts at (p - g) / (1 - g).
    /// </summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        // p = g + (1 - g) q.
        Tensor gate = GateLogits.Sigmoid(), rest = (probability - gate) / (-GateLogits).Sigmoid();
        Tensor above = Tensor.Less(Tensor.Scalar(0, DType), rest);
        return Tensor.Where(above, Counts.InverseCdf(Tensor.Where(above, rest, 0).Clamp(0, 1)), 0);
    }
}

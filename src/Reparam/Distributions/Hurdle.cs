using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Counts with a hurdle at 0 (Mullahy 1986). A value is 0 with probability g. Otherwise it is a count of <c>counts</c>
/// that is not 0: p(0) = g, p(k) = (1 - g) p0(k) / (1 - p0(0)). Unlike in <see cref="ZeroInflated"/>, zeros may be
/// rarer than in the distribution of the counts. The distribution is discrete, so it has no <c>RSample</c>.
/// </summary>
public sealed class Hurdle : Distribution
{
    /// <summary>
    /// Creates the distribution from a <see cref="Poisson"/>, <see cref="Binomial"/> or <see cref="NegativeBinomial"/>
    /// (or another distribution of counts with a quantile function), and the log-odds of a zero. The log-odds have the
    /// shape of the batch of the counts.
    /// </summary>
    /// <exception cref="ArgumentException">The distribution is not a one-dimensional distribution of counts, or the
    /// gate has another shape or element type.</exception>
    public Hurdle(Distribution counts, Tensor gateLogits)
        : base(Checked.NotNull(counts).BatchShape, [], counts.DType)
    {
        ArgumentNullException.ThrowIfNull(gateLogits);
        if (counts.EventShape.Rank > 0 || counts.Support.Kind != SupportKind.WholeNumbers)
        {
            throw new ArgumentException("Hurdle needs a one-dimensional distribution of counts; " +
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

    /// <summary>The distribution of the counts, from which the values above 0 come.</summary>
    public Distribution Counts { get; }

    /// <summary>The log-odds of a zero.</summary>
    public Tensor GateLogits { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened =>
        Counts.Widened is { } counts ? new Hurdle(counts, Wide(GateLogits)) : null;

    /// <inheritdoc/>
    public override Support Support => Counts.Support;

    /// <summary>(1 - g) E[k] / (1 - p0(0)).</summary>
    public override Tensor Mean => ShareAbove * Counts.Mean;

    /// <summary>E[k^2] - E[k]^2, where E[k^2] is proportional to the second moment of the counts.</summary>
    public override Tensor Variance
    {
        get
        {
            // With s the share (1 - g) / (1 - p0(0)) and m the mean of the counts, the variance is s (Var + m^2) - s^2
            // m^2. It is computed as s (Var + (1 - s) m^2), which is accurate where s is near 1.
            Distribution counts = Counts.Widened ?? Counts;
            Tensor share = Share(counts, GateLogits.To(counts.DType));
            return (share * (counts.Variance + (1 - share) * counts.Mean.Square())).To(DType);
        }
    }

    /// <summary>log p0(0).</summary>
    private Tensor LogZero => Counts.LogProb(Tensor.Zeros(BatchShape, DType));

    /// <summary>(1 - g) / (1 - p0(0)).</summary>
    private Tensor ShareAbove => Share(Counts, GateLogits);

    private static Tensor Share(Distribution counts, Tensor gateLogits) =>
        (-gateLogits).Sigmoid() / -counts.LogProb(Tensor.Zeros(counts.BatchShape, counts.DType)).ExpM1();

    /// <summary>
    /// 0 if a coin with log-odds <see cref="GateLogits"/> shows 1. Otherwise the quantile of the counts at uniform
    /// noise above p0(0).
    /// </summary>
    /// <exception cref="NotSupportedException">The counts have no quantile function.</exception>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        Tensor zero = new Bernoulli(GateLogits).Sample(rng, sampleShape),
            u = UniformNoise(rng, sampleShape, DType.Float64), at = Wide(LogZero).Exp();
        // Rounding may make the probability equal to p0(0).
        Tensor count = (Counts.Widened ?? Counts).InverseCdf(
            (at + (1 - at) * u).To((Counts.Widened ?? Counts).DType)).To(DType);
        return Tensor.Where(1 - zero, Tensor.Maximum(count, Tensor.Scalar(1, DType)), 0).Detach();
    }

    /// <summary>log g at 0, log(1 - g) + log p0(k) - log(1 - p0(0)) elsewhere.</summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor rest = Counts.LogProb(value) - GateLogits.SoftPlus() - (-LogZero).Log1mExp();
        return Tensor.Where(Formulas.IsZero(value).BroadcastTo(rest.Shape), -(-GateLogits).SoftPlus(), rest);
    }

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>
    /// The logarithm of g + (1 - g) (F(k) - p0(0)) / (1 - p0(0)) for the lower tail from 0 on, and of (1 - g) P0(X > k)
    /// / (1 - p0(0)) for the upper tail.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailOfCounts(value, upper, k =>
    {
        Tensor above = Counts.LogSurvivalFunction(k) - (-LogZero).Log1mExp();
        if (upper) return above - GateLogits.SoftPlus();
        // 1 - P(X > k | X > 0) keeps its digits where P(X > k | X > 0) is not close to 1. Otherwise F(k) - p0(0) is
        // used.
        Tensor gate = -(-GateLogits).SoftPlus(), rare = Tensor.Less(above, -0.5);
        Tensor some = Tensor.Less(Tensor.Scalar(0, DType), k) * (1 - rare);
        Tensor complement = (-Tensor.Where(rare, above, -1)).Log1mExp();
        Tensor rest = Tensor.Where(some, Counts.Cdf(Tensor.Where(some, k, 1)) - LogZero.Exp(), 1);
        Tensor difference = rest.Log() - (-LogZero).Log1mExp();
        Tensor share = Tensor.Where(
            rare + some, Tensor.Where(rare, complement, difference) - GateLogits.SoftPlus(), double.NegativeInfinity);
        return Formulas.KeepNaN(Formulas.LogAddExp(gate, share), k);
    });

    /// <summary>
    /// 0 up to the probability g. Above g, the quantile of the counts at the corresponding probability above p0(0).
    /// </summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        // p = g + (1 - g) (q - p0) / (1 - p0).
        Tensor gate = GateLogits.Sigmoid(), zero = LogZero.Exp(), rest = (probability - gate) / (-GateLogits).Sigmoid();
        Tensor above = Tensor.Less(Tensor.Scalar(0, DType), rest), q = zero + (1 - zero) * Tensor.Where(above, rest, 0);
        return Tensor.Where(above, Tensor.Maximum(Counts.InverseCdf(q.Clamp(0, 1)), Tensor.Scalar(1, DType)), 0);
    }
}

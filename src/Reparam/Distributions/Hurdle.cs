using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Counts behind a hurdle (Mullahy 1986): 0 with probability g, else a count of <c>counts</c> that is not 0: p(0) = g, p(k) = (1 - g) p0(k) / (1 - p0(0)). Unlike <see cref="ZeroInflated"/>, zeros may also be rarer than
/// the counts have them. Discrete: there is no <c>RSample</c>.
/// </summary>
public sealed class Hurdle : Distribution
{
    /// <summary>From a <see cref="Poisson"/>, <see cref="Binomial"/> or <see cref="NegativeBinomial"/> (or other counts with a quantile function), and the log-odds of a zero, of its batch's shape.</summary>
    /// <exception cref="ArgumentException">The distribution is not over counts, one a batch member, or the gate has another shape.</exception>
    public Hurdle(Distribution counts, Tensor gateLogits)
        : base(Checked.NotNull(counts).BatchShape, [], counts.DType)
    {
        ArgumentNullException.ThrowIfNull(gateLogits);
        if (counts.EventShape.Rank > 0 || counts.Support.Kind != SupportKind.WholeNumbers)
            throw new ArgumentException($"A hurdle stands before counts, one a batch member; {counts.GetType().Name} lies on {counts.Support}.", nameof(counts));
        if (gateLogits.Shape != counts.BatchShape || gateLogits.DType != counts.DType)
            throw new ArgumentException($"The gate has the shape and type of the counts' batch, {counts.DType} {counts.BatchShape}, got {gateLogits.DType} {gateLogits.Shape}.", nameof(gateLogits));
        Counts = counts;
        GateLogits = gateLogits;
    }

    /// <summary>The distribution whose counts above 0 lie behind the hurdle.</summary>
    public Distribution Counts { get; }

    /// <summary>The log-odds of a zero.</summary>
    public Tensor GateLogits { get; }

    /// <inheritdoc/>
    public override Support Support => Counts.Support;

    /// <summary>(1 - g) E[k] / (1 - p0(0)).</summary>
    public override Tensor Mean => ShareAbove * Counts.Mean;

    /// <summary>E[k^2] - E[k]^2 of it, E[k^2] in proportion to that of the counts.</summary>
    public override Tensor Variance => ShareAbove * (Counts.Variance + Counts.Mean.Square()) - Mean.Square();

    /// <summary>log p0(0).</summary>
    private Tensor LogZero => Counts.LogProb(Tensor.Zeros(BatchShape, DType));

    /// <summary>(1 - g) / (1 - p0(0)).</summary>
    private Tensor ShareAbove => (-GateLogits).Sigmoid() / -LogZero.ExpM1();

    /// <summary>0 where a coin of log-odds gate says so, else the counts' quantile of uniform noise above p0(0).</summary>
    /// <exception cref="NotSupportedException">The counts have no quantile function.</exception>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        Tensor zero = new Bernoulli(GateLogits).Sample(rng, sampleShape), u = UniformNoise(rng, sampleShape, DType.Float64), at = Wide(LogZero).Exp();
        // Rounding may put the probability on p0(0) itself.
        Tensor count = Counts is Poisson or Binomial or NegativeBinomial ? Counts.InverseCdf(at + (1 - at) * u) : Counts.InverseCdf((at + (1 - at) * u).To(DType));
        return Tensor.Where(1 - zero, Tensor.Maximum(count, Tensor.Scalar(1, DType)), 0).Detach();
    }

    /// <summary>log g at 0, log(1 - g) + log p0(k) - log(1 - p0(0)) elsewhere.</summary>
    public override Tensor LogProb(Tensor value)
    {
        Tensor rest = Counts.LogProb(value) - GateLogits.SoftPlus() - (-LogZero).Log1mExp();
        return Tensor.Where(Formulas.IsZero(value).BroadcastTo(rest.Shape), -(-GateLogits).SoftPlus(), rest);
    }

    /// <summary>There is no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Entropy() => throw new NotSupportedException("The entropy of counts behind a hurdle has no closed form. Average -LogProb over draws.");

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>g + (1 - g) (F(k) - p0(0)) / (1 - p0(0)) from 0 on.</summary>
    public override Tensor Cdf(Tensor value) =>
        Tensor.GreaterOrEqual(value, 0) * (GateLogits.Sigmoid() + ShareAbove * (Counts.Cdf(value) - LogZero.Exp()));
}

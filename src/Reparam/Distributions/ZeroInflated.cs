using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Counts that are 0 for a reason of their own with probability g, and else follow <c>counts</c>: p(0) = g + (1 - g) p0(0), p(k) = (1 - g) p0(k). Discrete: there is no
/// <c>RSample</c>.
/// </summary>
public sealed class ZeroInflated : Distribution
{
    /// <summary>From the distribution of counts, such as a <see cref="Poisson"/> or <see cref="NegativeBinomial"/>, and the log-odds of an extra zero, of its batch's shape.</summary>
    /// <exception cref="ArgumentException">The distribution is not over counts, one a batch member, or the gate has another shape.</exception>
    public ZeroInflated(Distribution counts, Tensor gateLogits)
        : base(Checked.NotNull(counts).BatchShape, [], counts.DType)
    {
        ArgumentNullException.ThrowIfNull(gateLogits);
        if (counts.EventShape.Rank > 0 || counts.Support.Kind != SupportKind.WholeNumbers)
            throw new ArgumentException($"Zeros are added to counts, one a batch member; {counts.GetType().Name} lies on {counts.Support}.", nameof(counts));
        if (gateLogits.Shape != counts.BatchShape || gateLogits.DType != counts.DType)
            throw new ArgumentException($"The gate has the shape and type of the counts' batch, {counts.DType} {counts.BatchShape}, got {gateLogits.DType} {gateLogits.Shape}.", nameof(gateLogits));
        Counts = counts;
        GateLogits = gateLogits;
    }

    /// <summary>The distribution without the extra zeros.</summary>
    public Distribution Counts { get; }

    /// <summary>The log-odds of an extra zero.</summary>
    public Tensor GateLogits { get; }

    /// <inheritdoc/>
    public override Support Support => Counts.Support;

    /// <summary>(1 - g) E[k].</summary>
    public override Tensor Mean => (-GateLogits).Sigmoid() * Counts.Mean;

    /// <summary>(1 - g) (Var[k] + g E[k]^2).</summary>
    public override Tensor Variance => (-GateLogits).Sigmoid() * (Counts.Variance + GateLogits.Sigmoid() * Counts.Mean.Square());

    /// <summary>0 where a coin of log-odds gate says so, else a count.</summary>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        Tensor extra = new Bernoulli(GateLogits).Sample(rng, sampleShape);
        return Tensor.Where(1 - extra, Counts.Sample(rng, sampleShape), 0).Detach();
    }

    /// <summary>log(g + (1 - g) p0(0)) at 0, log(1 - g) + log p0(k) elsewhere.</summary>
    public override Tensor LogProb(Tensor value)
    {
        Tensor rest = Counts.LogProb(value) - GateLogits.SoftPlus();
        Tensor zero = Formulas.IsZero(value).BroadcastTo(rest.Shape);
        // log g + softplus(log((1 - g) p0(0)) - log g).
        Tensor gate = -(-GateLogits).SoftPlus();
        return Tensor.Where(zero, gate + (Tensor.Where(zero, rest, 0) - gate).SoftPlus(), rest);
    }

    /// <summary>There is no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Entropy() => throw new NotSupportedException("The entropy of a zero-inflated distribution has no closed form. Average -LogProb over draws.");

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <inheritdoc/>
    public override Tensor Cdf(Tensor value)
    {
        Tensor gate = GateLogits.Sigmoid();
        return Tensor.GreaterOrEqual(value, 0) * gate + (1 - gate) * Counts.Cdf(value);
    }
}

using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The F distribution. It is the distribution of the ratio (X/m) / (Y/n) of independent chi-squared variables X and Y
/// with m and n degrees of freedom: log p(x) = m/2 log(m/n) + (m/2 - 1) log x - (m + n)/2 log(1 + m x / n) - log B(m/2,
/// n/2) for x > 0. Each element of the parameters is a separate batch member.
/// </summary>
public sealed class FisherSnedecor : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from m = degreesOfFreedom1 (numerator) and n = degreesOfFreedom2 (denominator), both
    /// positive. The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public FisherSnedecor(Tensor degreesOfFreedom1, Tensor degreesOfFreedom2)
        : this(Checked.Broadcast(Checked.Positive(degreesOfFreedom1), Checked.Positive(degreesOfFreedom2),
            nameof(degreesOfFreedom1), nameof(degreesOfFreedom2)))
    {
    }

    private FisherSnedecor((Tensor DegreesOfFreedom1, Tensor DegreesOfFreedom2) p)
        : base(p.DegreesOfFreedom1.Shape, [], p.DegreesOfFreedom1.DType) => (DegreesOfFreedom1, DegreesOfFreedom2) = p;

    /// <summary>m, the degrees of freedom of the numerator.</summary>
    public Tensor DegreesOfFreedom1 { get; }

    /// <summary>n, the degrees of freedom of the denominator.</summary>
    public Tensor DegreesOfFreedom2 { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened =>
        new FisherSnedecor(Wide(DegreesOfFreedom1), Wide(DegreesOfFreedom2));

    /// <inheritdoc/>
    public override Support Support => Support.Positive(DType);

    /// <summary>n / (n - 2). It is infinite for n &lt;= 2.</summary>
    public override Tensor Mean
    {
        get
        {
            Tensor finite = Tensor.Less(Tensor.Scalar(2, DType), DegreesOfFreedom2),
                n = Tensor.Where(finite, DegreesOfFreedom2, 3);
            return Tensor.Where(finite, n / (n - 2), double.PositiveInfinity);
        }
    }

    /// <summary>2 n^2 (m + n - 2) / (m (n - 2)^2 (n - 4)). It is infinite for n &lt;= 4.</summary>
    public override Tensor Variance
    {
        get
        {
            Tensor finite = Tensor.Less(Tensor.Scalar(4, DType), DegreesOfFreedom2),
                n = Tensor.Where(finite, DegreesOfFreedom2, 5);
            return Tensor.Where(finite, (n / (n - 2))
                .Square() * 2 * (DegreesOfFreedom1 + n - 2) / (DegreesOfFreedom1 * (n - 4)), double.PositiveInfinity);
        }
    }

    /// <summary>(m - 2) / m * n / (n + 2), or 0 where m is below 2.</summary>
    public override Tensor Mode =>
        (DegreesOfFreedom1 - 2).Relu() / DegreesOfFreedom1 * DegreesOfFreedom2 / (DegreesOfFreedom2 + 2);

    /// <summary>The ratio of two gamma draws, with their implicit gradients.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor m = DegreesOfFreedom1.To(DType.Float64), n = DegreesOfFreedom2.To(DType.Float64);
        Tensor upper = Gamma.LogStandardDraw(m * 0.5, UniformNoise(rng, sampleShape, DType.Float64));
        Tensor lower = Gamma.LogStandardDraw(n * 0.5, UniformNoise(rng, sampleShape, DType.Float64));
        return KeepPositive(ExpOfDraw(upper - m.Log() - lower + n.Log()).To(DType));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Tensor.GreaterOrEqual(value, 0), value, 1, x =>
    {
        // Let w = r / (1 + r) with r = m x / n. w is a beta variable, and dw/dx = (1 - w)^2 m / n.
        Tensor ratio = DegreesOfFreedom1 / DegreesOfFreedom2 * x, a = DegreesOfFreedom1 * 0.5;
        Tensor b = DegreesOfFreedom2 * 0.5;
        Tensor w = ratio / (1 + ratio), rest = (1 + ratio).Reciprocal(), near = Tensor.Less(w, 0.5);
        Tensor density = Tensor.Where(
            near, Tensor.LogBetaDensity(a, b, Tensor.Where(near, w, 0.25)),
            Tensor.LogBetaDensity(b, a, Tensor.Where(near, Tensor.Scalar(0.25, DType), rest)));
        return density - ratio.LogP1() * 2 + DegreesOfFreedom1.Log() - DegreesOfFreedom2.Log();
    });

    /// <summary>log(n/m) + log B(m/2, n/2) + (1 - m/2) digamma(m/2) - (1 + n/2) digamma(n/2) + (m + n)/2 digamma((m +
    /// n)/2).</summary>
    protected override Tensor EntropyCore()
    {
        Tensor a = DegreesOfFreedom1 * 0.5, b = DegreesOfFreedom2 * 0.5, total = a + b;
        return b.Log() - a.Log() + a.GammaEntropy() + b.GammaEntropy() - total.GammaEntropy() - b.Digamma() * 2
            + total.Digamma();
    }

    /// <summary>
    /// log I_w(m/2, n/2) with w = m x / (m x + n) for the lower tail, log I_(1-w)(n/2, m/2) for the upper tail. Both
    /// are computed from the smaller of w and 1 - w.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        LogTailWithin(value, 0, double.PositiveInfinity, upper, 1, x =>
    {
        Tensor ratio = DegreesOfFreedom1 / DegreesOfFreedom2 * x, a = DegreesOfFreedom1 * 0.5;
        Tensor b = DegreesOfFreedom2 * 0.5;
        Tensor near = Tensor.Less(ratio, 1), w = Tensor.Where(near, ratio / (1 + ratio), 0.25);
        Tensor rest = Tensor.Where(near, Tensor.Scalar(0.25, DType), (1 + ratio).Reciprocal());
        return upper
            ? Tensor.Where(near, Tensor.LogRegularizedBetaComplement(a, b, w), Tensor.LogRegularizedBeta(b, a, rest))
            : Tensor.Where(near, Tensor.LogRegularizedBeta(a, b, w), Tensor.LogRegularizedBetaComplement(b, a, rest));
    });

    /// <summary>
    /// n w / (m (1 - w)), where w is the quantile of the beta distribution with parameters m/2 and n/2.
    /// </summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        Tensor a = DegreesOfFreedom1 * 0.5, b = DegreesOfFreedom2 * 0.5;
        return DegreesOfFreedom2 / DegreesOfFreedom1 * Tensor.BetaQuantile(
            a, b, probability) / Tensor.BetaQuantileComplement(a, b, probability);
    }

    /// <inheritdoc/>
    protected internal override Tensor? MeanLog => (DegreesOfFreedom1 * 0.5).Digamma() - (DegreesOfFreedom2 * 0.5)
        .Digamma() + DegreesOfFreedom2.Log() - DegreesOfFreedom1.Log();
}

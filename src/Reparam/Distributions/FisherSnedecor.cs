using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The F distribution of the ratio (X/m) / (Y/n) of independent chi-squared variables of m and n degrees of freedom:
/// log p(x) = m/2 log(m/n) + (m/2 - 1) log x - (m + n)/2 log(1 + m x / n) - log B(m/2, n/2) for x > 0, every element a batch member of its own.
/// </summary>
public sealed class FisherSnedecor : ReparameterizedDistribution
{
    /// <summary>From m = degreesOfFreedom1 (numerator) and n = degreesOfFreedom2 (denominator), both positive, which broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public FisherSnedecor(Tensor degreesOfFreedom1, Tensor degreesOfFreedom2)
        : this(Checked.Broadcast(Checked.Positive(degreesOfFreedom1), Checked.Positive(degreesOfFreedom2), nameof(degreesOfFreedom1), nameof(degreesOfFreedom2)))
    {
    }

    private FisherSnedecor((Tensor DegreesOfFreedom1, Tensor DegreesOfFreedom2) p)
        : base(p.DegreesOfFreedom1.Shape, [], p.DegreesOfFreedom1.DType) => (DegreesOfFreedom1, DegreesOfFreedom2) = p;

    /// <summary>m, of the numerator.</summary>
    public Tensor DegreesOfFreedom1 { get; }

    /// <summary>n, of the denominator.</summary>
    public Tensor DegreesOfFreedom2 { get; }

    /// <inheritdoc/>
    public override Support Support => Support.Positive(DType);

    /// <summary>n / (n - 2), infinite up to n = 2.</summary>
    public override Tensor Mean
    {
        get
        {
            Tensor finite = Tensor.Less(Tensor.Scalar(2, DType), DegreesOfFreedom2), n = Tensor.Where(finite, DegreesOfFreedom2, 3);
            return Tensor.Where(finite, n / (n - 2), double.PositiveInfinity);
        }
    }

    /// <summary>2 n^2 (m + n - 2) / (m (n - 2)^2 (n - 4)), infinite up to n = 4.</summary>
    public override Tensor Variance
    {
        get
        {
            Tensor finite = Tensor.Less(Tensor.Scalar(4, DType), DegreesOfFreedom2), n = Tensor.Where(finite, DegreesOfFreedom2, 5);
            return Tensor.Where(finite, (n / (n - 2)).Square() * 2 * (DegreesOfFreedom1 + n - 2) / (DegreesOfFreedom1 * (n - 4)), double.PositiveInfinity);
        }
    }

    /// <summary>(m - 2) / m n / (n + 2), or 0 where m is below 2.</summary>
    public override Tensor Mode => (DegreesOfFreedom1 - 2).Relu() / DegreesOfFreedom1 * DegreesOfFreedom2 / (DegreesOfFreedom2 + 2);

    /// <summary>The ratio of two gamma draws, with their implicit gradients.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor m = DegreesOfFreedom1.To(DType.Float64), n = DegreesOfFreedom2.To(DType.Float64);
        Tensor upper = Gamma.LogStandardDraw(m * 0.5, UniformNoise(rng, sampleShape, DType.Float64));
        Tensor lower = Gamma.LogStandardDraw(n * 0.5, UniformNoise(rng, sampleShape, DType.Float64));
        return KeepPositive((upper - m.Log() - lower + n.Log()).Exp().To(DType));
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value) => OnSupport(Tensor.Less(Tensor.Scalar(0, DType), value), value, 1, x =>
    {
        // In w = log(m x / n): m/2 w - (m + n)/2 softplus(w) - log x - log B.
        Tensor m = Wide(DegreesOfFreedom1), n = Wide(DegreesOfFreedom2), log = Wide(x).Log(), w = m.Log() - n.Log() + log;
        return (m * w * 0.5 - (m + n) * w.SoftPlus() * 0.5 - log - Tensor.LogBeta(m * 0.5, n * 0.5)).To(DType);
    });

    /// <summary>log(n/m) + log B(m/2, n/2) + (1 - m/2) digamma(m/2) - (1 + n/2) digamma(n/2) + (m + n)/2 digamma((m + n)/2).</summary>
    public override Tensor Entropy()
    {
        Tensor a = Wide(DegreesOfFreedom1) * 0.5, b = Wide(DegreesOfFreedom2) * 0.5;
        return (b.Log() - a.Log() + Tensor.LogBeta(a, b) + (1 - a) * a.Digamma() - (b + 1) * b.Digamma() + (a + b) * (a + b).Digamma()).To(DType);
    }

    /// <summary>I_w(m/2, n/2), w = m x / (m x + n).</summary>
    public override Tensor Cdf(Tensor value)
    {
        Tensor positive = Tensor.Less(Tensor.Scalar(0, DType), value), x = DegreesOfFreedom1 * Tensor.Where(positive, value, 1);
        return Tensor.Where(positive, Tensor.RegularizedBeta(DegreesOfFreedom1 * 0.5, DegreesOfFreedom2 * 0.5, x / (x + DegreesOfFreedom2)), 0);
    }

    /// <summary>n w / (m (1 - w)), w the quantile of the incomplete beta function.</summary>
    public override Tensor InverseCdf(Tensor probability)
    {
        Tensor m = Wide(DegreesOfFreedom1), n = Wide(DegreesOfFreedom2), w = Tensor.BetaQuantile(m * 0.5, n * 0.5, Wide(probability));
        return (n * w / (m * (1 - w))).To(DType);
    }

    /// <inheritdoc/>
    protected internal override Tensor? MeanLog => (DegreesOfFreedom1 * 0.5).Digamma() - (DegreesOfFreedom2 * 0.5).Digamma() + DegreesOfFreedom2.Log() - DegreesOfFreedom1.Log();
}

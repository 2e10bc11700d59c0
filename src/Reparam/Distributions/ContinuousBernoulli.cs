using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The continuous Bernoulli distribution on [0, 1] (Loaiza-Ganem and Cunningham 2019). Its density is proportional to
/// lambda^x (1 - lambda)^(1 - x). With l the log-odds of lambda, log p(x) = l x - log((e^l - 1) / l). This is a
/// normalised likelihood for grey values; the cross-entropy of a Bernoulli is not a density over grey values. Each
/// element of the parameters is a separate batch member.
/// </summary>
public sealed class ContinuousBernoulli : ReparameterizedDistribution
{
    /// <summary>Creates the distribution from the log-odds l of lambda.</summary>
    public ContinuousBernoulli(Tensor logits)
        : base(Checked.NotNull(logits).Shape, [], logits.DType) => Logits = logits;

    /// <summary>The log-odds l of lambda.</summary>
    public Tensor Logits { get; }

    /// <summary>lambda = sigmoid(l). It is not the mean.</summary>
    public Tensor Probs => Logits.Sigmoid();

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new ContinuousBernoulli(Wide(Logits));

    /// <inheritdoc/>
    public override Support Support => Support.UnitInterval(DType);

    /// <summary>1 / (1 - e^-l) - 1/l, and 1/2 at l = 0.</summary>
    public override Tensor Mean
    {
        get
        {
            // The mean is the derivative of log((e^l - 1) / l). Mean - 1/2 is odd in l.
            (Tensor near, Tensor x, Tensor far) = Split(0.5);
            Tensor square = x.Square();
            Tensor series = 0.5 + x * (1.0 / 12
                + square * (-1.0 / 720 + square * (1.0 / 30240 + square * (-1.0 / 1209600 + square / 47900160))));
            // 1 / (1 - e^-l) for l > 0 and e^l / (e^l - 1) for l < 0. No exponential exceeds 1, so no infinite
            // derivative is multiplied by 0.
            Tensor decay = -far.Abs(), numerator = Tensor.Where(Tensor.Less(far, 0), decay.Exp(), -1);
            return Tensor.Where(near, series, numerator / decay.ExpM1() - far.Reciprocal());
        }
    }

    /// <summary>1/l^2 - 1 / (2 sinh(l/2))^2, and 1/12 at l = 0.</summary>
    public override Tensor Variance
    {
        get
        {
            (Tensor near, Tensor x, Tensor far) = Split(0.5);
            Tensor square = x.Square();
            Tensor series = 1.0 / 12
                + square * (-1.0 / 240 + square * (1.0 / 6048 + square * (-1.0 / 172800 + square / 5322240)));
            // (2 sinh(l/2))^-2 = e^-|l| / (1 - e^-|l|)^2.
            Tensor decay = -far.Abs();
            return Tensor.Where(near, series, far.Square().Reciprocal() - decay.Exp() / decay.ExpM1().Square());
        }
    }

    /// <summary>The end with the larger density, 0 or 1.</summary>
    public override Tensor Mode => Tensor.GreaterOrEqual(Logits, 0);

    /// <summary>Creates the distribution from lambda in [0, 1].</summary>
    /// <exception cref="ArgumentException">A lambda lies outside [0, 1].</exception>
    public static ContinuousBernoulli FromProbs(Tensor probs) => new(Bernoulli.LogOdds(probs));

    /// <summary>The quantile of uniform noise. It is differentiable in the log-odds.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        QuantileDraw(rng, sampleShape).Clamp(0, 1).To(DType);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) =>
        OnSupport(Formulas.Within(value, 0, 1), value, 0.5, x => Logits * x - LogNormalizer);

    /// <summary>log((e^l - 1) / l) - l E[x].</summary>
    protected override Tensor EntropyCore() => LogNormalizer - Logits * Mean;

    /// <summary>
    /// (e^(l x) - 1) / (e^l - 1) for the lower tail. The upper tail is its mirror image: it uses -l and 1 - x.
    /// </summary>
    protected override Tensor TailCore(Tensor value, bool upper) =>
        upper ? new ContinuousBernoulli(-Logits).Below(1 - value) : Below(value);

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailWithin(value, 0, 1, upper, 0.5, x =>
    {
        // log(1 - e^(-|l| x)) - log(1 - e^-|l|), minus l (1 - x) if l > 0.
        (Tensor l, Tensor y) = upper ? (-Logits, 1 - x) : (Logits, x);
        Tensor steep = Tensor.Less(Tensor.Scalar(1, DType), l.Abs()), size = Tensor.Where(steep, l.Abs(), 1);
        Tensor ratio = (size * y).Log1mExp() - size.Log1mExp() - Tensor.Where(
            Tensor.Less(Tensor.Scalar(0, DType), l), size * (1 - y), 0);
        return Tensor.Where(steep, ratio, TailCore(x, upper).Log());
    });

    /// <summary>The lower tail P(X &lt;= x).</summary>
    private Tensor Below(Tensor value)
    {
        Tensor x = value.Clamp(0, 1);
        (Tensor near, Tensor small, Tensor far) = Split(1e-3);
        // For l > 0 the form e^(l(x - 1)) (1 - e^(-l x)) / (1 - e^-l) keeps every exponential below 1.
        Tensor positive = Tensor.Less(Tensor.Scalar(0, DType), far), decay = -far.Abs();
        Tensor rising = ((x - 1) * -decay).Exp() * (x * decay).ExpM1() / decay.ExpM1();
        Tensor falling = (x * decay).ExpM1() / decay.ExpM1();
        // The series is x + l x (x - 1) / 2 + l^2 x (x - 1) (2x - 1) / 12 + ... The next term is below 1e-12 at l =
        // 1e-3.
        Tensor product = x * (x - 1);
        Tensor series = x + small * product * 0.5 + small.Square() * product * (x * 2 - 1) / 12
            + small.Square() * small * product.Square() / 24;
        return Tensor.Where(near, series, Tensor.Where(positive, rising, falling));
    }

    /// <summary>log(1 + p (e^l - 1)) / l.</summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        Tensor u = probability;
        (Tensor near, Tensor small, Tensor far) = Split(0.1);
        // Let b be 1 with probability u, else 0. The quantile is log E[e^(l b)] / l. In its series in l, the
        // coefficient of l^(n - 1) is the n-th cumulant of b, divided by n!.
        Tensor v = u * (1 - u), tilt = 1 - u * 2;
        Tensor series = u + small * v * (0.5 + small * (tilt / 6 + small * ((1 - v * 6) / 24
            + small * (tilt * (1 - v * 12) / 120 + small * ((1 - v * 30 + v.Square() * 120) / 720)))));
        Tensor positive = Tensor.Less(Tensor.Scalar(0, DType), far), decay = -far.Abs(), size = far.Abs();
        // For l > 0 and u e^l below 1 the formula is used as it stands. Above 1 it is 1 + log(u + (1 - u) e^-l) / l,
        // and the logarithm is computed from whichever of 0 and 1 the sum is near.
        Tensor log = u.Log() + size, low = Tensor.Less(log, 0), lower = Tensor.Less(u, 0.5);
        Tensor sum = Tensor.Where(lower, (u + (1 - u) * decay.Exp()).Log(), ((1 - u) * decay.ExpM1()).LogP1());
        Tensor rising = 1 + sum / size;
        Tensor grown = (Tensor.Where(low, log, 0).Exp() - u).LogP1() / size;
        Tensor falling = -(u * decay.ExpM1()).LogP1() / size;
        return Tensor.Where(near, series, Tensor.Where(positive, Tensor.Where(low, grown, rising), falling));
    }

    /// <summary>The KL divergence to a continuous Bernoulli: (l1 - l2) E[x] - log C1 + log C2.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is ContinuousBernoulli p ? (Logits - p.Logits) * Mean - LogNormalizer + p.LogNormalizer : null;

    /// <summary>E_q[log p], which needs the mean of q.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) => Logits * other.Mean - LogNormalizer;

    /// <summary>The normaliser at l + t divided by the normaliser at l, times e^(-t c).</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c) =>
        (new ContinuousBernoulli(Logits + t).LogNormalizer - LogNormalizer - t * c).Exp();

    /// <summary>log((e^l - 1) / l) as max(l, 0) + log((1 - e^-|l|) / |l|). Near l = 0 a series is used.</summary>
    private Tensor LogNormalizer
    {
        get
        {
            (Tensor near, Tensor x, Tensor far) = Split(0.5);
            // The series of log(sinh(h) / h) + h with h = l/2.
            Tensor square = (x * 0.5).Square();
            Tensor series = x * 0.5 + square
                * (1.0 / 6 + square * (-1.0 / 180 + square * (1.0 / 2835 + square * (-1.0 / 37800 + square / 467775))));
            Tensor size = far.Abs();
            return Tensor.Where(near, series, far.Relu() + (-(-size).ExpM1()).Log() - size.Log());
        }
    }

    /// <summary>
    /// Near is 1 where |l| is below the bound. Small is l there and 0 elsewhere. Far is l elsewhere and 1 there.
    /// </summary>
    private (Tensor Near, Tensor Small, Tensor Far) Split(double bound)
    {
        Tensor near = Tensor.Less(Logits.Abs(), bound);
        return (near, Tensor.Where(near, Logits, 0), Tensor.Where(1 - near, Logits, 1));
    }
}

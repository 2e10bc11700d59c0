using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The beta distribution on (0, 1): with a = concentration1 and b = concentration0, log p(x) = (a - 1) log x + (b - 1) log(1 - x) - log B(a, b), every element a batch
/// member of its own.
/// </summary>
/// <remarks>A draw is the quantile of uniform noise, and its gradients are the implicit ones, -(dF/da) / p and -(dF/db) / p (Figurnov, Mohamed and Mnih 2018).</remarks>
public sealed class Beta : ReparameterizedDistribution
{
    /// <summary>From a = concentration1 and b = concentration0, both positive, which broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public Beta(Tensor concentration1, Tensor concentration0)
        : this(Checked.Broadcast(Checked.Positive(concentration1), Checked.Positive(concentration0), nameof(concentration1), nameof(concentration0)))
    {
    }

    private Beta((Tensor Concentration1, Tensor Concentration0) p)
        : base(p.Concentration1.Shape, [], p.Concentration1.DType) => (Concentration1, Concentration0) = p;

    /// <summary>a: mass moves to 1 as it grows.</summary>
    public Tensor Concentration1 { get; }

    /// <summary>b: mass moves to 0 as it grows.</summary>
    public Tensor Concentration0 { get; }

    /// <inheritdoc/>
    public override Support Support => Support.UnitInterval(DType);

    /// <summary>a / (a + b).</summary>
    public override Tensor Mean => Concentration1 / Total;

    /// <summary>a b / ((a + b)^2 (a + b + 1)).</summary>
    public override Tensor Variance => Mean * (Concentration0 / Total) / (Total + 1);

    /// <summary>(a - 1) / (a + b - 2) where both exceed 1; else the end with the larger density.</summary>
    public override Tensor Mode
    {
        get
        {
            Tensor one = Tensor.Scalar(1, DType);
            Tensor interior = Tensor.Less(one, Concentration1) * Tensor.Less(one, Concentration0);
            Tensor a = Tensor.Where(interior, Concentration1, 2), b = Tensor.Where(interior, Concentration0, 2);
            return Tensor.Where(interior, (a - 1) / (a + b - 2), Tensor.GreaterOrEqual(Concentration1, Concentration0));
        }
    }

    private Tensor Total => Concentration1 + Concentration0;

    /// <summary>The quantile of uniform noise, with implicit gradients; kept inside (0, 1) where it would round to an end.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor u = UniformNoise(rng, sampleShape, DType.Float64);
        return KeepInside(Tensor.BetaQuantile(Concentration1.To(DType.Float64), Concentration0.To(DType.Float64), u).To(DType));
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value) => OnSupport(
        Formulas.Within(value, 0, 1), value, 0.5,
        x =>
        {
            (Tensor a, Tensor b, Tensor wide) = (Wide(Concentration1), Wide(Concentration0), Wide(x));
            return (Formulas.XLogY(a - 1, wide) + Formulas.XLogP1Y(b - 1, -wide) - Tensor.LogBeta(a, b)).To(DType);
        });

    /// <summary>log B - (a - 1) digamma(a) - (b - 1) digamma(b) + (a + b - 2) digamma(a + b).</summary>
    public override Tensor Entropy()
    {
        (Tensor a, Tensor b) = (Wide(Concentration1), Wide(Concentration0));
        return (Tensor.LogBeta(a, b) - (a - 1) * a.Digamma() - (b - 1) * b.Digamma() + (a + b - 2) * (a + b).Digamma()).To(DType);
    }

    /// <summary>The regularized incomplete beta function I_x(a, b).</summary>
    public override Tensor Cdf(Tensor value)
    {
        Tensor inside = Formulas.Within(value, 0, 1);
        return Tensor.Where(inside, Tensor.RegularizedBeta(Concentration1, Concentration0, Tensor.Where(inside, value, 0.5)), Tensor.GreaterOrEqual(value, 1));
    }

    /// <inheritdoc/>
    public override Tensor InverseCdf(Tensor probability) => Tensor.BetaQuantile(Concentration1, Concentration0, probability);

    /// <summary>Against a beta: log B(a2, b2) - log B(a1, b1) + (a1 - a2) E[log x] + (b1 - b2) E[log(1 - x)].</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Beta p) return null;
        return Tensor.LogBeta(p.Concentration1, p.Concentration0) - Tensor.LogBeta(Concentration1, Concentration0)
            + (Concentration1 - p.Concentration1) * MeanLog + (Concentration0 - p.Concentration0) * MeanLogComplement;
    }

    /// <summary>E_q log p needs E_q[log x] and E_q[log(1 - x)].</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanLog is { } log && other.MeanLogComplement is { } complement
            ? (Concentration1 - 1) * log + (Concentration0 - 1) * complement - Tensor.LogBeta(Concentration1, Concentration0)
            : null;

    /// <summary>digamma(a) - digamma(a + b).</summary>
    protected internal override Tensor MeanLog => Concentration1.Digamma() - Total.Digamma();

    /// <summary>digamma(b) - digamma(a + b).</summary>
    protected internal override Tensor MeanLogComplement => Concentration0.Digamma() - Total.Digamma();

    /// <summary>B(a + k, b) / B(a, b) / unit^k, infinite from k = -a down.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor argument = Concentration1 + k, finite = Tensor.Less(Tensor.Scalar(0, DType), argument);
        Tensor log = Tensor.LogBeta(Tensor.Where(finite, argument, 1), Concentration0) - Tensor.LogBeta(Concentration1, Concentration0) - k * unit.Log();
        return Tensor.Where(finite, log.Exp(), double.PositiveInfinity);
    }
}

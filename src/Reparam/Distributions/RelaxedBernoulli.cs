using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The binary Concrete distribution on (0, 1) (Maddison, Mnih and Teh 2017; Jang, Gu and Poole 2017): sigmoid((l + L) /
/// t) with logistic noise L, log-odds l and temperature t. As t goes to 0 the distribution becomes a
/// <see cref="Bernoulli"/>. Its gradients are exact for the relaxed distribution and biased for the Bernoulli. Each
/// element of the parameters is a separate batch member.
/// </summary>
/// <remarks>With y = logit(x): log p(x) = log t + (l - t y) - 2 softplus(l - t y) - log x - log(1 - x).</remarks>
public sealed class RelaxedBernoulli : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from the temperature (positive) and the log-odds. The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a temperature is not positive.</exception>
    public RelaxedBernoulli(Tensor temperature, Tensor logits)
        : this(Checked.Broadcast(Checked.Positive(temperature), logits, nameof(temperature), nameof(logits)))
    {
    }

    private RelaxedBernoulli((Tensor Temperature, Tensor Logits) p)
        : base(p.Temperature.Shape, [], p.Temperature.DType) => (Temperature, Logits) = p;

    /// <summary>The temperature t. For a lower t the draws are nearer to 0 and 1.</summary>
    public Tensor Temperature { get; }

    /// <summary>The log-odds l of a draw above 1/2.</summary>
    public Tensor Logits { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new RelaxedBernoulli(Wide(Temperature), Wide(Logits));

    /// <inheritdoc/>
    public override Support Support => Support.UnitInterval(DType);

    /// <summary>Not supported: the mean has no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean =>
        throw new NotSupportedException(
            "The mean of a relaxed Bernoulli has no closed form. Estimate it as the average over draws.");

    /// <summary>Not supported: the variance has no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance =>
        throw new NotSupportedException(
            "The variance of a relaxed Bernoulli has no closed form. Estimate it as the average over draws.");

    /// <summary>
    /// sigmoid((l + log u - log(1 - u)) / t) with u uniform. It is differentiable in the logits and the temperature,
    /// and it is kept inside (0, 1).
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        KeepInside(InverseCdf(UniformNoise(rng, sampleShape)));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Formulas.Within(value, 0, 1), value, 0.5, x =>
    {
        Tensor atZero = Formulas.IsZero(x), atOne = Formulas.IsZero(x - 1);
        Tensor inner = Tensor.Where(atZero + atOne, Tensor.Scalar(0.5, DType), x);
        Tensor log = inner.Log(), logComplement = (-inner).LogP1(), u = Logits - Temperature * (log - logComplement);
        Tensor density = Temperature.Log() + u - u.SoftPlus() * 2 - log - logComplement;
        // At x = 0 the density is t e^-l, and at x = 1 it is t e^l, times the distance to that end to the power t - 1.
        Tensor end = Temperature.Log() + Formulas.XLogY((Temperature - 1).Detach(), Tensor.Zeros([], DType));
        return Tensor.Where(atZero, end - Logits, Tensor.Where(atOne, end + Logits, density));
    });

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <inheritdoc/>
    protected internal override bool HasMoments => false;

    /// <summary>log sigmoid(t logit(x) - l) for the lower tail. The upper tail is its mirror image.</summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailWithin(value, 0, 1, upper, 0.5, x =>
    {
        Tensor u = Temperature * (x.Log() - (-x).LogP1()) - Logits;
        return -(upper ? u : -u).SoftPlus();
    });

    /// <summary>sigmoid((l + logit(p)) / t).</summary>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        ((Logits + probability.Log() - (-probability).LogP1()) / Temperature).Sigmoid();
}

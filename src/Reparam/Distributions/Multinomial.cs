using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The counts of K outcomes among n independent draws: log p(x) = log n! - sum log x_k! + sum x_k log p_k for whole x_k
/// that sum to n. The distribution is discrete, so it has no <c>RSample</c>.
/// </summary>
public sealed class Multinomial : Distribution
{
    private readonly OneHotCategorical _draw;

    /// <summary>
    /// Creates the distribution from the number of draws and the unnormalised log-probabilities [..., K].
    /// </summary>
    /// <exception cref="ArgumentException">The logits have no axis of outcomes, or there is no outcome.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of draws is negative.</exception>
    public Multinomial(int totalCount, Tensor logits)
        : base(Categorical.RequireOutcomes(logits), logits.Shape[^1..], logits.DType)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalCount);
        TotalCount = totalCount;
        _draw = new OneHotCategorical(logits);
    }

    /// <summary>n, the number of draws.</summary>
    public int TotalCount { get; }

    /// <summary>Normalised log-probabilities [..., K].</summary>
    public Tensor Logits => _draw.Logits;

    /// <summary>Probabilities [..., K].</summary>
    public Tensor Probs => _draw.Probs;

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Multinomial(TotalCount, Wide(Logits));

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.WholeNumbers, 0, TotalCount, DType);

    /// <summary>The mean n p.</summary>
    public override Tensor Mean => Probs * TotalCount;

    /// <summary>n p (1 - p) for each element.</summary>
    public override Tensor Variance => _draw.Variance * TotalCount;

    /// <summary>The sum of n one-hot draws, which are made one after another.</summary>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        Tensor total = Tensor.Zeros(sampleShape + BatchShape + EventShape, DType);
        for (int i = 0; i < TotalCount; i++) total += _draw.Sample(rng, sampleShape);
        return total.Detach();
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor inside = Tensor.Less((1 - Support.Contains(value)).Sum(^1), 0.5) * Formulas.IsZero(
            value.Sum(^1) - TotalCount)
            + Tensor.Less(Tensor.Scalar(0, DType), Formulas.IsNaN(value).Sum(^1));
        Tensor counts = Tensor.Where(inside.Reshape(inside.Shape + [1]), value, 0);
        Tensor terms = Tensor.Where(Formulas.IsZero(counts), Tensor.Scalar(0, DType), counts * Logits) - (counts + 1)
            .LogGamma();
        Tensor factorial = Tensor.Scalar(TotalCount + 1, DType).LogGamma();
        return Tensor.Where(inside, terms.Sum(^1) + factorial, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>
    /// The KL divergence to a multinomial with equally many draws and outcomes: n times the KL divergence of one draw.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is Multinomial p && p.TotalCount == TotalCount && _draw.ClosedFormKL(p._draw) is { } one
            ? one * TotalCount : null;
}

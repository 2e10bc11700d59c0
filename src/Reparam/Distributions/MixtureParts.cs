using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The code that mixtures with and without pathwise gradients share. It holds the weights, and the components along the
/// last axis of their batch.
/// </summary>
internal sealed class MixtureParts
{
    public MixtureParts(Categorical weights, Distribution components)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(components);
        if (components.BatchShape.Rank == 0 || components.BatchShape[^1] != weights.Count
            || components.DType != weights.DType)
        {
            throw new ArgumentException(
                $"A mixture of {weights.Count} components needs them along the last axis of their batch, " +
                    $"in {weights.DType}; got a {components.GetType().Name} of batch {components.BatchShape} in " +
                    $"{components.DType}.");
        }

        BatchShape = Checked.Join(
            weights.BatchShape, components.BatchShape[..^1], "the batch of the weights", "the batch of the components");
        (Weights, Components) = (weights, components);
    }

    public Categorical Weights { get; }

    public Distribution Components { get; }

    public Shape BatchShape { get; }

    public Shape EventShape => Components.EventShape;

    public Tensor Mean => Averaged(Components.Mean);

    public Tensor Variance
    {
        get
        {
            // The mean of the variances plus the variance of the means.
            Tensor mean = Mean, kept = mean.Reshape(BatchShape + [1] + EventShape);
            return Averaged(Components.Variance + (Components.Mean - kept).Square());
        }
    }

    /// <summary>
    /// Draws from each component and returns the draw of the component that the weights choose. No gradient.
    /// </summary>
    public Tensor Draw(Rng rng, Shape sampleShape, int datumAxis)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Tensor logits = Checked.To(Weights.Logits, BatchShape + [Weights.Count]);
        Tensor chosen = Categorical.NoisyLogits(logits, rng, sampleShape, datumAxis).ArgMax(^1).OneHot(Weights.Count);
        Tensor all = Components.Sample(
            rng, sampleShape + BatchShape[..(BatchShape.Rank - (Components.BatchShape.Rank - 1))]);
        Tensor picks = chosen.Reshape([.. chosen.Shape, .. Enumerable.Repeat(1, EventShape.Rank)]);
        return Tensor.Where(picks, all, 0).Sum(^(EventShape.Rank + 1)).Detach();
    }

    /// <summary>log sum_k w_k p_k(value).</summary>
    public Tensor LogProb(Tensor value) => (Components.LogProb(Spread(value)) + Weights.Logits).LogSumExp(^1);

    /// <summary>The weighted sum of the tails of the components.</summary>
    public Tensor Tail(Tensor value, bool upper)
    {
        Tensor spread = Spread(value), tails = upper ? Components.SurvivalFunction(spread) : Components.Cdf(spread);
        return (tails * Weights.Probs).Sum(^1);
    }

    /// <summary>The logarithm of the weighted sum of the tails of the components.</summary>
    public Tensor LogTail(Tensor value, bool upper)
    {
        Tensor spread = Spread(value);
        Tensor tails = upper ? Components.LogSurvivalFunction(spread) : Components.LogCdf(spread);
        Tensor logs = tails + Weights.Logits, possible = Formulas.IsAboveNegativeInfinity(logs) + Formulas.IsNaN(logs);
        // The logarithm of an empty sum has no gradient.
        Tensor some = Tensor.Less(Tensor.Scalar(0, logs.DType), possible.Sum(^1));
        Tensor held = some.Reshape(some.Shape + [1]);
        return Tensor.Where(some, Tensor.Where(held, logs, 0).LogSumExp(^1), double.NegativeInfinity);
    }

    /// <summary>
    /// The quantile. It is found by bisection of the interval between the smallest and the largest quantile of a
    /// component, which contains it. For continuous components its derivatives are the implicit derivatives (dp - dF) /
    /// p(x).
    /// </summary>
    public Tensor Quantile(Tensor probability)
    {
        bool whole = Components.Support.Kind == SupportKind.WholeNumbers;
        Tensor high = Bracketed(probability, whole);
        if (whole) return high;
        Tensor density = LogProb(high).Exp();
        return Tensor.WithVjp(high, [probability - Tail(high, upper: false)], g => [g / density]);
    }

    private Tensor Bracketed(Tensor probability, bool whole)
    {
        // No gradient passes through the search, so no tape needs to record it.
        using var scope = new TensorScope();
        Tensor each = Components.InverseCdf(Spread(probability));
        // A component of probability 0 does not count.
        Tensor possible = Formulas.IsAboveNegativeInfinity(Checked.To(Weights.Logits, BatchShape + [Weights.Count]));
        Tensor none = Tensor.Scalar(double.PositiveInfinity, each.DType);
        Tensor low = -Largest(Tensor.Where(possible, -each, -none)),
            high = Largest(Tensor.Where(possible, each, -none));
        // There are about 2^63 Float64 numbers of one sign. The last digit of a quantile takes about 60 halvings of an
        // interval whose ends have similar magnitudes.
        for (int step = 0; step < 120; step++)
        {
            Tensor middle = low * 0.5 + high * 0.5;
            if (whole) middle = middle.Floor();
            Tensor reaches = Tensor.GreaterOrEqual(Tail(middle, upper: false), probability);
            (low, high) = (Tensor.Where(reaches, low, middle), Tensor.Where(reaches, middle, high));
        }

        return high.Keep();
    }

    private static Tensor Largest(Tensor x)
    {
        int last = x.Shape[^1];
        Tensor largest = x.Slice(^1, 0, 1);
        for (int k = 1; k < last; k++) largest = Tensor.Maximum(largest, x.Slice(^1, k, 1));
        return largest.Reshape(x.Shape[..^1]);
    }

    /// <summary>Inserts an axis for the components between the batch and the event.</summary>
    public Tensor Spread(Tensor value)
    {
        int at = value.Rank - EventShape.Rank;
        return value.Reshape(value.Shape[..at] + [1] + value.Shape[at..]);
    }

    private Tensor Averaged(Tensor ofComponents)
    {
        Tensor weights = Weights.Probs.Reshape([.. Weights.Probs.Shape, .. Enumerable.Repeat(1, EventShape.Rank)]);
        return Checked.To((ofComponents * weights).Sum(^(EventShape.Rank + 1)), BatchShape + EventShape);
    }
}

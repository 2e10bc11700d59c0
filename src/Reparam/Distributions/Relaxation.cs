using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Discrete variables with their continuous relaxations, for estimators that differentiate f at relaxed values. The
/// variables are Bernoulli or one-hot variables, alone or inside <see cref="Independent"/>.
/// </summary>
internal static class Relaxation
{
    /// <summary>The relaxed distribution at the given temperature.</summary>
    /// <exception cref="NotSupportedException">q has no relaxation.</exception>
    public static ReparameterizedDistribution Of(Distribution q, double temperature) => q switch
    {
        Bernoulli coins => new RelaxedBernoulli(Tensor.Scalar(temperature, q.DType), coins.Logits),
        OneHotCategorical outcome => new RelaxedOneHotCategorical(Tensor.Scalar(temperature, q.DType), outcome.Logits),
        Independent joined => new ReparameterizedIndependent(Of(joined.Components, temperature), joined.Axes),
        _ => throw Unknown(q),
    };

    /// <summary>The value of the discrete variable that is nearest to a relaxed value.</summary>
    public static Tensor Harden(Distribution q, Tensor relaxed) => q switch
    {
        OneHotCategorical => relaxed.ArgMax(^1).OneHot(relaxed.Shape[^1]),
        Independent joined => Harden(joined.Components, relaxed),
        _ => Tensor.GreaterOrEqual(relaxed, 0.5),
    };

    /// <summary>
    /// Returns a draw b of q, the relaxation z that gives b, and another relaxation that is drawn given b (Tucker et
    /// al. 2017, appendix B). The relaxations carry gradients with respect to the parameters of q. b carries no
    /// gradient.
    /// </summary>
    /// <exception cref="NotSupportedException">q has no relaxation.</exception>
    public static (Tensor Hard, Tensor Soft, Tensor Conditional) DrawWithConditional(
        Distribution q, Rng rng, int samples, double temperature)
    {
        switch (q)
        {
            case Bernoulli coins:
            {
                Tensor logits = coins.Logits;
                int datum = logits.Rank > 0 ? 1 : 0;
                Tensor u = rng.UniformOpen([samples, .. logits.Shape], q.DType, datum),
                    v = rng.UniformOpen([samples, .. logits.Shape], q.DType, datum);
                Tensor z = logits + Logit(u);
                Tensor hard = Tensor.GreaterOrEqual(z, 0).Detach();
                // Given b, u is uniform on (1 - p, 1) for b = 1 and on (0, 1 - p) for b = 0.
                Tensor p = logits.Sigmoid(), rest = (-logits).Sigmoid();
                Tensor upper = logits + (rest + v * p).Log() - ((1 - v) * p).Log(),
                    lower = logits + (v * rest).Log() - (-(v * rest)).LogP1();
                return (hard, (z / temperature).Sigmoid(), (Tensor.Where(hard, upper, lower) / temperature).Sigmoid());
            }

            case OneHotCategorical outcome:
            {
                Tensor logits = outcome.Logits;
                int datum = logits.Rank > 1 ? 1 : 0;
                Tensor u = rng.UniformOpen([samples, .. logits.Shape], q.DType, datum),
                    v = rng.UniformOpen([samples, .. logits.Shape], q.DType, datum);
                Tensor z = logits - (-u.Log()).Log();
                Tensor hard = z.ArgMax(^1).OneHot(logits.Shape[^1]).Detach();
                // The largest z is a Gumbel variable of location 0, because the logits are normalised. The other
                // elements are Gumbel variables truncated at the largest.
                Tensor exponential = -v.Log(), atLargest = (exponential * hard).Sum(^1, keepAxis: true);
                Tensor conditional = Tensor.Where(
                    hard, -exponential.Log(), -(exponential / outcome.Probs + atLargest).Log());
                return (hard, (z / temperature).SoftMax(^1), (conditional / temperature).SoftMax(^1));
            }

            case Independent joined:
                return DrawWithConditional(joined.Components, rng, samples, temperature);
            default:
                throw Unknown(q);
        }
    }

    private static Tensor Logit(Tensor u) => u.Log() - (-u).LogP1();

    private static NotSupportedException Unknown(Distribution q) =>
        new("Only Bernoulli and one-hot variables, alone or inside Independent, have a relaxation; this is " +
            $"{q.GetType().Name}. Use ScoreFunction or Enumeration.");
}

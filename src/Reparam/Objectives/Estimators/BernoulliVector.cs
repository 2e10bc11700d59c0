using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>A vector of coins behind the forms in which a discrete latent comes.</summary>
internal static class BernoulliVector
{
    /// <summary>The coins of q, and how many of their batch axes are its event.</summary>
    /// <exception cref="NotSupportedException">q is no vector of coins.</exception>
    public static (Bernoulli Coins, int Axes) Of(Distribution q, string estimator) => q switch
    {
        Bernoulli coins => (coins, 0),
        Independent { Components: Bernoulli coins } joined => (coins, joined.EventShape.Rank),
        _ => throw new NotSupportedException(
            $"{estimator} is for Bernoulli variables, alone or under Independent; this is {q.GetType().Name}. Use " +
                "ScoreFunction, Enumeration, or GumbelSoftmax (biased)."),
    };

    /// <summary>A value for each draw and datum, under axes of extent 1 for the event.</summary>
    public static Tensor Over(Tensor values, int axes) =>
        values.Reshape([.. values.Shape, .. Enumerable.Repeat(1, axes)]);
}

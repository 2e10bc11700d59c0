using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>Finds the Bernoulli variables in a distribution.</summary>
internal static class BernoulliVector
{
    /// <summary>The Bernoulli variables of q, and how many of their batch axes are the event axes of q.</summary>
    /// <exception cref="NotSupportedException">q is neither a Bernoulli distribution nor an Independent of
    /// one.</exception>
    public static (Bernoulli Coins, int Axes) Of(Distribution q, string estimator) => q switch
    {
        Bernoulli coins => (coins, 0),
        Independent { Components: Bernoulli coins } joined => (coins, joined.EventShape.Rank),
        _ => throw new NotSupportedException(
            $"{estimator} needs a Bernoulli distribution, alone or under Independent; q is {q.GetType().Name}. Use " +
                "ScoreFunction, Enumeration, or GumbelSoftmax (biased)."),
    };

    /// <summary>Adds event axes of extent 1 to values that have one element for each draw and data point.</summary>
    public static Tensor Over(Tensor values, int axes) =>
        values.Reshape([.. values.Shape, .. Enumerable.Repeat(1, axes)]);
}

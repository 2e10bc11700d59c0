using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// What the score-function estimator takes from f(z): anything that does not depend on the draw it is taken from leaves
/// the estimator unbiased.
/// </summary>
public abstract class Baseline
{
    /// <summary>The baseline in words; empty where there is none.</summary>
    public abstract string Name { get; }

    /// <summary>Nothing is taken.</summary>
    public static Baseline None { get; } = new NoBaseline();

    /// <summary>
    /// <paramref name="values"/> less the baseline. A baseline that learns hands out a loss of its own, of the batch's
    /// shape, whose gradient reaches nothing but its parameters.
    /// </summary>
    /// <param name="values">f at each draw, [K] + batch, without a gradient.</param>
    /// <param name="own">The loss that the baseline learns by, if any.</param>
    internal abstract Tensor Subtract(Tensor values, out Tensor? own);

    private sealed class NoBaseline : Baseline
    {
        public override string Name => "";

        internal override Tensor Subtract(Tensor values, out Tensor? own)
        {
            own = null;
            return values;
        }
    }
}

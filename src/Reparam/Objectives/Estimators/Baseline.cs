using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>A value that the score-function estimator subtracts from f(z) to reduce the variance. The estimator stays
/// unbiased if the baseline of a draw does not depend on that draw.</summary>
public abstract class Baseline
{
    /// <summary>The baseline in words; empty for <see cref="None"/>.</summary>
    public abstract string Name { get; }

    /// <summary>No baseline: nothing is subtracted.</summary>
    public static Baseline None { get; } = new NoBaseline();

    /// <summary><paramref name="values"/> minus the baseline. A baseline that learns also returns its own loss, with
    /// the shape of the batch. The gradient of this loss reaches only the parameters of the baseline.</summary>
    /// <param name="values">f at each draw, [K] + batch, without a gradient.</param>
    /// <param name="own">The loss that the baseline learns by; null if the baseline does not learn.</param>
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

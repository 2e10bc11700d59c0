using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>For each draw, the mean of f over the other draws of the same data point (Kool, van Hoof and Welling 2019;
/// Mnih and Rezende 2016). It needs at least two draws and keeps no state.</summary>
public sealed class LeaveOneOutBaseline : Baseline
{
    /// <inheritdoc/>
    public override string Name => "leave-one-out";

    /// <exception cref="ArgumentException">There are fewer than two draws.</exception>
    internal override Tensor Subtract(Tensor values, out Tensor? own)
    {
        own = null;
        if (values.Shape[0] < 2)
        {
            throw new ArgumentException(
                "A leave-one-out baseline is the mean over the other draws: set samples to at least 2.");
        }

        return Less(values);
    }

    /// <summary>f_k minus the mean of the other values along the first axis, which has at least two elements: K / (K -
    /// 1) (f_k - mean).</summary>
    internal static Tensor Less(Tensor values)
    {
        int count = values.Shape[0];
        return (values - values.Mean(0)) * (count / (count - 1.0));
    }
}

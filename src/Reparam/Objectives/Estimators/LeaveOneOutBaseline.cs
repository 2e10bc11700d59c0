using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// For each draw the mean of f over the other draws of its datum (Kool, van Hoof and Welling 2019; Mnih and Rezende
/// 2016): needs at least two and keeps no state.
/// </summary>
public sealed class LeaveOneOutBaseline : Baseline
{
    /// <inheritdoc/>
    public override string Name => "leave-one-out";

    /// <exception cref="ArgumentException">There is one draw alone.</exception>
    internal override Tensor Subtract(Tensor values, out Tensor? own)
    {
        own = null;
        if (values.Shape[0] < 2)
        {
            throw new ArgumentException(
                "A leave-one-out baseline is made of the other draws: ask for at least two samples.");
        }

        return Less(values);
    }

    /// <summary>f_k less the mean of the others along the first axis, of two at least: K / (K - 1) (f_k -
    /// mean).</summary>
    internal static Tensor Less(Tensor values)
    {
        int count = values.Shape[0];
        return (values - values.Mean(0)) * (count / (count - 1.0));
    }
}

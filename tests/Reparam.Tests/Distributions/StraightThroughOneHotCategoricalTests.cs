using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Tests.Distributions;

public sealed class StraightThroughOneHotCategoricalTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Outcome_ruled_out_has_no_mass_and_leaves_the_others_theirs(DType dtype)
    {
        Tensor logits = Tensor.From([0, 0, double.NegativeInfinity], [3]).To(dtype);
        var hard = new OneHotCategorical(logits);
        using var tape = new GradientTape();
        var through = new StraightThroughOneHotCategorical(Tensor.Scalar(1, dtype), logits);
        Assert.Equal(
            hard.LogProb(hard.EnumerateSupport()).ToString(), through.LogProb(through.EnumerateSupport()).ToString());
        Assert.Equal(double.NegativeInfinity, through.LogProb(Tensor.From([0.5, 0.5, 0], [3]).To(dtype)).Item());
        Assert.True(tape.Gradients(through.LogProb(through.RSample(new Rng(1), [4])).Sum(), [logits])[0].IsFinite());
    }
}

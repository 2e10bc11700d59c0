using Reparam.Testing;

namespace Reparam.Tensors.Tests.Operations;

public sealed class GroupNormTests
{
    [Fact]
    public void Mean_far_from_zero_costs_no_precision()
    {
        // 5000 and 5001 by turns: mean 5000.5, standard deviation 0.5, both exact in Float32. A variance as E[x^2] -
        // E[x]^2 would be off by 100 %.
        float[] values = [.. Enumerable.Range(0, 5000).Select(i => 5000f + i % 2)];
        double[] y = Tensor.GroupNorm(Tensor.From(values, [1, 2, 2500]), 1).Doubles();
        Close.Require([.. values.Select(v => (v - 5000.5) / Math.Sqrt(0.25 + 1e-5))], y, 1e-6);
    }

    [Fact]
    public void Constant_channels_give_the_bias_and_a_finite_gradient()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.Full([2, 4, 3], 7), bias = Tensor.From([1f, 2, 3, 4], [4]);
        Tensor y = Tensor.GroupNorm(x, 2, bias: bias);
        Assert.Equal(bias.Reshape([4, 1]).BroadcastTo(x.Shape).Doubles(), y.Doubles());
        Assert.True(tape.Gradients(y.Square().Sum(), [x])[0].IsFinite());
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Tensor x = Tensor.Zeros([2, 6, 3]);
        Assert.Throws<ArgumentException>(() => Tensor.GroupNorm(x, 4));
        Assert.Throws<ArgumentException>(() => Tensor.GroupNorm(x, 2, Tensor.Ones([3])));
        Assert.Throws<ArgumentException>(() => Tensor.GroupNorm(x, 2, Tensor.Ones([6], DType.Float64)));
        Assert.Throws<ArgumentException>(() => Tensor.GroupNorm(x, 2, epsilon: 0));
        Assert.Throws<ArgumentException>(() => Tensor.LayerNorm(x, ^1, Tensor.Ones([6])));
        Assert.Throws<ArgumentException>(() => Tensor.BatchNorm(Tensor.Zeros([1, 3, 1])));
        Assert.Throws<ArgumentException>(() => Tensor.BatchNorm(x, Tensor.Ones([6]), Tensor.Ones([5]), null, null));
    }

    [Fact]
    public void Statistics_of_a_batch_are_mean_and_biased_variance_and_carry_no_gradient()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.From([1.0, 10, 3, 20, 5, 60], [3, 2]);
        (_, Tensor mean, Tensor variance) = Tensor.BatchNorm(x);
        Close.Require([3, 30], mean.Doubles(), 1e-15);
        Close.Require([8 / 3.0, 1400 / 3.0], variance.Doubles(), 1e-15);
        Assert.All(tape.Gradients((mean + variance).Sum(), [x])[0].Doubles(), g => Assert.Equal(0, g));
    }
}

namespace Reparam.Tensors.Tests.Operations;

/// <summary>What the contract of operations does not say about Linear.</summary>
public sealed class LinearTests
{
    [Theory]
    [InlineData(128, 40, 20)]
    [InlineData(100, 2, 500)]
    [InlineData(3, 70, 1100)]
    [InlineData(1, 33, 5)]
    public void A_nonlinearity_inside_gives_the_bits_of_one_outside(int rows, int outputs, int inputs)
    {
        foreach (DType type in Enum.GetValues<DType>())
        {
            Tensor x = new Rng(1).Normal([rows, inputs], type),
                weight = new Rng(2).Normal([outputs, inputs], type) * 0.1, bias = new Rng(3).Normal([outputs], type);
            Tensor z = Tensor.Linear(x, weight, bias);
            AssertSame(z.Relu(), Tensor.Linear(x, weight, bias, Nonlinearity.Relu));
            AssertSame(z.LeakyRelu(), Tensor.Linear(x, weight, bias, Nonlinearity.LeakyRelu));
            AssertSame(z.Tanh(), Tensor.Linear(x, weight, bias, Nonlinearity.Tanh));
            AssertSame(z.Sigmoid(), Tensor.Linear(x, weight, bias, Nonlinearity.Sigmoid));
        }
    }

    [Fact]
    public void A_row_has_the_same_bits_in_any_batch()
    {
        // The product of one row, of a few and of many go through different kernels.
        Tensor x = new Rng(1).Normal([300, 700]), weight = new Rng(2).Normal([45, 700]),
            whole = Tensor.Linear(x, weight);
        foreach (int count in new[] { 1, 2, 3, 4, 5, 12, 25, 100, 299 })
        {
            Tensor part = Tensor.Linear(x.Slice(0, 1, count), weight);
            AssertSame(whole.Slice(0, 1, count), part);
        }
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (int i = 0; i < expected.Size; i++)
        {
            // 0 and -0 differ in bits and are the same zero.
            if (!expected.At(i).Equals(actual.At(i)) && !(expected.At(i) == 0 && actual.At(i) == 0))
                Assert.Fail($"element {i}: {expected.At(i):R} and {actual.At(i):R}");
        }
    }
}

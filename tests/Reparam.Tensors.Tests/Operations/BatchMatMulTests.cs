namespace Reparam.Tensors.Tests.Operations;

public sealed class BatchMatMulTests
{
    // Small ones go many to a chunk, the next one to a chunk, and 300^3 is shared out within.
    [Theory]
    [InlineData(40, 5, 7, 3)]
    [InlineData(5, 64, 32, 64)]
    [InlineData(2, 300, 300, 300)]
    public void Each_product_has_the_bits_of_a_single_one(int batch, int m, int k, int n)
    {
        var rng = new Rng(3);
        foreach (DType type in Enum.GetValues<DType>())
        {
            Tensor a = rng.Split("a").Normal([batch, m, k], type), b = rng.Split("b").Normal([batch, k, n], type),
                y = Tensor.BatchMatMul(a, b);
            Assert.Equal([batch, m, n], y.Shape);
            for (int i = 0; i < batch; i++)
            {
                Tensor single = Tensor.MatMul(a.Slice(0, i, 1).Reshape([m, k]), b.Slice(0, i, 1).Reshape([k, n]));
                Assert.Equal(
                    single.To(DType.Float64).ToArray<double>(), y.Slice(0, i, 1).To(DType.Float64).ToArray<double>());
            }
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        static string Message(Shape a, Shape b) =>
            Assert.Throws<ArgumentException>(() => Tensor.BatchMatMul(Tensor.Zeros(a), Tensor.Zeros(b))).Message;
        Assert.Contains("[2, 3, 4] and [3, 4, 5]", Message([2, 3, 4], [3, 4, 5]), StringComparison.Ordinal);
        Assert.Contains("[4] and [4]", Message([4], [4]), StringComparison.Ordinal);
        Assert.Contains("[3, 4] and [1, 4, 5]", Message([3, 4], [1, 4, 5]), StringComparison.Ordinal);
        Assert.Contains(
            "4 from [2, 3, 4] and 5 from [2, 5, 4]", Message([2, 3, 4], [2, 5, 4]), StringComparison.Ordinal);
    }
}

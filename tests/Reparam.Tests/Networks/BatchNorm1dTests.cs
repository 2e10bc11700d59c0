using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Networks;

public sealed class BatchNorm1dTests
{
    [Fact]
    public void Each_element_is_normalised_over_draws_and_data()
    {
        var layer = new BatchNorm1d(2, momentum: 1, epsilon: 0.25, dtype: DType.Float64);
        layer.SetMode(ModuleMode.Training);
        // Two draws of two data: element 0 is 1, 3, 5, 7 (mean 4, variance 5), element 1 is 0, 0, 4, 4 (mean 2,
        // variance 4).
        Tensor y = layer.Forward(Tensor.From([1.0, 0, 3, 0, 5, 4, 7, 4], [2, 2, 2]));
        Assert.Equal([2, 2, 2], y.Shape);
        double first = 1 / Math.Sqrt(5.25), second = 1 / Math.Sqrt(4.25);
        Close.Require([-3 * first, -2 * second, -first, -2 * second, first, 2 * second, 3 * first, 2 * second],
            y.Doubles(), 1e-14);
        Close.Require([4, 2], layer.Buffers[0].Value.Doubles(), 1e-14);
        Close.Require([20 / 3.0, 16 / 3.0], layer.Buffers[1].Value.Doubles(), 1e-14);
    }

    [Fact]
    public void Hidden_layers_are_normalised_before_their_nonlinearity()
    {
        var hidden = new Sequential(
            3, [4, 2], Activation.Relu, Initializer.PyTorch, new Rng(5), DType.Float64, batchNorm: true);
        Assert.Equal(["0.weight", "norm0.weight", "norm0.bias", "1.weight", "norm1.weight", "norm1.bias"],
            hidden.Parameters.Select(p => p.Name));
        hidden.SetMode(ModuleMode.Training);
        Tensor x = Tensor.From([.. Enumerable.Range(0, 15).Select(i => Math.Sin(3 * i))], [5, 3]);
        double[] h = x.Doubles();
        int width = 3;
        foreach (string layer in (string[])["0", "1"])
        {
            double[] w = hidden.Parameters.Single(p => p.Name == layer + ".weight").Value.Doubles();
            int outputs = w.Length / width;
            double[] next = new double[5 * outputs];
            for (int j = 0; j < outputs; j++)
            {
                double[] column = [.. Enumerable.Range(0, 5).Select(
                    n => Enumerable.Range(0, width).Sum(i => h[n * width + i] * w[j * width + i]))];
                double mean = column.Average(), variance = column.Average(c => (c - mean) * (c - mean));
                for (int n = 0; n < 5; n++)
                    next[n * outputs + j] = Math.Max(0, (column[n] - mean) / Math.Sqrt(variance + 1e-5));
            }

            (h, width) = (next, outputs);
        }

        Close.Require(h, hidden.Forward(x).Doubles(), 1e-12);
    }
}

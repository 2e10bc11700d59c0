using Reparam.Data;
using Reparam.Models;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

/// <summary>Numbers that follow from the real data alone, through the readers and the Bernoulli likelihood that
/// training uses.</summary>
public sealed class MnistOracleTests
{
    [Fact]
    public void Independent_pixels_of_static_mnist_cost_205_79_nats()
    {
        RealData.File("binarized_mnist_static", "binarized_mnist_train.amat.gz");
        DataSplits mnist = DatasetCatalog.Load("binarized_mnist_static", RealData.Directory);
        double[] ones = new double[784];
        for (int i = 0; i < mnist.Train.Count; i++)
        {
            ReadOnlySpan<byte> digit = mnist.Train.Bytes(i, 1);
            for (int j = 0; j < 784; j++) ones[j] += digit[j];
        }

        // Laplace smoothing: (ones + 1) / (N + 2).
        Tensor logits = Tensor.From([.. ones.Select(n => Math.Log((n + 1) / (mnist.Train.Count - n + 1)))], [1, 784]);
        Assert.Equal(205.79, MeanCost(mnist.Test, _ => logits), 0.005);
        Assert.Equal(206.32, MeanCost(mnist.Validation!, _ => logits), 0.005);
    }

    [Theory]
    [InlineData("mnist", 45.53)]
    [InlineData("fashion_mnist", 189.86)]
    public void Perfect_reconstruction_of_grey_pixels_still_costs(string name, double nats)
    {
        RealData.File(name, "train-images-idx3-ubyte.gz");
        Dataset test = DatasetCatalog.Load(name, RealData.Directory).Test;
        // Logits of the pixel itself; at 0 and 1 the cost is 0 in the limit, which a logit of +-40 reaches to 4e-18.
        Assert.Equal(nats, MeanCost(test, x => ((x.Log() - (1 - x).Log())).Clamp(-40, 40)), 0.005);
    }

    private static double MeanCost(Dataset data, Func<Tensor, Tensor> logits)
    {
        var reader = new BatchReader(data, Binarization.None, new Rng(1), DType.Float64);
        double total = 0;
        for (int start = 0; start < data.Count; start += 500)
        {
            using var scope = new TensorScope();
            Tensor x = reader.Read(start, 500, new Rng(1));
            Tensor raw = logits(x.Reshape([500, 784]));
            total -= Likelihood.Bernoulli.Given(raw, [28, 28], []).LogProb(x).Sum().Item();
        }

        return total / data.Count;
    }
}

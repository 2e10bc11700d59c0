using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Models;

namespace Reparam.Tests.Evaluation;

public sealed class ImportanceWeightedBoundTests
{
    private static readonly Dataset Data = SmallModel.Ramps(90);

    [Theory]
    [InlineData(1)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(130)]
    public void Every_datum_gets_exactly_the_samples_asked_for(int samples)
    {
        var decoder = new CountingDecoder(
            new MlpDecoder([4, 4], 3, [6], Activation.Tanh, Likelihood.Bernoulli, Initializer.PyTorch, new Rng(1)));
        var vae = new Vae(new MlpEncoder([4, 4], 3, [6], Activation.Tanh, Initializer.PyTorch, new Rng(2)), decoder,
            new StandardNormalPrior(3));
        Estimate estimate = ImportanceWeightedBound.Evaluate(vae, Data, samples, new Rng(3));
        Assert.Equal(90L * samples, decoder.Decoded);
        Assert.Equal((90, samples), (estimate.Count, estimate.Samples));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(120)]
    public void Bound_of_a_datum_does_not_depend_on_how_many_follow(int samples)
    {
        // With 50 draws at once 40 data go together, so 90 and 33 data are grouped differently.
        Vae vae = SmallModel.Make();
        double[] all = ImportanceWeightedBound.PerDatum(vae, Data, samples, new Rng(5)),
            first = ImportanceWeightedBound.PerDatum(vae, Data[..33], samples, new Rng(5));
        Assert.Equal(all[..33], first);
    }

    [Fact]
    public void Value_of_a_datum_is_the_log_mean_of_its_importance_weights()
    {
        Vae vae = SmallModel.Make(dtype: DType.Float64);
        double[] bound = ImportanceWeightedBound.PerDatum(vae, Data[..4], 30, new Rng(5));
        Tensor x = new BatchReader(Data, Binarization.None, new Rng(1), DType.Float64).Read(0, 4, new Rng(1));
        Tensor logWeights = vae.Infer(x, new Rng(5).At(0, 0), 30).LogWeights;
        for (int i = 0; i < 4; i++)
        {
            Close.Require(
                Math.Log(Enumerable.Range(0, 30).Average(k => Math.Exp(logWeights.At(k * 4 + i)))), bound[i], 1e-12);
        }
    }

    [Fact]
    public void Evaluate_is_the_mean_over_data_with_its_standard_error()
    {
        Vae vae = SmallModel.Make();
        double[] values = ImportanceWeightedBound.PerDatum(vae, Data, 20, new Rng(5));
        Estimate estimate = ImportanceWeightedBound.Evaluate(vae, Data, 20, new Rng(5));
        (double mean, double error) = MonteCarlo.MeanOf(values);
        Assert.Equal(mean, estimate.Mean, 1e-12);
        Assert.Equal(error, estimate.StandardError, 1e-12);
    }

    [Fact]
    public void No_samples_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => ImportanceWeightedBound.Evaluate(SmallModel.Make(), Data, 0, new Rng(1)));
}

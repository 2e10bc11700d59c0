using Reparam.Distributions;
using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Models.Bayesian;

public sealed class BayesianLayerTests
{
    private const int Draws = 20_000;

    public static TheoryData<WeightNoise> Kinds => [.. Enum.GetValues<WeightNoise>()];

    private static BayesianLinear Linear(WeightNoise noise) =>
        Spread(new BayesianLinear(3, 2, new Rng(1), priorScale: 0.5, noise: noise, dtype: DType.Float64));

    private static BayesianConv2d Convolution(WeightNoise noise) =>
        Spread(new BayesianConv2d(2, 2, 3, new Rng(2), padding: 1, noise: noise, dtype: DType.Float64));

    /// <summary>Scales that can be seen.</summary>
    private static T Spread<T>(T layer) where T : Module
    {
        var rng = new Rng(9);
        foreach (Parameter parameter in layer.Parameters.Where(p => p.Name.Contains("raw", StringComparison.Ordinal)))
            parameter.Assign(rng.Uniform(parameter.Shape, DType.Float64) - 1);
        return layer;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Outputs_of_a_linear_layer_have_the_mean_and_variance_of_the_weights(WeightNoise noise)
    {
        BayesianLinear layer = Linear(noise);
        Tensor x = GradientCheck.Values([4, 3], -2, 2);
        double[] mean = layer.Forward(x, null).Doubles(),
            variance = Tensor.Linear(x.Square(), layer.Weight.Variance, layer.Bias.Variance).Doubles();
        RequireMoments(rng => layer.Forward(x, rng), mean, variance);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Outputs_of_a_convolution_have_the_mean_and_variance_of_the_weights(WeightNoise noise)
    {
        BayesianConv2d layer = Convolution(noise);
        Tensor x = GradientCheck.Values([2, 2, 3, 3], -2, 2);
        double[] mean = layer.Forward(x, null).Doubles(),
            variance = Tensor.Conv2d(x.Square(), layer.Weight.Variance, layer.Bias.Variance, padding: 1).Doubles();
        RequireMoments(rng => layer.Forward(x, rng), mean, variance);
    }

    [Fact]
    public void Data_of_a_batch_share_a_draw_of_the_weights_and_nothing_else()
    {
        Tensor x = Tensor.Ones([2, 3], DType.Float64);
        double Correlation(WeightNoise noise)
        {
            BayesianLinear layer = Linear(noise);
            double[] mean = layer.Forward(x, null).Doubles(),
                variance = Tensor.Linear(x.Square(), layer.Weight.Variance, layer.Bias.Variance).Doubles();
            double sum = 0;
            for (int i = 0; i < 4000; i++)
            {
                Tensor y = layer.Forward(x, new Rng(3).At(i));
                sum += (y.At(0) - mean[0]) * (y.At(2) - mean[2]) / variance[0];
            }

            return sum / 4000;
        }

        // The standard error of a correlation of 0 is 0.016; flipped signs leave none.
        Assert.Equal(1, Correlation(WeightNoise.Sampling), 0.15);
        Assert.Equal(0, Correlation(WeightNoise.LocalReparameterization), 0.1);
        Assert.Equal(0, Correlation(WeightNoise.Flipout), 0.1);
    }

    [Fact]
    public void Draws_of_a_datum_do_not_depend_on_the_data_beside_it()
    {
        var network = Spread(new BayesianMlp(3, [4], 2, Activation.Tanh, new Rng(1), dtype: DType.Float64));
        Tensor x = GradientCheck.Values([2, 5, 3], -2, 2);
        Tensor all = network.Forward(x, new Rng(1).At(4)),
            last = network.Forward(x.Slice(1, 3, 2), new Rng(1).At(4, 3));
        Assert.Equal(all.Slice(1, 3, 2).Doubles(), last.Doubles());
        // Draws of the same datum differ, and so do equal data.
        Tensor same = network.Forward(Tensor.Ones([2, 2, 3], DType.Float64), new Rng(1));
        Assert.Equal(8, same.Doubles().Distinct().Count());
    }

    [Fact]
    public void Network_is_its_layers_one_after_another()
    {
        var network = new BayesianMlp(3, [4], 2, Activation.Tanh, new Rng(1), priorScale: 0.7, dtype: DType.Float64);
        Assert.Equal(["0.weight_loc", "0.weight_raw_scale", "0.bias_loc", "0.bias_raw_scale"],
            network.Parameters.Take(4).Select(p => p.Name));
        BayesianLinear[] layers = [.. network.Tree.OfType<BayesianLinear>()];
        Assert.Equal([0.7, 0.7], layers.Select(l => l.PriorScale));
        Tensor x = GradientCheck.Values([5, 3], -2, 2);
        Assert.Equal(
            layers[1].Forward(layers[0].Forward(x, null).Tanh(), null).Doubles(), network.Forward(x, null).Doubles());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_reach_locations_and_scales(WeightNoise noise)
    {
        BayesianLinear layer = Linear(noise);
        Tensor x = GradientCheck.Values([4, 3], -2, 2);
        using var tape = new GradientTape();
        Gradients gradients = tape.Gradients(
            layer.Forward(x, new Rng(5)).Square().Sum() + layer.KL(), layer.Parameters);
        for (int i = 0; i < gradients.Count; i++)
            Assert.True(gradients[i].IsFinite() && gradients[i].Doubles().All(g => g != 0), layer.Parameters[i].Name);
    }

    [Fact]
    public void KL_is_the_sum_over_weights_and_biases_and_over_the_layers_of_a_module()
    {
        BayesianLinear layer = Linear(WeightNoise.Sampling);
        double byHand = 0;
        foreach (Normal q in new[] { layer.Weight, layer.Bias })
        {
            for (int i = 0; i < q.Loc.Size; i++)
            {
                double m = q.Loc.At(i), s = q.Scale.At(i), p = 0.5;
                byHand += Math.Log(p / s) + (s * s + m * m) / (2 * p * p) - 0.5;
            }
        }

        Close.Require(byHand, layer.KL().Item(), 1e-12);
        var pair = new Pair(layer, Linear(WeightNoise.Flipout));
        Close.Require(2 * byHand, BayesianLayer.KL(pair).Item(), 1e-12);
    }

    /// <summary>
    /// Linear regression with known noise has an exact posterior. On inputs that do not correlate it is a diagonal
    /// normal, which training must find: variance s^2 / (n + s^2) for inputs of square 1 and a prior of 1.
    /// </summary>
    [Fact]
    public void Training_finds_the_exact_posterior_of_a_linear_regression()
    {
        const double Noise = 0.5;
        Tensor x = Tensor.From([1.0, 1, 1, -1, -1, 1, -1, -1], [4, 2]), y = Tensor.From([1.9, -0.1, 0.4, -2.2], [4, 1]);
        var layer = new BayesianLinear(2, 1, new Rng(1), dtype: DType.Float64);
        var optimizer = new Adam(Reparam.Objectives.Schedule.Step(0.05, 0.3, 1000));
        OptimizerState state = optimizer.Start(layer.Parameters);
        for (int step = 0; step < 4000; step++)
        {
            using var tape = new GradientTape();
            Rng rng = new Rng(2).At(step);
            // Sixteen copies of the data average the noise.
            Tensor many = x.Reshape([1, 4, 2]).BroadcastTo([16, 4, 2]).Reshape([64, 2]);
            Tensor error = (layer.Forward(many, rng).Reshape([16, 4, 1]) - y) / Noise;
            optimizer.Step(state, tape.Gradients(error.Square().Sum() * (0.5 / 16) + layer.KL(), layer.Parameters));
        }

        // The columns and the constant are orthogonal, each of square 4: mean (x . y) / (4 + s^2), variance s^2 / (4 +
        // s^2).
        double shrink = 4 + Noise * Noise;
        Close.Require([(1.9 - 0.1 - 0.4 + 2.2) / shrink, (1.9 + 0.1 + 0.4 + 2.2) / shrink], layer.Weight.Loc.Doubles(),
            0.03, "weights");
        Close.Require([(1.9 - 0.1 + 0.4 - 2.2) / shrink], layer.Bias.Loc.Doubles(), 0.03, "bias");
        foreach (double scale in layer.Weight.Scale.Doubles().Concat(layer.Bias.Scale.Doubles()))
            Assert.Equal(Noise / Math.Sqrt(shrink), scale, 0.03);
    }

    private static void RequireMoments(Func<Rng, Tensor> draw, double[] mean, double[] variance)
    {
        double[][] columns = [.. mean.Select(_ => new double[Draws])];
        for (int i = 0; i < Draws; i++)
        {
            using var scope = new TensorScope();
            Tensor y = draw(new Rng(3).At(i));
            for (int j = 0; j < mean.Length; j++) columns[j][i] = y.At(j);
        }

        for (int j = 0; j < mean.Length; j++)
        {
            MonteCarlo.RequireMean(mean[j], columns[j], $"mean of output {j}");
            MonteCarlo.RequireMean(
                variance[j], columns[j].Select(v => (v - mean[j]) * (v - mean[j])), $"variance of output {j}");
        }
    }

    private sealed class Pair : Module
    {
        public Pair(Module first, Module second)
        {
            Child("first", first);
            Child("second", second);
        }
    }
}

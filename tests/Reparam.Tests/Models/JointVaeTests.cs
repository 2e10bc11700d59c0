using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

public sealed class JointVaeTests
{
    private static readonly Shape s_event = [2];

    private static JointVae Make(int latent = 1, int variables = 1, int outcomes = 3)
    {
        Rng rng = new(5);
        var encoder = new MlpEncoder(
            s_event, latent, [4], Activation.Tanh, Initializer.He, rng.Split("encoder"), DType.Float64);
        var head = new Linear(4, variables * outcomes, Initializer.He, rng.Split("head"), DType.Float64);
        var decoder = new MlpDecoder(s_event, latent + variables * outcomes, [6], Activation.Tanh,
            Likelihood.Bernoulli, Initializer.He, rng.Split("decoder"), DType.Float64);
        return new JointVae(
            encoder, head, decoder, new StandardNormalPrior(latent, DType.Float64), variables, outcomes);
    }

    [Fact]
    public void Importance_sampling_finds_the_sum_over_outcomes_of_the_integral_over_z()
    {
        JointVae model = Make();
        var data = Dataset.FromBytes("four", s_event, [0, 0, 0, 1, 1, 0, 1, 1], DataKind.Binary);
        double[] found = ImportanceWeightedBound.PerDatum(model, data, 50_000, new Rng(1));
        // The trapezoidal rule on [-9, 9] in steps of 0.01: exact to more digits than are compared.
        const int nodes = 1801;
        double[] expected = new double[4];
        for (int y = 0; y < 3; y++)
        {
            double[] codes = new double[nodes * 4];
            for (int i = 0; i < nodes; i++) (codes[4 * i + y], codes[4 * i + 3]) = (1, (i - 900) * 0.01);
            double[] mean = model.Decode(Tensor.From(codes, [nodes, 4])).Doubles();
            for (int i = 0; i < nodes; i++)
            {
                double z = (i - 900) * 0.01, weight = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * 0.01 / 3;
                double p0 = mean[2 * i], p1 = mean[2 * i + 1];
                expected[0] += weight * (1 - p0) * (1 - p1);
                expected[1] += weight * (1 - p0) * p1;
                expected[2] += weight * p0 * (1 - p1);
                expected[3] += weight * p0 * p1;
            }
        }

        Assert.Equal(1, expected.Sum(), 1e-9);
        // 50,000 draws leave an error of about 0.002 in the logarithm.
        for (int i = 0; i < 4; i++) Assert.InRange(found[i] - Math.Log(expected[i]), -0.02, 0.02);
    }

    [Fact]
    public void Bound_is_the_reconstruction_less_both_divergences()
    {
        JointVae model = Make(latent: 2, variables: 2);
        Tensor x = Tensor.From([0.0, 1, 1, 1], [2, 2]);
        InferencePass pass = model.Infer(x, new Rng(3), samples: 7);
        ObjectiveValue value = new Elbo().Evaluate(pass, 0);
        double kl = pass.Latents.Sum(l => l.ClosedFormKL()!.Mean().Item());
        Close.Require(pass.LogLikelihood.Mean().Item() - kl, value.Bound.Item(), 1e-12);
        // KL(q || uniform) of a one-hot variable is log C less its entropy.
        double[] probs = model.Encode(x).Doubles();
        double expected = Enumerable.Range(0, 2).Sum(b => Enumerable.Range(0, 6).Sum(
            i => probs[8 * b + i] * Math.Log(3 * probs[8 * b + i]))) / 2;
        Close.Require(expected, pass.Latents[0].ClosedFormKL()!.Mean().Item(), 1e-12);
    }

    [Fact]
    public void Codes_are_one_hot_vectors_and_then_z()
    {
        JointVae model = Make(latent: 2, variables: 3, outcomes: 4);
        Assert.Equal([14], model.LatentShape);
        Assert.Equal(5, model.Units);
        Assert.Equal([3, 4], model.DiscreteShape);
        foreach (Tensor codes in (Tensor[])[model.SamplePrior(50, new Rng(1)),
            model.Encode(Tensor.Ones([50, 2], DType.Float64), new Rng(2))])
        {
            Assert.Equal([50, 14], codes.Shape);
            double[] y = codes.Slice(^1, 0, 12).Doubles();
            Assert.All(y, v => Assert.True(v is 0 or 1));
            Assert.Equal(150, y.Sum());
        }

        // Every outcome of every variable is drawn, about as often.
        double[] drawn = model.SamplePrior(4000, new Rng(4)).Slice(^1, 0, 12).Mean(0).Doubles();
        Assert.All(drawn, share => Assert.InRange(share, 0.21, 0.29)); // 5 standard errors of 0.007
    }

    [Fact]
    public void Parts_of_other_sizes_are_refused()
    {
        Rng rng = new(1);
        var encoder = new MlpEncoder(s_event, 1, [4], Activation.Tanh, Initializer.He, rng);
        var decoder = new MlpDecoder(s_event, 4, [4], Activation.Tanh, Likelihood.Bernoulli, Initializer.He, rng);
        Assert.Contains("[3, 4]", Assert.Throws<ArgumentException>(() => new JointVae(encoder,
            new Linear(4, 4, Initializer.He, rng), decoder, new StandardNormalPrior(1), 1, 3)).Message,
            StringComparison.Ordinal);
    }
}

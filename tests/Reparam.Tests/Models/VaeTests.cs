using System.Globalization;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

public sealed class VaeTests
{
    public static TheoryData<string, string> LikelihoodsAndActivations
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (Likelihood likelihood in Likelihood.All)
                foreach (Activation activation in Activation.All) cases.Add(likelihood.Name, activation.Name);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(LikelihoodsAndActivations))]
    public void Gradient_by_every_parameter_equals_the_central_difference(string likelihoodName, string activationName)
    {
        Likelihood likelihood = Likelihood.All.Single(l => l.Name == likelihoodName);
        Vae vae = Vae.Mlp([3], 2, [4], likelihood, new Rng(6), Activation.All.Single(a => a.Name == activationName),
            options: new() { DType = DType.Float64 });
        Tensor x = Tensor.From([0, 1, 0.2, 128 / 255.0, 1, 0.6], [2, 3]);
        foreach (Objective objective in new Objective[] { new Elbo(2), new ImportanceWeightedElbo(2) })
            Assert.Null(FirstDisagreement(vae, objective, x));
    }

    [Fact]
    public void Model_made_inside_a_scope_outlives_it()
    {
        Vae vae;
        using (new TensorScope()) vae = SmallModel.Make();
        Assert.Equal([2, 4, 4], vae.Generate(2, new Rng(1)).Shape);
        Assert.True(vae.Infer(Tensor.Zeros([2, 4, 4]), new Rng(1)).LogWeights.IsFinite());
    }

    [Fact]
    public void Encode_and_Decode_are_means_and_take_no_noise()
    {
        Vae vae = SmallModel.Make();
        Tensor x = Tensor.Full([2, 4, 4], 0.3);
        Assert.Equal(vae.Encoder.Given(x).Mean.Doubles(), vae.Encode(x).Doubles());
        Assert.Equal([2, 3], vae.Encode(x).Shape);
        Tensor decoded = vae.Decode(vae.Encode(x));
        Assert.Equal([2, 4, 4], decoded.Shape);
        Assert.All(decoded.Doubles(), p => Assert.InRange(p, 0, 1));
    }

    [Fact]
    public void Draws_of_a_datum_do_not_depend_on_the_data_beside_it()
    {
        Vae vae = SmallModel.Make();
        Tensor x = SmallImages(5);
        Tensor all = vae.Infer(x, new Rng(1).At(4), 3).LogWeights,
            last = vae.Infer(x.Slice(0, 3, 2), new Rng(1).At(4, 3), 3).LogWeights;
        Assert.Equal(all.Slice(1, 3, 2).Doubles(), last.Doubles());
    }

    [Fact]
    public void Log_weights_are_prior_plus_likelihood_minus_posterior()
    {
        Vae vae = SmallModel.Make(dtype: DType.Float64);
        InferencePass pass = vae.Infer(SmallImages(4).To(DType.Float64), new Rng(2), 5);
        LatentTerm z = pass.Latents.Single();
        Assert.Equal((5, 4), (pass.Samples, pass.Count));
        Close.Require((pass.LogLikelihood + z.Prior.LogProb(z.Value) - z.Posterior.LogProb(z.Value)).Doubles(),
            pass.LogWeights.Doubles(), 1e-14);
    }

    [Fact]
    public void Parameters_have_the_names_and_shapes_of_the_file_format() => Assert.Equal(
        [
            "encoder.hidden.0.weight Float32 [8, 16]", "encoder.hidden.0.bias Float32 [8]",
            "encoder.hidden.1.weight Float32 [6, 8]",
            "encoder.hidden.1.bias Float32 [6]", "encoder.head.weight Float32 [6, 6]", "encoder.head.bias Float32 [6]",
            "decoder.log_variance Float32 []", "decoder.hidden.0.weight Float32 [6, 3]",
            "decoder.hidden.0.bias Float32 [6]",
            "decoder.hidden.1.weight Float32 [8, 6]", "decoder.hidden.1.bias Float32 [8]",
            "decoder.head.weight Float32 [16, 8]",
            "decoder.head.bias Float32 [16]",
        ],
        SmallModel.Make(Likelihood.GaussianLearned).Parameters.Select(p => p.ToString()));

    private static Tensor SmallImages(int count) => new Reparam.Data.BatchReader(
        SmallModel.Ramps(count), Reparam.Data.Binarization.None, new Rng(1)).Read(0, count, new Rng(1));

    internal static string? FirstDisagreement(Vae vae, Objective objective, Tensor x)
    {
        double Loss() => objective.Evaluate(vae.Infer(x, new Rng(8), objective.Samples), 0).Loss.Item();
        double[][] analytic;
        using (var tape = new GradientTape())
        {
            Gradients gradients = tape.Gradients(
                objective.Evaluate(vae.Infer(x, new Rng(8), objective.Samples), 0).Loss, vae.Parameters);
            analytic = [.. Enumerable.Range(0, gradients.Count).Select(i => gradients[i].Doubles())];
        }

        for (int i = 0; i < analytic.Length; i++)
        {
            Parameter parameter = vae.Parameters[i];
            double[] values = parameter.Value.Doubles();
            for (int j = 0; j < values.Length; j++)
            {
                using var scope = new TensorScope();
                double At(double change)
                {
                    double[] moved = [.. values];
                    moved[j] += change;
                    parameter.Assign(Tensor.From(moved, parameter.Shape));
                    return Loss();
                }

                double numeric = (At(GradientCheck.Step) - At(-GradientCheck.Step)) / (2 * GradientCheck.Step);
                At(0);
                if (Math.Abs(numeric - analytic[i][j]) <= GradientCheck.AbsoluteTolerance
                    + GradientCheck.RelativeTolerance * Math.Abs(numeric))
                    continue;
                return string.Create(CultureInfo.InvariantCulture, $"{objective.Name}, {parameter.Name}[{j}]: " +
                    $"analytic {analytic[i][j]:R}, central difference {numeric:R}");
            }
        }

        return null;
    }
}

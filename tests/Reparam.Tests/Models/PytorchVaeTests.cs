using Reparam.Distributions;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Models;

/// <summary>
/// The same weights, batch and noise as small VAEs written in plain PyTorch (tests/data/make_pytorch_vae.py): loss,
/// every gradient, and the parameters after ten Adam steps. Everything but the draw of the noise is the code that
/// trains.
/// </summary>
public sealed class PytorchVaeTests(ITestOutputHelper output)
{
    private static readonly SafetensorsFile File = SafetensorsFile.Read(
        ReferenceTable.PathOf("pytorch_vae.safetensors"));

    [Theory]
    [InlineData("bernoulli_tanh", DType.Float32)]
    [InlineData("gaussian_relu", DType.Float32)]
    [InlineData("iwae_tanh", DType.Float32)]
    [InlineData("conv_relu", DType.Float32)]
    [InlineData("resnet_silu", DType.Float32)]
    [InlineData("bernoulli_tanh", DType.Float64)]
    [InlineData("gaussian_relu", DType.Float64)]
    [InlineData("iwae_tanh", DType.Float64)]
    [InlineData("conv_relu", DType.Float64)]
    [InlineData("resnet_silu", DType.Float64)]
    public void Loss_gradients_and_ten_Adam_steps_agree_with_PyTorch(string name, DType dtype)
    {
        (Vae vae, Objective objective) = Build(name, dtype);
        Tensor flat = Load($"{name}/x", dtype), noise = Load($"{name}/noise", dtype);
        Tensor x = flat.Reshape([flat.Shape[0], .. EventOf(name)]);
        var adam = new Adam(1e-3);
        OptimizerState state = adam.Start(vae.Parameters);
        double worstGradient = 0, worstStep = 0;
        for (int step = 0; step < noise.Shape[0]; step++)
        {
            using var tape = new GradientTape();
            InferencePass pass = Infer(vae, x, noise.Slice(0, step, 1).Reshape(noise.Shape[1..]));
            Tensor loss = objective.Evaluate(pass, step).Loss;
            Gradients gradients = tape.Gradients(loss, vae.Parameters);
            if (step == 0)
            {
                Close.Require(Load($"{name}/loss", dtype).Item(), loss.Item(), 1e-5, "loss");
                foreach (Parameter p in vae.Parameters)
                {
                    double error = Close.Error(
                        Load($"{name}/gradients/{p.Name}", dtype).Doubles(), gradients[p.Value].Doubles());
                    Assert.True(error <= 1e-5, $"gradient by {p.Name}: {error}");
                    worstGradient = Math.Max(worstGradient, error);
                }
            }

            adam.Step(state, gradients);
        }

        foreach (Parameter p in vae.Parameters)
        {
            double error = Close.Error(Load($"{name}/after/{p.Name}", dtype).Doubles(), p.Value.Doubles());
            Assert.True(error <= 1e-4, $"{p.Name} after ten steps: {error}");
            worstStep = Math.Max(worstStep, error);
        }

        output.WriteLine($"{name} {dtype}: worst gradient {worstGradient:E1}, worst parameter after ten steps " +
            $"{worstStep:E1}, relative to the tensor's largest element");
    }

    // Vae.Infer with z = loc + scale * noise from the file instead of from a stream.
    private static InferencePass Infer(Vae vae, Tensor x, Tensor noise)
    {
        var posterior = (DiagonalNormal)vae.Encoder.Given(x);
        Tensor z = posterior.Loc + posterior.Scale * noise;
        return new InferencePass(
            vae.Decoder.Given(z).LogProb(x), [new LatentTerm("z", posterior, vae.Prior.Distribution, z)]);
    }

    private static Shape EventOf(string name) => name switch
    {
        "conv_relu" => [2, 8, 8],
        "resnet_silu" => [8, 4],
        _ => [49],
    };

    private static (Vae Vae, Objective Objective) Build(string name, DType dtype)
    {
        Objective objective = name switch
        {
            "iwae_tanh" => new ImportanceWeightedElbo(5),
            "resnet_silu" => new Elbo(2),
            _ => new Elbo(),
        };
        Vae vae = name switch
        {
            "gaussian_relu" => Vae.Mlp(
                [49], 5, [32, 16], Likelihood.GaussianSigmoid, new Rng(1), Activation.Relu,
                options: new() { DType = dtype }),
            "conv_relu" => Vae.Conv(
                [2, 8, 8], 5, [4, 6], Likelihood.GaussianSigmoid, new Rng(1), hidden: [10],
                options: new() { DType = dtype }),
            "resnet_silu" => Vae.Residual(
                [8, 4], 5, [8, 12], Likelihood.Bernoulli, new Rng(1), attention: true, hidden: [],
                options: new() { DType = dtype }),
            _ => Vae.Mlp(
                [49], 5, [32, 16], Likelihood.Bernoulli, new Rng(1), Activation.Tanh, options: new() { DType = dtype }),
        };
        foreach (Parameter p in vae.Parameters) p.Assign(Load($"{name}/weights/{p.Name}", dtype));
        return (vae, objective);
    }

    private static Tensor Load(string name, DType dtype) =>
        Tensor.From(File[name].ToFloat32(), File[name].Shape).To(dtype);
}

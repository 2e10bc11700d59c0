// begin
using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/concepts/bayesian-layers.md, C# block 1.</summary>
internal static class BayesianRegression
{
    public static void Run()
    {
        // begin
        const double noise = 0.1;
        var rng = new Rng(seed: 3);
        Tensor x = rng.Split("x").Uniform([60, 1], DType.Float64) * 4 - 2;
        Tensor y = (x * 2).Sin() * 0.5 + rng.Split("y").Normal([60, 1], DType.Float64) * noise;
        var network = new BayesianMlp(1, [10, 10], 1, Activation.Relu, rng.Split("weights"), priorScale: 1,
            WeightNoise.Sampling, dtype: DType.Float64);
        var optimizer = new Adam(0.01);
        OptimizerState state = optimizer.Start(network.Parameters);
        for (int step = 0; step < 2000; step++)
        {
            using var tape = new GradientTape();
            Tensor error = (y - network.Forward(x, rng.Split("noise").At(step))) / noise;
            Tensor loss = BayesianLayer.KL(network) + error.Square().Sum() * 0.5;
            optimizer.Step(state, tape.Gradients(loss, network.Parameters));
            if (step % 500 == 499) Console.WriteLine($"step {step + 1}: loss {loss.Item():F1} nats");
        }
        // end
    }
}

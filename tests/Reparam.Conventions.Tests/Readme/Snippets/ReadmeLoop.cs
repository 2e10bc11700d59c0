// begin
using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training.Optimizers;
using Reparam.Runs;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>README.md, C# block 2.</summary>
internal static class ReadmeLoop
{
    public static void Run()
    {
        // begin
        var rng = new Rng(seed: 7);
        Dataset train = DatasetCatalog.Load("digits").Train;
        // end
        train = train[..128];
        // begin
        var vae = Vae.Mlp(eventShape: [28, 28], latent: 20, hidden: [500], Likelihood.Bernoulli, rng.Split("weights"));
        var reader = new BatchReader(train, Binarization.Dynamic, rng.Split("reader"));
        var objective = new Elbo { Beta = Schedule.Linear(from: 0, to: 1, steps: 500) };
        var optimizer = new Adam(1e-3);
        OptimizerState state = optimizer.Start(vae.Parameters);
        vae.SetMode(ModuleMode.Training);
        for (long step = 0; step < 1000; step++)
        {
            using var tape = new GradientTape();                    // records the step and owns its memory
            Rng noise = rng.At(step);                               // a function of seed and step: nothing to save
            int[] indices = noise.Split("order").Permutation(train.Count)[..128];
            Tensor batch = reader.Read(indices, noise.Split("binarize"));
            InferencePass pass = vae.Infer(batch, noise, objective.Samples);
            ObjectiveValue value = objective.Evaluate(pass, step);
            optimizer.Step(state, tape.Gradients(value.Loss, vae.Parameters));
            if (step % 100 == 99) Console.WriteLine($"step {step + 1}: bound {value.Bound.Item():F2} nats");
        }

        vae.SetMode(ModuleMode.Evaluation);
        WeightsFile.From(vae.State).Write("loop.safetensors");      // parameters, and buffers where a model has some
        // end
    }
}

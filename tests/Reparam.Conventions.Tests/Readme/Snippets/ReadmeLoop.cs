// begin
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Optimizers;

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
        var step = new TrainingStep(
            vae, new Elbo { Beta = Schedule.Linear(from: 0, to: 1, steps: 500) }, new Adam(1e-3));
        while (step.State.Step < 1000)
        {
            using var scope = new TensorScope();                    // owns the batch's memory
            Rng noise = rng.At(step.State.Step);                    // a function of seed and step: nothing to save
            int[] indices = noise.Split("order").Permutation(train.Count)[..128];
            Tensor batch = reader.Read(indices, noise.Split("binarize"));
            // every loss by its own parameters, whatever the objective
            StepResult taken = step.Take(batch, noise);
            if (step.State.Step % 100 == 0) Console.WriteLine($"step {step.State.Step}: bound {taken.Bound:F2} nats");
        }

        vae.Save("loop.safetensors");                               // parameters, and buffers where a model has some
        // end
    }
}

// begin
using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Optimizers;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/quickstart.md, C# block 2.</summary>
internal static class QuickstartLoop
{
    public static void Run()
    {
        // begin
        var rng = new Rng(seed: 1);
        Dataset train = DatasetCatalog.Load("digits").Train;
        // end
        train = train[..128];
        // begin
        Rng weights = rng.Split("weights");
        Vae Make() => Vae.Mlp([28, 28], latent: 10, hidden: [200], Likelihood.Bernoulli, weights, Activation.Relu);
        Vae vae = Make();
        var reader = new BatchReader(train, Binarization.Dynamic, rng.Split("reader"));
        var step = new TrainingStep(vae, new Elbo(), new Adam(1e-3));
        while (step.State.Step < 300)
        {
            using var scope = new TensorScope();                // gives the memory of the batch back
            Rng noise = rng.At(step.State.Step);                // the noise of this step
            int[] chosen = noise.Split("order").Permutation(train.Count)[..100];
            StepResult taken = step.Take(reader.Read(chosen, noise.Split("binarize")), noise);
            if (step.State.Step % 100 != 0) continue;
            Console.WriteLine($"step {step.State.Step}: ELBO {taken.Bound:F1} nats, KL {taken.KL:F1}");
        }

        vae.Save("vae.safetensors");
        Vae loaded = Make();                                    // the same architecture
        loaded.Load("vae.safetensors");                         // with the weights of the file
        Tensor code = rng.Normal([1, 10]);
        Console.WriteLine($"a pixel of both: {vae.Decode(code).At(400):F4} and {loaded.Decode(code).At(400):F4}");
        // end
    }
}

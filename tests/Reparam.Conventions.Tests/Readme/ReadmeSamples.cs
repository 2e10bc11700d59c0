using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Training.Runs;

namespace Reparam.Conventions.Tests.Readme;

/// <summary>The README's C# fences, compiled: between the marks each stands line for line as it does there.</summary>
internal static class ReadmeSamples
{
    public static void Train()
    {
        // begin
        var rng = new Rng(seed: 7);
        DataSplits mnist = DatasetCatalog.Load("mnist");
        var vae = Vae.Mlp(eventShape: [28, 28], latent: 20, hidden: [500], Likelihood.Bernoulli, rng.Split("weights"));
        var trainer = new Trainer(new Adam(1e-3), new TrainerOptions { Epochs = 20, BatchSize = 128, Binarization = Binarization.Dynamic });
        TrainingReport report = trainer.Fit(vae, new Elbo(), mnist.Train, rng);

        Dataset test = mnist.Test.Binarize(Binarization.Static, rng.Split("test"));
        Estimate bound = ImportanceWeightedBound.Evaluate(vae, test, samples: 100, rng);
        Console.WriteLine($"log p(x) >= {bound} nats");
        ImageGrid.Of(vae.Generate(count: 64, rng)).Save("samples.png");
        WeightsFile.From(vae.Parameters).Write("mnist.safetensors");
        // end
        GC.KeepAlive(report);
    }

    public static void Loop(Vae vae, BatchReader reader, int[] indices, Rng rng)
    {
        // begin
        var objective = new Elbo { Beta = Schedule.Linear(from: 0, to: 1, steps: 10_000) };
        var optimizer = new Adam(1e-3);
        OptimizerState state = optimizer.Start(vae.Parameters);
        for (long step = 0; step < 1000; step++)
        {
            using var tape = new GradientTape();                    // records the step and owns its memory
            Tensor batch = reader.Read(indices, rng.At(step));
            InferencePass pass = vae.Infer(batch, rng.At(step), objective.Samples);
            ObjectiveValue value = objective.Evaluate(pass, step);
            optimizer.Step(state, tape.Gradients(value.Loss, vae.Parameters));
        }
        // end
    }
}

// begin
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Optimizers;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>README.md, C# block 1.</summary>
internal static class ReadmeTraining
{
    public static void Run()
    {
        // begin
        var rng = new Rng(seed: 7);
        // built in; "mnist" and others are read from REPARAM_DATA
        DataSplits data = DatasetCatalog.Load("digits");
        // end
        data = data with { Train = data.Train[..256], Test = data.Test[..500] };
        // begin
        var vae = Vae.Mlp(eventShape: [28, 28], latent: 20, hidden: [500], Likelihood.Bernoulli, rng.Split("weights"));
        var options = new TrainerOptions { Epochs = 20, BatchSize = 128, Binarization = Binarization.Dynamic };
        var progress = new EpochCallback(epoch => Console.WriteLine(
            $"epoch {epoch.Epoch}: bound {epoch.Train.Bound:F2} nats, {epoch.Seconds:F1} s"));
        new Trainer(new Adam(1e-3), options, progress).Fit(vae, new Elbo(), data.Train, rng);

        Dataset test = data.Test[..500].Binarize(Binarization.Static, rng.Split("test"));
        Estimate bound = ImportanceWeightedBound.Evaluate(vae, test, samples: 100, rng);
        Console.WriteLine($"log p(x) >= {bound} nats");
        ImageGrid.Of(vae.Generate(count: 64, rng)).Save("samples.png");
        vae.Save("digits.safetensors");                              // parameters, and buffers where a model has some
        // end
    }
}

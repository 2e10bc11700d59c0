// begin
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Optimizers;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/quickstart.md, C# block 1.</summary>
internal static class QuickstartProgram
{
    public static void Run()
    {
        // begin
        // The data: built-in digits here; RunData.ReadFile("mine.npz") of Reparam.Runs reads a file of your own.
        var rng = new Rng(seed: 1);
        DataSplits data = DatasetCatalog.Load("digits");
        // end
        data = data with { Train = data.Train[..200], Test = data.Test[..200] };
        // begin
        Dataset test = data.Test[..200].Binarize(Binarization.Static, rng.Split("test"));

        // The model, and its training.
        Rng weights = rng.Split("weights");
        var vae = Vae.Mlp([28, 28], latent: 10, hidden: [200], Likelihood.Bernoulli, weights, Activation.Relu);
        var options = new TrainerOptions { Epochs = 10, BatchSize = 100, Binarization = Binarization.Dynamic };
        var progress = new EpochCallback(
            epoch => Console.WriteLine($"epoch {epoch.Epoch,2}: ELBO {epoch.Train.Bound:F1} nats"));
        new Trainer(new Adam(1e-3), options, progress).Fit(vae, new Elbo(), data.Train, rng);

        // The evaluation: the parts of the ELBO, and a tighter bound from 50 draws.
        BoundReport report = EvidenceLowerBound.Evaluate(vae, test, rng);
        Console.WriteLine($"test: ELBO {report.Elbo} = reconstruction {report.Reconstruction} - KL {report.KL}");
        Console.WriteLine($"log p(x) >= {ImportanceWeightedBound.Evaluate(vae, test, samples: 50, rng)} nats");
        Console.WriteLine($"active units: {report.ActiveUnits} of 10");

        // New digits.
        ImageGrid.Of(vae.Generate(count: 64, rng)).Save("samples.png");
        // end
    }
}

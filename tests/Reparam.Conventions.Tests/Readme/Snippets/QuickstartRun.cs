// begin
using Reparam.Models;
using Reparam.Runs;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/quickstart.md, C# block 3.</summary>
internal static class QuickstartRun
{
    public static void Execute()
    {
        // begin
        var settings = new RunSettings
        {
            Data = new DataSettings { Name = "digits", Limit = 2000 },
            Model = new VaeSettings { Latent = 10, Network = new MlpNetworkSettings { Hidden = [200] } },
            Training = new TrainingSettings { Epochs = 5, Batch = 100, Seed = 1 },
        };

        // The folder of a run that was stopped is opened, and Train goes on from its last checkpoint.
        const string Folder = "runs/from-csharp";
        Run run = Directory.Exists(Folder) ? Run.Open(Folder) : Run.Create(Folder, settings);
        run.Train();
        foreach ((int epoch, double elbo) in run.ReadMetrics().Of("train/elbo"))
            Console.WriteLine($"epoch {epoch}: ELBO {elbo:F1} nats");

        RunEvaluation found = run.Evaluate(Part.Test, samples: 50, limit: 200);
        Console.WriteLine($"test: ELBO {found.Bound.Elbo}, log p(x) >= -{found.Nll} nats");
        // end
    }
}

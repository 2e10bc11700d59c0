// Lesson 4: posterior collapse and its cure. Run: dotnet run -c Release examples/lesson-4-collapse.cs
#:project ../src/Reparam/Reparam.csproj
#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Optimizers;

// A deep decoder with a large learning rate learns to ignore the code before it learns to read it. The KL then falls to
// 0 and stays there: q(z|x) is the prior for every x. We train the same model on the same data with three objectives.
var rng = new Rng(seed: 1);
DataSplits data = DatasetCatalog.Load("digits");
Dataset train = data.Train[..3000];
Dataset test = data.Test[..500].Binarize(Binarization.Static, rng.Split("test"));
(string Name, Elbo Objective)[] cases =
[
    ("ELBO as it is", new Elbo()),
    ("warm-up", new Elbo { Beta = Schedule.Linear(from: 0, to: 1, steps: 300) }),   // the KL costs nothing at first
    ("free bits", new Elbo { FreeBits = FreeBits.PerDimension(0.25) }),             // 0.25 nats of each latent are free
];

var lines = new List<PlotSeries>();
Console.WriteLine($"{"objective",-14} {"ELBO",7} {"KL",6} {"information",12} {"active units",13}");
foreach ((string name, Elbo objective) in cases)
{
    var seed = new Rng(seed: 5);
    int[] deep = [100, 100, 100, 100];
    Rng weights = seed.Split("weights");
    var vae = Vae.Mlp(
        [28, 28], 10, [100], Likelihood.Bernoulli, weights, Activation.Relu, options: new() { DecoderHidden = deep });
    var kl = new List<(double Epoch, double KL)>();
    var options = new TrainerOptions { Epochs = 15, BatchSize = 100, Binarization = Binarization.Dynamic };
    var record = new EpochCallback(epoch => kl.Add((epoch.Epoch, epoch.Train.KL)));
    new Trainer(new Adam(1e-2), options, record).Fit(vae, objective, train, seed);
    lines.Add(new PlotSeries(name, kl));

    // The information is what a code tells about its image: the part of the KL that the decoder can use.
    BoundReport report = EvidenceLowerBound.Evaluate(vae, test, new Rng(seed: 6));
    double information = EvidenceLowerBound.Split(vae, test, new Rng(seed: 6))!.MutualInformation;
    string bound = $"{report.Elbo.Mean,7:F1} {report.KL.Mean,6:F2}";
    Console.WriteLine($"{name,-14} {bound} {information,12:F2} {report.ActiveUnits,7} of 10");
}

LinePlot.Draw("Collapse and two cures", "epoch", "KL of the training data, nats", [], lines, [])
    .Save("lesson-4-collapse.svg");
Console.WriteLine("lesson-4-collapse.svg");

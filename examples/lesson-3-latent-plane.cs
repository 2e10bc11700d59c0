// Lesson 3: the latent plane, coloured by class. Run: dotnet run -c Release examples/lesson-3-latent-plane.cs
#:project ../src/Reparam/Reparam.csproj
#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Optimizers;

// A VAE with two latents, so that each digit has a point on a plane. Training never sees the classes.
var rng = new Rng(seed: 1);
DataSplits data = DatasetCatalog.Load("digits");
var vae = Vae.Mlp([28, 28], latent: 2, hidden: [200], Likelihood.Bernoulli, rng.Split("weights"));
var options = new TrainerOptions { Epochs = 20, BatchSize = 100, Binarization = Binarization.Dynamic };
var progress = new EpochCallback(epoch =>
{
    if (epoch.Epoch % 5 == 0) Console.WriteLine($"epoch {epoch.Epoch,2}: ELBO {epoch.Train.Bound:F1} nats");
});
new Trainer(new Adam(2e-3), options, progress).Fit(vae, new Elbo(), data.Train, rng);

// The code of an image is the mean of q(z|x). 500 test images that training did not see:
Dataset test = data.Test[..500].Binarize(Binarization.Static, rng.Split("test"));
int[] labels = test.Labels!.Value.ToArray();
Tensor codes = vae.Encode(new BatchReader(test, Binarization.None, rng).Read(0, test.Count, rng));

// One colour for each class. Classes that look alike lie near each other.
(double X, double Y)[] points = [.. Enumerable.Range(0, test.Count)
    .Select(i => (codes.At(2 * i), codes.At(2 * i + 1)))];
PlotSeries[] classes = [.. points.Zip(labels).GroupBy(p => p.Second).OrderBy(g => g.Key)
    .Select(g => new PlotSeries($"digit {g.Key}", [.. g.Select(p => p.First)]))];
LinePlot.Draw("Codes of 500 test digits", "first latent", "second latent", [], [], classes)
    .Save("lesson-3-latent-plane.svg");

// How well does the plane separate the classes? For each digit, the nearest other code predicts the class.
int Nearest(int i) => Enumerable.Range(0, test.Count).Where(j => j != i)
    .MinBy(j => Math.Pow(points[i].X - points[j].X, 2) + Math.Pow(points[i].Y - points[j].Y, 2));
int right = Enumerable.Range(0, test.Count).Count(i => labels[Nearest(i)] == labels[i]);
BoundReport report = EvidenceLowerBound.Evaluate(vae, test, rng);
Console.WriteLine($"test: ELBO {report.Elbo.Mean:F1} nats, KL {report.KL.Mean:F1}, active units {report.ActiveUnits}");
Console.WriteLine($"the nearest code is of the same class for {right} of {test.Count} digits; chance gives 50");
Console.WriteLine("lesson-3-latent-plane.svg");

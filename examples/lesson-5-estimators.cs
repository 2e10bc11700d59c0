// Lesson 5: two estimators of a gradient. Run: dotnet run -c Release examples/lesson-5-estimators.cs
#:project ../src/Reparam/Reparam.csproj
#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
using Reparam.Distributions;
using Reparam.Objectives.Estimators;
using Reparam.Rendering;
using Reparam.Tensors;

// The question: z is N(mu, 1) and f(z) is a reward. How does the mean reward E[f(z)] change with mu?
// The smooth reward rises from 0 to 1 around z = 1. The step jumps from 0 to 1 at z = 1; elsewhere its slope is 0.
Tensor Smooth(Tensor z) => ((z - 1) * 4).Sigmoid();
Tensor Step(Tensor z) => Tensor.Where(Tensor.Less(z, 1), z * 0, z * 0 + 1);

// The exact gradient is the integral of f(z) (z - mu) p(z): a sum over a fine grid.
double Exact(Func<Tensor, Tensor> reward, double mu)
{
    Tensor z = Tensor.Arange(16_000, DType.Float64) / 1000 - 8 + mu;
    Tensor density = ((z - mu).Square() * -0.5).Exp() / Math.Sqrt(2 * Math.PI);
    return (reward(z) * (z - mu) * density).Sum().Item() / 1000;
}

const int copies = 1000;
// 1000 estimates at once: there are 1000 copies of mu, and each copy gets a gradient from its own 10 draws.
(double Mean, double Deviation) Measure(Estimator estimate, Func<Tensor, Tensor> reward, double mu)
{
    var loc = new Parameter("mu", Tensor.Full([copies], mu, DType.Float64));
    using var tape = new GradientTape();
    Tensor mean = estimate(new Normal(loc, Tensor.Ones([copies], DType.Float64)), reward, new Rng(seed: 3));
    Tensor gradient = tape.Gradients(mean.Sum(), [loc])[0];
    double average = gradient.Mean().Item();
    return (average, Math.Sqrt((gradient - average).Square().Mean().Item()));
}

// Pathwise: the draw moves with mu, and the gradient passes through f. It needs the slope of f.
// Score function: the draw stays, and its probability moves. It needs only the value of f. A baseline lowers its noise.
(string Name, Estimator Estimate)[] estimators =
[
    ("pathwise", (q, f, r) => new Pathwise().Estimate(q, f, r, samples: 10)),
    ("score function", (q, f, r) => new ScoreFunction(new LeaveOneOutBaseline()).Estimate(q, f, r, samples: 10)),
];
var (lines, points) = (new List<PlotSeries>(), new List<PlotSeries>());
double[] axis = [.. Enumerable.Range(0, 25).Select(i => -2 + i * 0.25)];
foreach (var (kind, reward) in new[] { ("smooth", (Func<Tensor, Tensor>)Smooth), ("step", Step) })
{
    Console.WriteLine($"{kind} reward at mu = 0: exact gradient {Exact(reward, 0):F4}");
    lines.Add(new PlotSeries($"{kind}, exact", [.. axis.Select(mu => (mu, Exact(reward, mu)))]));
    foreach ((string name, Estimator estimate) in estimators)
    {
        (double mean, double deviation) = Measure(estimate, reward, mu: 0);
        double error = deviation / Math.Sqrt(copies);
        Console.WriteLine($"  {name,-14} {mean:F4} +/- {error:F4}, one estimate +/- {deviation:F3}");
        points.Add(new PlotSeries($"{kind}, {name}", [.. axis.Select(mu => (mu, Measure(estimate, reward, mu).Mean))]));
    }
}

LinePlot.Draw("Gradient of the mean reward", "mu", "gradient", [], lines, points).Save("lesson-5-estimators.svg");
Console.WriteLine("lesson-5-estimators.svg");
/// <summary>Estimates the mean reward, with its gradient, from a distribution, a reward and random numbers.</summary>
internal delegate Tensor Estimator(Normal q, Func<Tensor, Tensor> reward, Rng rng);

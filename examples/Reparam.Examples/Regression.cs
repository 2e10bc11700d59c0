using System.Globalization;
using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Examples;

/// <summary>Regression with a network whose weights are uncertain. Its predictions are certain where there are data,
/// and uncertain where there are none.</summary>
internal static class Regression
{
    private const double Noise = 0.1;
    private const int Count = 60;

    public static void Run(string folder, bool quick, TextWriter output)
    {
        var rng = new Rng(3);
        // y = sin 2x / 2 + noise, observed only on two intervals.
        Tensor u = rng.Split("x").Uniform([Count, 1], DType.Float64);
        Tensor x = Tensor.Where(Tensor.Less(u, 0.5), u * 3 - 2.2, u * 3 - 0.8);
        Tensor y = (x * 2).Sin() * 0.5 + rng.Split("y").Normal([Count, 1], DType.Float64) * Noise;
        var network = new BayesianMlp(1, [10, 10], 1, Activation.Relu, rng.Split("weights"), priorScale: 1,
            WeightNoise.Sampling, dtype: DType.Float64);

        int steps = quick ? 50 : 20_000;
        var optimizer = new Adam(Schedule.Cosine(0.01, 0, steps));
        OptimizerState state = optimizer.Start(network.Parameters);
        double bound = 0;
        for (int step = 0; step < steps; step++)
        {
            using var tape = new GradientTape();
            // log p(D|w) for one draw of the weights, minus the KL of the weights: a lower bound on log p(D).
            Tensor error = (y - network.Forward(x, rng.Split("noise").At(step))) / Noise;
            Tensor logLikelihood = error.Square().Sum() * -0.5 - Count * Math.Log(Noise * Math.Sqrt(2 * Math.PI));
            Tensor loss = BayesianLayer.KL(network) - logLikelihood;
            optimizer.Step(state, tape.Gradients(loss, network.Parameters));
            if (step >= steps * 9 / 10) bound -= loss.Item() / (steps / 10.0);
        }

        // Draws of the weights give draws of the function. The variance of the measurement noise is added to theirs
        // (law of total variance).
        int draws = quick ? 100 : 4000;
        using var scope = new TensorScope();
        Tensor grid = (Tensor.Arange(181, DType.Float64) / 30 - 3).Reshape([181, 1]);
        Rng predict = rng.Split("predict");
        Tensor f = Tensor.Concat(1, [.. Enumerable.Range(0, draws).Select(_ => network.Forward(grid, predict))]);
        Tensor mean = f.Mean(1), deviation = ((f - mean.Reshape([181, 1])).Square().Mean(1) + Noise * Noise).Sqrt();

        PlotBand Band(string name, double width) => new(name, [.. Enumerable.Range(0, 181).Select(
            i => (grid.At(i), mean.At(i) - width * deviation.At(i), mean.At(i) + width * deviation.At(i)))]);
        string path = Path.Combine(folder, "regression.svg");
        LinePlot.Draw(
            "A network with uncertain weights", "x", "y",
            [Band("2 standard deviations", 2), Band("1 standard deviation", 1)],
            [
                new PlotSeries("predictive mean", [.. Enumerable.Range(0, 181).Select(i => (grid.At(i), mean.At(i)))]),
                new PlotSeries(
                    "truth", [.. Enumerable.Range(0, 181).Select(i => (grid.At(i), Math.Sin(2 * grid.At(i)) / 2))]),
            ],
            [new PlotSeries("data", [.. Enumerable.Range(0, Count).Select(i => (x.At(i), y.At(i)))])]).Save(path);
        foreach (int i in new[] { 0, 45, 90, 135, 180 })
        {
            output.WriteLine(
                FormattableString.Invariant($"x = {grid.At(i),4:F1}: {mean.At(i):F2} +/- {deviation.At(i):F2}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bound on log p(D) {bound:F1} nats; the KL of " +
            $"the weights is {BayesianLayer.KL(network).Item():F1}"));
        output.WriteLine(path);
    }
}

using System.Diagnostics;
using System.Globalization;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Benchmarks;

/// <summary>Measures log p(x) by importance sampling with the 784-200-200-50 tanh network. bench/peers/nll.py does the
/// same in PyTorch.</summary>
internal static class NllTiming
{
    public static int Run(string[] args)
    {
        int Argument(int index, int otherwise) => args.Length > index
            ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
        Execution.Threads = Argument(0, Environment.ProcessorCount);
        int images = Argument(1, 1000), samples = Argument(2, 5000);
        var rng = new Rng(1);
        Vae model = Vae.Mlp([784], 50, [200, 200], Likelihood.Bernoulli, rng.Split("weights"), Activation.Tanh);
        byte[] bits = [.. rng.Uniform([images * 784]).ToArray<float>().Select(u => u < 0.13f ? (byte)1 : (byte)0)];
        Dataset data = Dataset.FromBytes("sparse", [784], bits, DataKind.Binary);
        ImportanceWeightedBound.Evaluate(model, data[..Math.Min(40, images)], Math.Min(samples, 2500), rng); // warms up
        long started = Stopwatch.GetTimestamp();
        Estimate bound = ImportanceWeightedBound.Evaluate(model, data, samples, rng);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"seconds\": " +
            $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F3}, \"bound\": {bound.Mean:F3}}}"));
        return 0;
    }
}

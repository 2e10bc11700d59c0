using System.Diagnostics;
using Reparam.Tensors;

namespace Reparam.Cli.Benchmarks;

/// <summary>The speed of a large matrix product on this machine. The speed of a training step is compared with
/// it.</summary>
internal static class ProductSpeed
{
    /// <summary>The number of rows and columns of both matrices.</summary>
    public const int Edge = 512;

    /// <summary>The number of products from which the median is taken.</summary>
    public const int Repetitions = 30;

    /// <summary>GFLOP/s in Float32, the median of <see cref="Repetitions"/> products.</summary>
    public static double Measure()
    {
        var rng = new Rng(0);
        Tensor a = rng.Normal([Edge, Edge]), b = rng.Normal([Edge, Edge]);
        double[] seconds = new double[Repetitions];
        // The first half of the rounds warms up the code and is not counted.
        for (int i = -Repetitions; i < Repetitions; i++)
        {
            using var scope = new TensorScope();
            long started = Stopwatch.GetTimestamp();
            Tensor.MatMul(a, b);
            if (i >= 0) seconds[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        Array.Sort(seconds);
        return 2.0 * Edge * Edge * Edge / seconds[Repetitions / 2] / 1e9;
    }
}

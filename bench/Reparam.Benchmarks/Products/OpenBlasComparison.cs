using System.Diagnostics;
using System.Globalization;
using System.Text;
using Reparam.Tensors;
using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Benchmarks.Products;

/// <summary>Compares the matrix products of Reparam with those of OpenBLAS, in alternation, on the same
/// operands.</summary>
internal static unsafe class OpenBlasComparison
{
    private const int Rounds = 9, BlocksPerRound = 3;

    /// <summary>A block of calls lasts about this long, so that the resolution of the clock and the first call do not
    /// matter.</summary>
    private const double BlockSeconds = 2e-3;

    public static int Run(string[] args)
    {
        int threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        OpenBlas blas = OpenBlas.Load();
        Execution.Threads = blas.Threads = threads;
        var report = new StringBuilder();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"# Matrix products compared with OpenBLAS, {threads} thread{(threads == 1 ? "" : "s")}").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{Processor()}; {blas.Version}; .NET {Environment.Version}, {Execution.VectorBits}-bit vectors. GFLOP/s " +
            $"in Float32; blocks of calls in alternation; the ratio is the median over {Rounds} rounds.").AppendLine();
        report.AppendLine("| product | ours | OpenBLAS | ratio |").AppendLine("|---|---:|---:|---:|");
        List<double> ratios = [];
        foreach (ProductShape shape in ProductShape.Grid.Distinct())
        {
            (double ours, double theirs, double ratio) = Compare(shape, blas, threads);
            ratios.Add(ratio);
            string row = string.Create(
                CultureInfo.InvariantCulture, $"| {shape} | {ours:F1} | {theirs:F1} | {ratio:F2} |");
            Console.WriteLine(row);
            report.AppendLine(row);
        }

        string summary = string.Create(
            CultureInfo.InvariantCulture, $"geometric mean {Math.Exp(ratios.Average(Math.Log)):F3}, worst " +
                $"{ratios.Min():F2}, {ratios.Count(r => r < 0.75)} of {ratios.Count} below 0.75");
        Console.WriteLine(summary);
        report.AppendLine().AppendLine(summary);
        if (args.Length > 1) File.WriteAllText(args[1], report.ToString());
        return 0;
    }

    private static (double Ours, double Theirs, double Ratio) Compare(ProductShape shape, OpenBlas blas, int threads)
    {
        TensorBuffer a = Noise(shape.M * shape.K, 1), b = Noise(shape.K * shape.N, 2), c = New(shape.M * shape.N),
            d = New(shape.M * shape.N);
        var plan = new MatMulPlan(shape.M, shape.N, shape.K, shape.TransposeA, shape.TransposeB);
        int calls = Math.Max(1, (int)(BlockSeconds * 80e9 * threads / shape.Flops));
        double[] ours = new double[Rounds], theirs = new double[Rounds], ratios = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            ours[round] = Fastest(calls, () => Backend.Current.MatMul(a, b, null, c, plan));
            theirs[round] = Fastest(
                calls, () => blas.Multiply(shape, (float*)a.Pointer, (float*)b.Pointer, (float*)d.Pointer));
            ratios[round] = theirs[round] / ours[round];
            // The threads of OpenMP spin for a while after their last work. Our threads must not compete with them.
            if (threads > 1) Thread.Sleep(20);
        }

        for (int i = 0; i < c.Length; i++)
        {
            if (Math.Abs(c.AsSpan<float>()[i] - d.AsSpan<float>()[i]) > 1e-4 * Math.Sqrt(shape.K))
                throw new InvalidOperationException($"{shape}: the results differ at {i}.");
        }

        return (shape.Flops / Median(ours) / 1e9, shape.Flops / Median(theirs) / 1e9, Median(ratios));
    }

    /// <summary>Seconds per call in the fastest of a few blocks, after a first block for warming up.</summary>
    private static double Fastest(int calls, Action call)
    {
        double best = double.PositiveInfinity;
        for (int block = -1; block < BlocksPerRound; block++)
        {
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++) call();
            if (block >= 0) best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds / calls);
        }

        return best;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static string Processor() =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(
            l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? $"{line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]}, {Environment.ProcessorCount} cores"
            : $"{Environment.ProcessorCount} cores";

    private static TensorBuffer New(int length)
    {
        TensorBuffer buffer = new(DType.Float32, (long)length * sizeof(float));
        buffer.Use(DType.Float32, length);
        return buffer;
    }

    private static TensorBuffer Noise(int length, ulong key)
    {
        TensorBuffer buffer = New(length);
        Backend.Current.Random(RandomKernel.Normal, buffer, new NoiseStream(key, 0, 0, 0), 1, 1, length);
        return buffer;
    }
}

using System.Diagnostics;
using System.Globalization;
using Reparam.Benchmarks;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

// Usage: dotnet run -c Release --project bench/Reparam.Benchmarks [-- THREADS [SECONDS]]
// Prints, for each workload, the median time of a whole training step (data in memory, Adam) and the rate of its matrix products.
if (args.Length > 0) Execution.Threads = int.Parse(args[0], CultureInfo.InvariantCulture);
double seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 3;
foreach (Workload work in Workload.All)
{
    var rng = new Rng(1);
    Vae model = work.Model(rng.Split("weights"));
    var optimizer = new Adam(1e-3);
    OptimizerState state = optimizer.Start(model.Parameters);
    Objective objective = work.Objective;
    Tensor data = Tensor.Less(rng.Uniform([work.Batch, 784]), Tensor.Scalar(0.13));
    List<double> times = [];
    long began = Stopwatch.GetTimestamp();
    long allocated = 0;
    while (times.Count < 50 || Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        using (var tape = new GradientTape())
        {
            InferencePass pass = model.Infer(data, rng.At(state.Step), objective.Samples);
            optimizer.Step(state, tape.Gradients(objective.Evaluate(pass, state.Step).Loss, model.Parameters));
        }

        times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // The first half warms up the compiler and the caches.
    double[] steady = [.. times.Skip(times.Count / 2).Order()];
    double median = steady[steady.Length / 2];
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{work.Name,-22} {median,8:F3} ms  {work.ProductFlops / median / 1e6,6:F0} GFLOP/s  {allocated,7} B allocated  {Execution.Threads} threads"));
}

using System.Diagnostics;
using Reparam.Models;
using Reparam.Tensors;
using Reparam.Training.Optimizers;

namespace Reparam.Cli.Benchmarks;

/// <summary>How long a training step takes, and how that time is spent.</summary>
/// <param name="Milliseconds">Median time of a step. Making the batch tensor is not included.</param>
/// <param name="Steps">The number of steps from which the median is taken.</param>
/// <param name="ProductFlops">Floating-point operations of the matrix products and convolutions of a step.</param>
/// <param name="AllocatedBytes">Bytes that a step allocates on the garbage-collected heap.</param>
/// <param name="Shares">The cost of each kernel for one step. It is measured in a few further steps and divided by
/// their number.</param>
internal sealed record StepTiming(
    double Milliseconds, int Steps, double ProductFlops, long AllocatedBytes, IReadOnlyList<WorkShare> Shares)
{
    /// <summary>The number of steps whose kernels are measured.</summary>
    public const int MeteredSteps = 20;

    private const int FewestSteps = 10;

    /// <summary>Takes steps for the given number of seconds, or the given number of steps. The first half warms up the
    /// compiler and the caches. The denormal numbers of a share (<see cref="WorkShare.Denormals"/>) are those of all
    /// <see cref="MeteredSteps"/> steps together.</summary>
    public static StepTiming Measure(
        ReferenceWork work, double seconds, int? steps, bool denormals, CancellationToken cancellation)
    {
        var rng = new Rng(1);
        LatentVariableModel model = work.Model(rng.Split("weights"));
        var optimizer = new Adam(1e-3);
        OptimizerState state = optimizer.Start(model.Parameters);
        // Sparse zeros and ones, as in images of black-and-white digits.
        Tensor data = Tensor.Less(
            rng.Uniform(Shape.Create([work.Batch, .. work.EventShape.AsSpan()])), Tensor.Scalar(0.13));
        IReadOnlyList<Parameter> parameters = model.Parameters;

        void Step()
        {
            using var tape = new GradientTape();
            InferencePass pass = model.Infer(data, rng.At(state.Step), work.Objective.Samples);
            optimizer.Step(state, tape.Gradients(work.Objective.Evaluate(pass, state.Step).Loss, parameters));
        }

        List<double> times = [];
        long began = Stopwatch.GetTimestamp(), allocated = 0;
        bool More() => steps is { } count ? times.Count < count
            : times.Count < FewestSteps || Stopwatch.GetElapsedTime(began).TotalSeconds < seconds;
        while (More())
        {
            cancellation.ThrowIfCancellationRequested();
            long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
            Step();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The first metered step compiles the code of the meter.
        using (new WorkMeter()) Step();
        using var meter = new WorkMeter { CountsDenormals = denormals };
        for (int i = 0; i < MeteredSteps; i++) Step();
        WorkShare[] shares =
        [
            .. meter.Shares.Select(s => s with { Calls = s.Calls / MeteredSteps, Time = s.Time / MeteredSteps,
                Flops = s.Flops / MeteredSteps, Bytes = s.Bytes / MeteredSteps }),
        ];
        double[] steady = [.. times.Skip(times.Count / 2).Order()];
        return new StepTiming(steady[steady.Length / 2], steady.Length, shares.Sum(s => s.Flops), allocated, shares);
    }
}

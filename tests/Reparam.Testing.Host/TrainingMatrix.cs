using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Testing.Host;

/// <summary>
/// Ten training steps of three small models, for each number of threads straight through and stopped at several steps,
/// saved to files and resumed by a fresh model: the hash of parameters and moments at the end.
/// </summary>
public static class TrainingMatrix
{
    private static readonly int[] s_threads = [1, 2, 3, 8];

    // In the first step, within an epoch, at an epoch's end, in the second epoch; -1 goes straight through.
    private static readonly int[] s_stops = [-1, 1, 3, 5, 8];

    /// <summary>One line for each cell: model, threads, step of the stop, hash.</summary>
    public static IEnumerable<string> Compute()
    {
        foreach ((string name, Func<Vae> model, Objective objective, Shape eventShape, int batch) in Models())
        {
            foreach (int threads in s_threads)
            {
                Execution.Threads = threads;
                foreach (int stop in s_stops)
                {
                    yield return $"{name} threads {threads} stop {stop} " +
                        $"{Hash(Train(model, objective, eventShape, batch, stop))}";
                }
            }
        }
    }

    private static IEnumerable<(string Name, Func<Vae> Model, Objective Objective, Shape EventShape, int Batch)>
        Models()
    {
        // Wide enough that threads share the products, small enough for fused multiply-adds in software.
        Shape vector = [120], image = [12, 12];
        yield return ("mlp", () => Vae.Mlp(vector, 5, [70], Likelihood.Bernoulli, new Rng(1)), new Elbo(), vector, 50);
        yield return ("conv", () => Vae.Conv(image, 4, [5, 9], Likelihood.Bernoulli, new Rng(2), []),
            new Elbo(), image, 10);
        yield return ("iwae", () => Vae.Mlp(vector, 5, [40, 30], Likelihood.Bernoulli, new Rng(3), Activation.Relu),
            new ImportanceWeightedElbo(6), vector, 10);
        yield return ("discrete",
            () => Vae.Mlp(vector, 6, [40], Likelihood.Bernoulli, new Rng(4),
                options: new() { Posterior = PosteriorFamily.Categorical(5) }),
            new Elbo { Discrete = DiscreteGradient.GumbelSoftmax(0.8) }, vector, 20);
    }

    /// <summary>The hash of parameters and moments.</summary>
    internal static string Hash(TrainingState state) =>
        WeightsFile.Sha256([.. state.Model.State, .. state.Optimizer.AllSlots]);

    /// <summary>Grey levels in five batches, the last one short: two epochs are ten steps.</summary>
    internal static Dataset Noise(Shape eventShape, int batch)
    {
        float[] uniform = new Rng(9).Uniform([(5 * batch - 3) * eventShape.Size]).ToArray<float>();
        byte[] levels = [.. uniform.Select(u => (byte)(u * 256))];
        return Dataset.FromBytes("noise", eventShape, levels, DataKind.Grey);
    }

    /// <summary>Ten steps; a positive <paramref name="stop"/> is the step after which a fresh model goes on from
    /// files.</summary>
    internal static TrainingState Train(Func<Vae> make, Objective objective, Shape eventShape, int batch, int stop,
        Binarization binarization = Binarization.Dynamic)
    {
        Dataset data = Noise(eventShape, batch);
        var options = new TrainerOptions { Epochs = 2, BatchSize = batch, Binarization = binarization };
        var optimizer = new Adam(1e-2);
        Vae model = make();
        using var interruption = new CancellationTokenSource();
        TrainingState state = new Trainer(optimizer, options, new StopAt(stop, interruption)).Fit(
            model, objective, data, new Rng(7), cancellation: interruption.Token).State;
        if (stop > 0)
        {
            if (state.Step != stop)
                throw new InvalidOperationException($"The run was to stop at step {stop} and is at {state.Step}.");
            string folder = Directory.CreateTempSubdirectory("reparam-matrix-").FullName;
            try
            {
                var checkpoints = new CheckpointFolder(folder);
                TrainingCheckpoint.Save(checkpoints, state, best: false, keep: 1);
                model = make();
                state = new TrainingState(model, optimizer);
                TrainingCheckpoint.Restore(checkpoints.OpenLatest()!, state, null);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }

            new Trainer(optimizer, options).Fit(model, objective, data, new Rng(7), resumeFrom: state);
        }

        if (state.Step != 10)
            throw new InvalidOperationException($"The run was to take 10 steps and took {state.Step}.");
        return state;
    }

    private sealed class StopAt(int step, CancellationTokenSource interruption) : TrainingCallback
    {
        public override void OnStep(TrainingState state, StepReport report)
        {
            if (report.Step == step) interruption.Cancel();
        }
    }
}

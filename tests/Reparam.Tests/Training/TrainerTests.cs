using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Models;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Training;

public sealed class TrainerTests
{
    private static readonly Dataset Train = SmallModel.Ramps(50), Validation = SmallModel.Ramps(20, seed: 6);

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 3, BatchSize = 16, Binarization = Binarization.Dynamic,
    };

    [Fact]
    public void Same_seed_gives_the_same_bits_and_another_seed_others()
    {
        Assert.Equal(Run(seed: 1), Run(seed: 1));
        Assert.NotEqual(Run(seed: 1), Run(seed: 2));
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        int threads = Execution.Threads;
        try
        {
            string[] hashes = [.. new[] { 1, 2, 3 }.Select(n =>
            {
                Execution.Threads = n;
                return Run(seed: 1);
            })];
            Assert.Single(hashes.Distinct());
        }
        finally
        {
            Execution.Threads = threads;
        }
    }

    [Fact]
    public void Runs_at_once_on_several_threads_end_in_the_bits_of_each_alone()
    {
        string[] alone = [Run(seed: 1), Run(seed: 2), Run(seed: 3)], together = new string[3];
        Thread[] threads =
            [.. Enumerable.Range(0, 3).Select(i => new Thread(() => together[i] = Run(seed: (ulong)i + 1)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.Equal(alone, together);
    }

    [Fact]
    public void Every_parameter_changes_in_one_step()
    {
        foreach (Likelihood likelihood in Likelihood.All)
        {
            Vae vae = SmallModel.Make(likelihood);
            double[][] before = [.. vae.Parameters.Select(p => p.Value.Doubles())];
            new Trainer(new Sgd(0.01), Options with { Epochs = 1, BatchSize = 50, Binarization = Binarization.None })
                .Fit(vae, new Elbo(), Train, new Rng(1));
            for (int i = 0; i < before.Length; i++)
            {
                Assert.False(before[i].SequenceEqual(vae.Parameters[i].Value.Doubles()),
                    $"{likelihood.Name}: {vae.Parameters[i]} did not change");
            }
        }
    }

    [Fact]
    public void Validation_is_the_same_function_of_the_data_as_the_loss()
    {
        // Nothing moves at rate 0, so one batch of all data and the validation of the same data see one model; only the
        // noise differs.
        var objective = new Elbo(200) { Beta = 3 };
        var report = new Trainer(
            new Sgd(0), Options with { Epochs = 1, BatchSize = 20, Binarization = Binarization.None })
            .Fit(SmallModel.Make(dtype: DType.Float64), objective, Validation, new Rng(1), Validation).Epochs.Single();
        Close.Require(report.Train.KL, report.Validation!.KL, 1e-12, "KL");
        Close.Require(report.Train.Reconstruction, report.Validation.Reconstruction, 5e-3, "reconstruction");
        foreach (BoundMeans means in new[] { report.Train, report.Validation })
        {
            Close.Require(3 * means.KL - means.Reconstruction, means.Loss, 1e-12, "loss");
            Close.Require(means.Reconstruction - means.KL, means.Bound, 1e-12, "bound");
            Assert.True(means.KL >= 0);
        }
    }

    [Fact]
    public void Epoch_reports_count_every_datum_once()
    {
        List<int> batches = [];
        TrainingReport report = new Trainer(
            new Adam(1e-3), Options, new Spy(onStep: (_, step) => batches.Add(step.Batches)))
            .Fit(SmallModel.Make(), new Elbo(), Train, new Rng(1), Validation);
        // 50 data in batches of 16: three full ones and one of 2.
        Assert.Equal(12, batches.Count);
        Assert.All(batches, b => Assert.Equal(4, b));
        Assert.Equal([4, 8, 12], report.Epochs.Select(e => (int)e.Step));
        Assert.False(report.Interrupted);
    }

    [Fact]
    public void Every_epoch_says_where_the_KL_goes()
    {
        TrainingReport report = new Trainer(new Adam(1e-2), Options with { Epochs = 8 }).Fit(
            SmallModel.Make(dtype: DType.Float64), new Elbo(), Train, new Rng(1), Validation);
        Assert.All(report.Epochs, e => Assert.True(e.Aggregate is { Count: 20, MarginalKLPerDimension.Count: 3 }));
        // Both parts are of other draws than the epoch's KL, which is in closed form.
        AggregatePosterior last = report.Epochs[^1].Aggregate!;
        Assert.Equal(report.Epochs[^1].Validation!.KL, last.MutualInformation + last.MarginalKL, 0.5);
        // Without validation data, on some of the training data.
        Assert.Equal(50, new Trainer(new Adam(1e-2), Options with { Epochs = 1 }).Fit(
            SmallModel.Make(), new Elbo(), Train, new Rng(1)).Epochs[0].Aggregate!.Count);
    }

    [Fact]
    public void Training_improves_the_validation_bound()
    {
        TrainingReport report = new Trainer(new Adam(1e-2), Options with { Epochs = 60 }).Fit(
            SmallModel.Make(), new Elbo(), Train, new Rng(1), Validation);
        Assert.True(report.Epochs[^1].Validation!.Bound > report.Epochs[0].Validation!.Bound + 0.5);
    }

    [Fact]
    public void Early_stopping_stops_after_its_patience_and_restores_the_best()
    {
        // A rate that suddenly grows from the fourth epoch on makes the validation bound worse from there.
        var destructive = new Sgd(Schedule.Step(initial: 1e-4, factor: 3e4, every: 12));
        List<(string Hash, double Bound)> epochs = [];
        Vae vae = SmallModel.Make();
        TrainingReport report = new Trainer(
            destructive, Options with { Epochs = 50, Patience = 3 },
            new Spy(onEpoch: (state, e) => epochs.Add((WeightsFile.Sha256(vae.Parameters), e.Validation!.Bound))))
            .Fit(vae, new Elbo(), Train, new Rng(1), Validation);
        int best = epochs.FindIndex(e => e.Bound == epochs.Max(o => o.Bound));
        Assert.True(report.State.StoppedEarly && !report.Interrupted);
        Assert.Equal(best + 1, report.State.BestEpoch);
        Assert.Equal(best + 1 + 3, report.Epochs.Count);
        Assert.Equal(epochs[best].Hash, WeightsFile.Sha256(vae.Parameters));
        Assert.NotEqual(epochs[^1].Hash, WeightsFile.Sha256(vae.Parameters));
    }

    [Fact]
    public void Early_stopping_without_validation_data_is_refused() => Assert.Throws<ArgumentException>(
        () => new Trainer(new Adam(1e-3), Options with { Patience = 1 }).Fit(
            SmallModel.Make(), new Elbo(), Train, new Rng(1)));

    private static string Run(ulong seed)
    {
        Vae vae = SmallModel.Make();
        new Trainer(new Adam(1e-3), Options).Fit(vae, new Elbo(2), Train, new Rng(seed), Validation);
        return WeightsFile.Sha256(vae.Parameters);
    }
}

using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Tests.Models;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Tests.Training;

/// <summary>A run that is stopped, saved, forgotten and resumed ends in the same bits as one that never
/// stopped.</summary>
public sealed class ResumeTests
{
    private static readonly Dataset Train = SmallModel.Ramps(40), Validation = SmallModel.Ramps(20, seed: 6);

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 5, BatchSize = 16, Binarization = Binarization.Dynamic, Patience = 4,
    };

    public static TheoryData<string> Rules => ["adam", "adagrad", "rmsprop", "adamax", "sgd"];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Run_resumed_at_any_step_ends_in_the_same_bits(string rule)
    {
        (string hash, double[] bounds) = Uninterrupted(rule);
        // Three batches an epoch: steps 3, 6 and so on are the last of an epoch. All steps for one rule, a few for the
        // others.
        foreach (int step in rule == "adam" ? Enumerable.Range(1, 14) : [2, 3, 10])
            RequireSame(rule, hash, bounds, [step]);
    }

    [Fact]
    public void Run_resumed_at_every_step_in_turn_ends_in_the_same_bits()
    {
        (string hash, double[] bounds) = Uninterrupted("adam");
        RequireSame("adam", hash, bounds, [.. Enumerable.Range(1, 14)]);
    }

    [Fact]
    public void Run_that_had_stopped_early_stays_stopped_and_restores_its_best()
    {
        using var folder = new TemporaryFolder();
        Vae whole = SmallModel.Make();
        // The rate explodes after the second epoch; patience ends the run before its fifth.
        Optimizer rule = new Sgd(Schedule.Step(1e-4, 3e4, every: 6));
        TrainingReport first = new Trainer(rule, Options with { Epochs = 50, Patience = 2 }, SaveEachEpoch(folder)).Fit(
            whole, new Elbo(), Train, new Rng(9), Validation);
        Assert.True(first.State.StoppedEarly);
        (Vae vae, TrainingState state) = Reopen(folder, rule);
        TrainingReport second = new Trainer(rule, Options with { Epochs = 50, Patience = 2 }).Fit(
            vae, new Elbo(), Train, new Rng(9), Validation, state);
        Assert.Empty(second.Epochs);
        Assert.Equal(WeightsFile.Sha256(whole.Parameters), WeightsFile.Sha256(vae.Parameters));
    }

    private static (string Hash, double[] Bounds) Uninterrupted(string rule)
    {
        Vae vae = SmallModel.Make();
        TrainingReport report = new Trainer(Rule(rule), Options).Fit(vae, Objective(), Train, new Rng(9), Validation);
        Assert.Equal(15, report.State.Step);
        return (WeightsFile.Sha256(vae.Parameters), [.. report.Epochs.Select(e => e.Train.Bound)]);
    }

    private static void RequireSame(string rule, string hash, double[] bounds, int[] stops)
    {
        using var folder = new TemporaryFolder();
        Vae vae = SmallModel.Make();
        TrainingState? state = null;
        List<double> seen = [];
        foreach (int stop in (int[])[.. stops, int.MaxValue])
        {
            using var cancellation = new CancellationTokenSource();
            var checkpoints = new CheckpointFolder(folder.Path);
            var spy = new Spy(
                onStep: (s, _) =>
                {
                    if (s.Step != stop) return;
                    cancellation.Cancel();
                    TrainingCheckpoint.Save(checkpoints, s, best: false, keep: 0);
                },
                onEpoch: (s, e) =>
                {
                    seen.Add(e.Train.Bound);
                    if (e.IsBest) TrainingCheckpoint.Save(checkpoints, s, best: true, keep: 0);
                });
            TrainingReport report = new Trainer(Rule(rule), Options, spy).Fit(
                vae, Objective(), Train, new Rng(9), Validation, state, cancellation.Token);
            if (stop == int.MaxValue) break;
            Assert.True(report.Interrupted);
            (vae, state) = Reopen(folder, Rule(rule), stop);
            // An epoch that ended after the checkpoint of its last step is reported again.
            seen.RemoveRange(state.Epoch, seen.Count - state.Epoch);
        }

        Assert.Equal(hash, WeightsFile.Sha256(vae.Parameters));
        Assert.Equal(bounds, seen);
    }

    private static (Vae Vae, TrainingState State) Reopen(TemporaryFolder folder, Optimizer rule, int? step = null)
    {
        // Other initial weights and noise: everything that matters must come from the files.
        Vae vae = SmallModel.Make(seed: 77);
        var state = new TrainingState(vae, rule);
        var checkpoints = new CheckpointFolder(folder.Path);
        Checkpoint latest = checkpoints.OpenLatest()!;
        if (step is { } expected) Assert.Equal(expected, latest.Step);
        TrainingCheckpoint.Restore(latest, state, checkpoints.OpenBest());
        return (vae, state);
    }

    private static Spy SaveEachEpoch(TemporaryFolder folder) =>
        new(onEpoch: (s, e) => TrainingCheckpoint.Save(new CheckpointFolder(folder.Path), s, best: e.IsBest, keep: 0));

    private static Elbo Objective() => new() { Beta = Schedule.Linear(0, 1, 10) };

    private static Optimizer Rule(string name) => name switch
    {
        "adam" => new Adam(Schedule.Cosine(3e-3, 0, 15)),
        "adagrad" => new Adagrad(0.01),
        "rmsprop" => new RmsProp(1e-3, momentum: 0.9),
        "adamax" => new Adamax(2e-3),
        _ => new Sgd(1e-3, momentum: 0.9),
    };
}

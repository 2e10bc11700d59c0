using Reparam.Serialization;
using Reparam.Testing;
using Reparam.Tests.Models;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Tests.Training;

public sealed class TrainingCheckpointTests
{
    [Fact]
    public void Sum_that_is_infinite_is_saved_and_restored()
    {
        using var folder = new TemporaryFolder();
        TrainingState state = Start(), restored = Start();
        state.Running.Add(1, 1.5, 2.5, double.NegativeInfinity, double.PositiveInfinity);
        TrainingCheckpoint.Restore(Save(folder, state), restored, best: null);
        Assert.Equal((1.5, double.NegativeInfinity, double.PositiveInfinity),
            (restored.Running.Loss, restored.Running.Reconstruction, restored.Running.KL));
    }

    [Fact]
    public void Best_of_another_epoch_is_refused_rather_than_returned_as_the_best()
    {
        using var folder = new TemporaryFolder();
        TrainingState state = Start();
        (state.Epoch, state.BestEpoch, state.Optimizer.Step) = (1, 1, 10);
        Save(folder, state, best: true);
        (state.Epoch, state.Optimizer.Step) = (2, 20);
        Save(folder, state);
        (state.Epoch, state.Optimizer.Step) = (3, 30);
        Checkpoint latest = Save(folder, state);
        var checkpoints = new CheckpointFolder(folder.Path);
        TrainingCheckpoint.Restore(latest, Start(), checkpoints.OpenBest());
        File.WriteAllText(checkpoints.OpenBest()!.FilePath(TrainingCheckpoint.ModelFile), "damaged");
        var failure = Assert.Throws<InvalidModelException>(
            () => TrainingCheckpoint.Restore(latest, Start(), checkpoints.OpenBest()));
        Assert.Contains("patience 0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_of_a_newer_schema_is_refused()
    {
        using var folder = new TemporaryFolder();
        Checkpoint checkpoint = Save(folder, Start());
        string path = checkpoint.FilePath(TrainingCheckpoint.StateFile);
        File.WriteAllText(
            path, File.ReadAllText(path).Replace("\"schema\": 1", "\"schema\": 2", StringComparison.Ordinal));
        var failure = Assert.Throws<InvalidModelException>(
            () => TrainingCheckpoint.Restore(checkpoint, Start(), best: null));
        Assert.Contains("schema 2", failure.Message, StringComparison.Ordinal);
    }

    private static TrainingState Start() => new(SmallModel.Make(), new Adam(1e-3));

    private static Checkpoint Save(TemporaryFolder folder, TrainingState state, bool best = false)
    {
        var checkpoints = new CheckpointFolder(folder.Path);
        TrainingCheckpoint.Save(checkpoints, state, best, keep: 0);
        return checkpoints.OpenLatest()!;
    }
}

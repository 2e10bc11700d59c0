using System.Text.Json;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Training;

namespace Reparam.Runs;

/// <summary>Saves a <see cref="TrainingState"/> as the files of a checkpoint, and restores it to the bit.</summary>
public static class TrainingCheckpoint
{
    /// <summary>The file of the weights of the model.</summary>
    public const string ModelFile = "model.safetensors";

    /// <summary>The file of the model with the averages of its parameters, if the optimiser keeps them. Evaluation and
    /// samples use it.</summary>
    public const string AverageFile = "average.safetensors";

    /// <summary>The file of the weights of the objective's own network, if it has one.</summary>
    public const string AdversaryFile = "adversary.safetensors";

    /// <summary>The file of the optimiser's moments.</summary>
    public const string OptimizerFile = "optimizer.safetensors";

    /// <summary>The file of the step, the epoch, the running sums and the state of early stopping.</summary>
    public const string StateFile = "state.json";

    /// <summary>Writes a checkpoint of the state. The checkpoint is durable when this method returns.</summary>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite. Such a state is not
    /// saved.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written. Earlier checkpoints are unchanged.</exception>
    public static string Save(CheckpointFolder folder, TrainingState state, bool best, int keep)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(state);
        if (state.NotFinite.FirstOrDefault() is { } bad)
        {
            throw new InvalidOperationException($"Parameter {bad.Name} holds NaN or infinity at step {state.Step}; " +
                "this state is not saved, and earlier checkpoints are kept.");
        }

        var saved = new SavedState
        {
            Schema = SavedState.CurrentSchema,
            Step = state.Step,
            Epoch = state.Epoch,
            BatchInEpoch = state.BatchInEpoch,
            Running = state.Running,
            BestBound = double.IsFinite(state.BestBound) ? state.BestBound : null,
            BestEpoch = state.BestEpoch,
            StoppedEarly = state.StoppedEarly,
        };
        state.UseTrained();
        var files = new Dictionary<string, Action<Stream>>
        {
            [ModelFile] = WeightsFile.From(state.Model.State).Write,
            [OptimizerFile] = WeightsFile.From(state.Optimizer.AllSlots).Write,
            [StateFile] = stream => JsonSerializer.Serialize(stream, saved, SavedStateContext.Default.SavedState),
        };
        if (state.Adversary is { } adversary) files[AdversaryFile] = WeightsFile.From(adversary.State).Write;
        if (state.Optimizer.Averages.Count > 0) files[AverageFile] = stream => WriteAverages(state, stream);
        return folder.Write(
            state.Step,
            files,
            best: best,
            keep: keep);
    }

    /// <summary>Restores a state from a checkpoint. Also restores the parameters of the best epoch, which early
    /// stopping may return.</summary>
    /// <param name="checkpoint">An intact checkpoint.</param>
    /// <param name="state">A new state of the same model and optimiser.</param>
    /// <param name="best">The checkpoint that is marked as best; null for none.</param>
    /// <exception cref="InvalidModelException">The files do not fit the model or the optimiser, or
    /// <paramref name="best"/> is not a checkpoint of the best epoch.</exception>
    public static void Restore(Checkpoint checkpoint, TrainingState state, Checkpoint? best)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(state);
        SavedState saved = Read(checkpoint);
        RestoreInto(checkpoint.FilePath(OptimizerFile), [.. state.Optimizer.AllSlots]);
        if (best is not null && saved.BestEpoch > 0)
        {
            RestoreInto(UsedFile(BestOf(saved, checkpoint, best)), state.Model.State);
            state.BestParameters = [.. state.Model.State.Select(p => p.Value.Keep())];
        }

        RestoreInto(checkpoint.FilePath(ModelFile), state.Model.State);
        if (state.Adversary is { } adversary) RestoreInto(checkpoint.FilePath(AdversaryFile), adversary.State);
        state.Optimizer.Step = saved.Step;
        state.Epoch = saved.Epoch;
        state.BatchInEpoch = saved.BatchInEpoch;
        state.Running = saved.Running;
        state.BestBound = saved.BestBound ?? double.NegativeInfinity;
        state.BestEpoch = saved.BestEpoch;
        state.StoppedEarly = saved.StoppedEarly;
    }

    /// <summary>The file with the weights that evaluation and samples use: the averages if there are any.</summary>
    public static string UsedFile(Checkpoint checkpoint)
    {
        string average = checkpoint.FilePath(AverageFile);
        return File.Exists(average) ? average : checkpoint.FilePath(ModelFile);
    }

    private static void WriteAverages(TrainingState state, Stream stream)
    {
        state.UseAverages();
        WeightsFile.From(state.Model.State).Write(stream);
        state.UseTrained();
    }

    /// <summary>The checkpoint with the weights of the best epoch that the state records.</summary>
    private static Checkpoint BestOf(SavedState saved, Checkpoint checkpoint, Checkpoint best)
    {
        if (saved.Epoch == saved.BestEpoch && saved.BatchInEpoch == 0) return checkpoint;
        int epoch = Read(best).Epoch;
        // The best checkpoint may be of a later epoch: the run was killed after it was marked as best and before it
        // became the latest. The resumed run reaches that epoch again.
        return epoch == saved.BestEpoch || epoch > saved.Epoch
            ? best
            : throw new InvalidModelException(best.Folder, 0,
                $"the weights of the best epoch, {saved.BestEpoch}, are damaged or missing (these are of " +
                $"epoch {epoch}), and early stopping would return them; resume with training.patience 0.");
    }

    private static SavedState Read(Checkpoint checkpoint)
    {
        string path = checkpoint.FilePath(StateFile);
        try
        {
            SavedState saved = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedStateContext.Default.SavedState)
                ?? throw new JsonException("it is empty.");
            if (saved.Schema != SavedState.CurrentSchema)
            {
                throw new InvalidModelException(path, 0, $"its schema {saved.Schema} is not known to this version, " +
                    $"which reads schema {SavedState.CurrentSchema}; use a newer Reparam.");
            }

            return saved.Step >= 0 && saved.Epoch >= 0 && saved.BatchInEpoch >= 0 && saved.BestEpoch >= 0
                ? saved
                : throw new InvalidModelException(path, 0, "it contains a count below 0; use another checkpoint.");
        }
        catch (JsonException failure)
        {
            throw new InvalidModelException(path, 0, $"it is not a training state: {failure.Message}");
        }
    }

    private static void RestoreInto(string path, IReadOnlyList<Parameter> parameters) =>
        WeightsFile.CopyTo(SafetensorsFile.Read(path), parameters, path);
}

using System.Text.Json;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Training;

namespace Reparam.Runs;

/// <summary>A <see cref="TrainingState"/> as the files of a checkpoint, and back to the bit.</summary>
public static class TrainingCheckpoint
{
    /// <summary>The weights.</summary>
    public const string ModelFile = "model.safetensors";

    /// <summary>The weights of the objective's own network, where it has one.</summary>
    public const string AdversaryFile = "adversary.safetensors";

    /// <summary>The optimiser's moments.</summary>
    public const string OptimizerFile = "optimizer.safetensors";

    /// <summary>Step, epoch, sums and early stopping.</summary>
    public const string StateFile = "state.json";

    /// <summary>Writes a checkpoint of the state; durable when this returns.</summary>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite: such a state is never
    /// saved.</exception>
    /// <exception cref="IOException">It cannot be written; earlier checkpoints are as they were.</exception>
    public static string Save(CheckpointFolder folder, TrainingState state, bool best, int keep)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(state);
        if (state.NotFinite.FirstOrDefault() is { } bad)
        {
            throw new InvalidOperationException($"Parameter {bad.Name} holds NaN or infinity at step {state.Step}; " +
                "no checkpoint is written over good ones.");
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
        var files = new Dictionary<string, Action<Stream>>
        {
            [ModelFile] = WeightsFile.From(state.Model.State).Write,
            [OptimizerFile] = WeightsFile.From(state.Optimizer.AllSlots).Write,
            [StateFile] = stream => JsonSerializer.Serialize(stream, saved, SavedStateContext.Default.SavedState),
        };
        if (state.Adversary is { } adversary) files[AdversaryFile] = WeightsFile.From(adversary.State).Write;
        return folder.Write(
            state.Step,
            files,
            best: best,
            keep: keep);
    }

    /// <summary>Restores a state from a checkpoint, the best parameters too where early stopping may want them
    /// back.</summary>
    /// <param name="checkpoint">A whole checkpoint.</param>
    /// <param name="state">A fresh state of the same model and optimiser.</param>
    /// <param name="best">The checkpoint marked best; null where there is none.</param>
    /// <exception cref="InvalidModelException">The files do not fit the model or the optimiser, or
    /// <paramref name="best"/> is not the best epoch's.</exception>
    public static void Restore(Checkpoint checkpoint, TrainingState state, Checkpoint? best)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(state);
        SavedState saved = Read(checkpoint);
        RestoreInto(checkpoint.FilePath(OptimizerFile), [.. state.Optimizer.AllSlots]);
        if (best is not null && saved.BestEpoch > 0)
        {
            RestoreInto(BestOf(saved, checkpoint, best).FilePath(ModelFile), state.Model.State);
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

    /// <summary>The checkpoint with the weights of the best epoch that the state knows.</summary>
    private static Checkpoint BestOf(SavedState saved, Checkpoint checkpoint, Checkpoint best)
    {
        if (saved.Epoch == saved.BestEpoch && saved.BatchInEpoch == 0) return checkpoint;
        int epoch = Read(best).Epoch;
        // A later epoch: the run was killed before this checkpoint could be the latest, and will come to that epoch
        // again.
        return epoch == saved.BestEpoch || epoch > saved.Epoch
            ? best
            : throw new InvalidModelException(best.Folder, 0,
                $"the weights of the best epoch, {saved.BestEpoch}, are damaged or gone (these are of epoch " +
                $"{epoch}), and early stopping would return them; resume with patience 0.");
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
                : throw new InvalidModelException(path, 0, "it holds a count below 0; use another checkpoint.");
        }
        catch (JsonException failure)
        {
            throw new InvalidModelException(path, 0, $"it is not a training state: {failure.Message}");
        }
    }

    private static void RestoreInto(string path, IReadOnlyList<Parameter> parameters) =>
        WeightsFile.CopyTo(SafetensorsFile.Read(path), parameters, path);
}

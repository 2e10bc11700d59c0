using System.Globalization;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Processes;
using Reparam.Serialization;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Runs;

/// <summary>A run that is ready to train or in training. This process holds the lock of the run until the object is
/// disposed.</summary>
public sealed class RunTraining : IDisposable
{
    private readonly RunLock? _lock;
    private readonly Ranks _ranks;
    private readonly Optimizer _optimizer;
    private readonly TrainerOptions _options;

    internal RunTraining(Run run, RunPreparation preparation, RunLock? held, RunContext context)
    {
        RunSettings settings = preparation.Settings;
        _lock = held;
        _ranks = context.Ranks;
        Run = run;
        Data = preparation.Splits;
        Standardization = preparation.Standardization;
        if (_ranks.IsFirst) run.Checkpoints.CleanStale();
        Objective = RunFactory.Objective(settings, Data.Train.Count);
        _optimizer = RunFactory.Optimizer(settings);
        _options = RunFactory.Options(settings, Objective, preparation.Rehearsal);
        Model = RunFactory.Rehearsed(settings, Data.Train);
        State = new TrainingState(Model, _optimizer, Objective.Adversary);
        if (!Restore(context.Warnings)) FirstStage.Start(Model, settings, Data.Train);
        if (settings.Training.Epochs < State.Epoch)
        {
            throw new InvalidConfigException($"The run has finished {State.Epoch} epochs, and training.epochs " +
                $"{settings.Training.Epochs} is fewer; leave training.epochs out, or set it to a larger number.");
        }

        Bound = BoundStatement.Of(settings, Objective, Model, Data.Train);
        if (!_ranks.IsFirst) return;
        run.SaveSettings();
        if (State.Step == 0) WriteCard(new RunMetrics(), "in training");
    }

    /// <summary>The run.</summary>
    public Run Run { get; }

    /// <summary>The standardised data. Training and evaluation binarise them.</summary>
    public DataSplits Data { get; }

    /// <summary>The standardisation of the data; null for none.</summary>
    public Standardization? Standardization { get; }

    /// <summary>The model.</summary>
    public LatentVariableModel Model { get; }

    /// <summary>The objective.</summary>
    public Objective Objective { get; }

    /// <summary>A statement about what the objective is a lower bound on.</summary>
    public BoundStatement Bound { get; }

    /// <summary>The state of training so far: steps, epochs and the moments of the optimiser.</summary>
    public TrainingState State { get; }

    /// <summary>Trains to the last epoch; writes checkpoints, metrics and the model card.</summary>
    /// <param name="callbacks">Called after each step and epoch, after the run's own files are written, in the first
    /// process alone.</param>
    /// <param name="cancellation">Stops training after the current step and writes a checkpoint.</param>
    /// <exception cref="TrainingDivergedException">A loss or a parameter became NaN or infinite.</exception>
    public TrainingReport Fit(IReadOnlyList<TrainingCallback> callbacks, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(callbacks);
        RunSettings settings = Run.Config;
        long before = State.Step;
        // One process writes the files and calls the callbacks.
        TrainingCallback[] own = !_ranks.IsFirst ? [] : [
            new CheckpointCallback(
                Run.Checkpoints, settings.Training.KeepCheckpoints, settings.Training.CheckpointSteps),
            new MetricsCallback(Run.MetricsPath, State.Epoch),
            .. callbacks];
        var trainer = new Trainer(_optimizer, _options, own) { Ranks = _ranks };
        try
        {
            TrainingReport report = trainer.Fit(
                Model, Objective, Data.Train, RunFactory.RngOf(settings), Data.Validation, State, cancellation);
            bool hasTrained = State.Step > before;
            if (_ranks.IsFirst && (before == 0 || hasTrained || Run.HasNewCard))
            {
                WriteCard(Run.ReadMetrics(), string.Create(
                    CultureInfo.InvariantCulture, $"{State.Epoch} epochs, {State.Step} steps"), !hasTrained);
            }

            return report;
        }
        catch (TrainingDivergedException failure) when (_ranks.IsFirst)
        {
            DivergenceReport.Write(Run.DivergenceReportPath, failure);
            WriteCard(new RunMetrics(), string.Create(
                CultureInfo.InvariantCulture, $"diverged in epoch {State.Epoch + 1}, at step {State.Step}"));
            throw;
        }
    }

    /// <summary>Releases the lock, so that other processes can train the run.</summary>
    public void Dispose() => _lock?.Dispose();

    /// <summary>Throws if the state of a process differs from that of the first, which would go unnoticed because each
    /// process updates its own copy.</summary>
    /// <exception cref="InvalidModelException">The states differ.</exception>
    internal void RequireSameState()
    {
        string state = WeightsFile.Sha256([.. Model.State, .. Objective.Adversary?.State ?? [],
            .. State.Optimizer.AllSlots]) + FormattableString.Invariant($" of step {State.Step}");
        string[] all = _ranks.Gather(state);
        int other = Array.FindIndex(all, s => s != all[0]);
        if (other < 0) return;
        throw new InvalidModelException(Run.Path, 0, $"rank 0 has the state {all[0]} and rank {other} {all[other]}; " +
            "all processes must see the same folder and run the same version.");
    }

    private void WriteCard(RunMetrics metrics, string length, bool keepsResults = false) => Run.WriteCard(
        ModelCard.Write(Run.Config, Run.Table, metrics, _options.Patience > 0 ? State.BestEpoch : 0, Objective,
            Model, Bound, length), keepsResults);

    /// <summary>Restores the latest checkpoint; false if there is none.</summary>
    private bool Restore(Action<string>? warnings)
    {
        Checkpoint? checkpoint = Run.Checkpoints.OpenLatest();
        if (checkpoint is null)
        {
            // The run was stopped before its first checkpoint, or all checkpoints were deleted. Training starts from
            // the beginning in the same folder.
            if (File.Exists(Run.MetricsPath) && new FileInfo(Run.MetricsPath).Length > 0)
            {
                warnings?.Invoke($"'{Run.Path}' has epochs in {Path.GetFileName(Run.MetricsPath)} and no checkpoint; " +
                    "training starts over from the beginning.");
            }

            return false;
        }

        foreach (string warning in checkpoint.Warnings) warnings?.Invoke(warning);
        bool hasBest = File.Exists(Path.Combine(Run.Path, "checkpoints", "best"));
        Checkpoint? best = _options.Patience > 0 && hasBest ? Run.Checkpoints.OpenBest() : null;
        foreach (string warning in best?.Warnings ?? []) warnings?.Invoke(warning);
        TrainingCheckpoint.Restore(checkpoint, State, best);
        return true;
    }
}

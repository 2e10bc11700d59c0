using Reparam.Configuration;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Training;

namespace Reparam.Runs;

public sealed partial class Run
{
    private RunPreparation? _preparation;
    private RunSettings? _saved;

    /// <summary>
    /// The same run with other settings, such as more epochs. <see cref="Begin"/> refuses what would make it another
    /// run, and writes the settings into the folder.
    /// </summary>
    /// <param name="settings">The settings: those of <see cref="Config"/> but for epochs, patience and
    /// checkpoints.</param>
    public Run With(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new Run(Path, settings) { _saved = _saved ?? Config };
    }

    /// <summary>
    /// Trains the run to its last epoch, from its latest checkpoint where it has one. Weights, metrics and model card
    /// are in the folder then; a training that is stopped goes on when this is called again, to the same bits.
    /// </summary>
    /// <param name="callbacks">Are told of each step and epoch.</param>
    /// <param name="cancellation">Stops after the step in progress, with a checkpoint.</param>
    /// <exception cref="TrainingDivergedException">A loss or a parameter became NaN or infinite. The report is in
    /// <see cref="DivergenceReportPath"/>, and earlier checkpoints are intact.</exception>
    /// <inheritdoc cref="Begin" path="/exception"/>
    public TrainingReport Train(
        IReadOnlyList<TrainingCallback>? callbacks = null, CancellationToken cancellation = default)
    {
        using RunTraining training = Begin();
        return training.Fit(callbacks ?? [], cancellation);
    }

    /// <summary>Locks the run for this process and builds what trains, with the latest checkpoint restored.</summary>
    /// <param name="context">Where data are, and who is told of choices and warnings.</param>
    /// <exception cref="InvalidConfigException">The settings are not those of the run.</exception>
    /// <exception cref="IOException">Another process trains the run, or the folder cannot be written to.</exception>
    /// <exception cref="InvalidDataFileException">The data are not those that the run began with.</exception>
    /// <exception cref="InvalidModelException">A checkpoint does not fit the settings.</exception>
    public RunTraining Begin(RunContext? context = null)
    {
        context ??= new RunContext();
        // The lock comes before anything is written: a second process that resumes the same run must not touch its
        // settings.
        var held = RunLock.Take(Path);
        try
        {
            RunPreparation preparation = _preparation ?? Resumed(context);
            Run run = _preparation is null ? new Run(Path, preparation.Settings) { _preparation = preparation } : this;
            return new RunTraining(run, preparation, held, context);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The report of a divergence, a JSON file; it is there where the last training diverged.</summary>
    public string DivergenceReportPath => System.IO.Path.Combine(Path, DivergenceReport.File);

    /// <summary>Writes the settings over those in the folder.</summary>
    internal void SaveSettings() =>
        AtomicFile.WriteAllText(System.IO.Path.Combine(Path, ConfigFile), RunSettingsJson.Write(Config));

    private RunPreparation Resumed(RunContext context)
    {
        RunSettings saved = _saved ?? Config;
        var preparation = RunPreparation.Of(
            Config, null, context with { Notes = null }, new Run(Path, saved).LoadStandardization);
        RequireSameRun(RunFactory.Complete(saved), preparation.Settings);
        RequireSameData(preparation.Read.Train);
        return preparation;
    }

    /// <summary>Refuses settings under which the resumed half would belong to another run than the first.</summary>
    private static void RequireSameRun(RunSettings saved, RunSettings now)
    {
        RunSettings allowed = saved with
        {
            Training = now.Training with { Seed = saved.Training.Seed, Batch = saved.Training.Batch },
        };
        IReadOnlyList<string> changed = RunSettingsJson.Differences(allowed, now);
        if (changed.Count == 0) return;
        throw new InvalidConfigException($"A resumed run keeps {string.Join(", ", changed)}. Only epochs, patience " +
            "and the checkpoint settings may change; start a new run with --out for others.");
    }
}

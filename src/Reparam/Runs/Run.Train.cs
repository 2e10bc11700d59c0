using Reparam.Configuration;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Training;

namespace Reparam.Runs;

public sealed partial class Run
{
    private DataSplits? _inMemory;
    private RunPreparation? _preparation;
    private RunSettings? _saved;

    /// <summary>
    /// The same run with other settings, such as more epochs. <see cref="Begin"/> refuses settings that would make a
    /// different run, and writes the settings into the folder.
    /// </summary>
    /// <param name="settings">The settings. Only epochs, patience, the checkpoint settings and the model card may
    /// differ from <see cref="Config"/>.</param>
    public Run With(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new Run(Path, settings, _formats) { _saved = _saved ?? Config, _inMemory = _inMemory };
    }

    /// <summary>
    /// Trains the run to its last epoch. Training starts from the latest checkpoint if there is one. Afterwards the
    /// weights, the metrics and the model card are in the folder. If training is stopped, another call continues it,
    /// and the result is the same to the bit as without the stop.
    /// </summary>
    /// <param name="callbacks">Called after each step and epoch.</param>
    /// <param name="cancellation">Stops training after the current step and writes a checkpoint.</param>
    /// <exception cref="TrainingDivergedException">A loss or a parameter became NaN or infinite. The report is in
    /// <see cref="DivergenceReportPath"/>, and earlier checkpoints are intact.</exception>
    /// <inheritdoc cref="Begin" path="/exception"/>
    public TrainingReport Train(
        IReadOnlyList<TrainingCallback>? callbacks = null, CancellationToken cancellation = default)
    {
        using RunTraining training = Begin();
        return training.Fit(callbacks ?? [], cancellation);
    }

    /// <summary>Locks the run for this process, builds the model, the objective and the optimiser, and restores the
    /// latest checkpoint.</summary>
    /// <param name="context">The folder of the data, and the receivers of notes and warnings.</param>
    /// <exception cref="InvalidConfigException">The settings would make a different run, or they do not fit each other
    /// or the data.</exception>
    /// <exception cref="IOException">Another process trains the run, or the folder cannot be written to.</exception>
    /// <exception cref="InvalidDataFileException">The data differ from the data that the run began with.</exception>
    /// <exception cref="InvalidModelException">A checkpoint does not fit the settings.</exception>
    public RunTraining Begin(RunContext? context = null)
    {
        context ??= new RunContext();
        // The lock is taken before anything is written, so that a second process that resumes the same run does not
        // change its settings.
        RunLock? held = context.Ranks.IsFirst ? RunLock.Take(Path) : null;
        try
        {
            RunPreparation preparation = _preparation ?? Resumed(context);
            Run run = _preparation is not null ? this : new Run(Path, preparation.Settings, _formats)
            {
                _preparation = preparation, _inMemory = _inMemory, _saved = _saved,
            };
            return new RunTraining(run, preparation, held, context);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins the training of a run by several processes. The first process creates or opens the run and begins it; the
    /// others then open it from the same folder.
    /// </summary>
    /// <param name="first">Creates or opens the run; called in the first process alone.</param>
    /// <param name="context">The processes, the folder and the formats of the data, and the receivers of notes and
    /// warnings.</param>
    /// <param name="catalog">The kinds that the configuration of the run may name; null for the kinds of the
    /// library.</param>
    /// <inheritdoc cref="Begin" path="/exception"/>
    public static RunTraining BeginTogether(Func<Run> first, RunContext context, Catalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(context);
        RunTraining? begun = context.Ranks.IsFirst ? first().Begin(context) : null;
        string path = context.Ranks.Gather(begun?.Run.Path ?? "")[0];
        begun ??= Open(path, catalog, context.Formats).Begin(context with { Notes = null, Warnings = null });
        begun.RequireSameState();
        return begun;
    }

    /// <summary>The path of the report of a divergence, a JSON file. The file exists if training diverged.</summary>
    public string DivergenceReportPath => System.IO.Path.Combine(Path, DivergenceReport.File);

    /// <summary>Whether the settings of the model card differ from those that the run had.</summary>
    internal bool HasNewCard => _saved is not null && _saved.Card != Config.Card;

    /// <summary>Overwrites the settings in the folder.</summary>
    internal void SaveSettings() =>
        AtomicFile.WriteAllText(System.IO.Path.Combine(Path, ConfigFile), RunSettingsJson.Write(Config));

    private RunPreparation Resumed(RunContext context)
    {
        RunSettings saved = _saved ?? Config;
        var before = new Run(Path, saved, _formats);
        var preparation = RunPreparation.Of(
            Config, _inMemory, context with { Notes = null, Formats = _formats }, before.LoadStandardization,
            before.Table);
        RequireSameRun(RunFactory.Complete(saved), preparation.Settings);
        RequireSameData(preparation.Read.Train);
        return preparation;
    }

    /// <summary>Throws if the settings would make the resumed part of the training belong to a different run.</summary>
    private static void RequireSameRun(RunSettings saved, RunSettings now)
    {
        RunSettings allowed = saved with
        {
            Training = now.Training with
            {
                Seed = saved.Training.Seed, Batch = saved.Training.Batch, Shards = saved.Training.Shards,
            },
            Card = now.Card,
            // Streamed data and data in memory give the same bits.
            Data = saved.Data with { Stream = now.Data.Stream },
        };
        IReadOnlyList<string> changed = RunSettingsJson.Differences(allowed, now);
        if (changed.Count == 0) return;
        throw new InvalidConfigException($"A resumed run keeps {string.Join(", ", changed)}. Only epochs, patience, " +
            "the checkpoint settings and the model card may change; start a new run in another folder (--out) to " +
            "change others.");
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Runs;

/// <summary>
/// Everything about a run in one folder that a person can open: <c>config.json</c>, <c>environment.json</c>,
/// <c>metrics.jsonl</c>, <c>checkpoints/</c>, <c>samples/</c>, <c>standardization.json</c> where its data are
/// standardised, and <c>evaluation.json</c> once it was evaluated.
/// </summary>
public sealed partial class Run
{
    private const string ConfigFile = "config.json";
    private const string EnvironmentFile = "environment.json";
    private const string StandardizationFile = "standardization.json";

    private Run(string path, RunSettings config)
    {
        Path = path;
        Config = config;
        Checkpoints = new CheckpointFolder(path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The run's resolved configuration.</summary>
    public RunSettings Config { get; }

    /// <summary>Its checkpoints.</summary>
    public CheckpointFolder Checkpoints { get; }

    /// <summary>
    /// What brings data to those that the model takes, and its output back; null where the model takes them as they
    /// are.
    /// </summary>
    /// <exception cref="InvalidModelException">The run has standardised data, and the file that says how is missing or
    /// damaged.</exception>
    public Standardization? LoadStandardization()
    {
        if (Config.Data.Standardize is StandardizeBy.None or StandardizeBy.Auto) return null;
        string path = System.IO.Path.Combine(Path, StandardizationFile);
        return File.Exists(path)
            ? Standardization.Load(path)
            : throw new InvalidModelException(path, 0, "the run's data were standardised, and the means and scales " +
                "that it kept are missing; bring the file back, or train anew.");
    }

    /// <summary>Where the epochs' numbers are.</summary>
    public string MetricsPath => System.IO.Path.Combine(Path, "metrics.jsonl");

    /// <summary>The numbers of its epochs, as they are now.</summary>
    public RunMetrics ReadMetrics() => RunMetrics.Read(MetricsPath);

    /// <summary>The path of a file in the run's <c>samples</c> folder, which is made.</summary>
    public string SamplePath(string name)
    {
        string folder = System.IO.Path.Combine(Path, "samples");
        Directory.CreateDirectory(folder);
        return System.IO.Path.Combine(folder, name);
    }

    /// <summary>
    /// Makes a run: reads its data, settles what the settings leave open, rehearses a step on shapes, and writes the
    /// folder. Nothing is written where the settings are refused. <see cref="Train"/> trains it.
    /// </summary>
    /// <param name="path">The folder; it is made.</param>
    /// <param name="settings">What the run is of. A model, prior or objective of your own is a kind of
    /// settings.</param>
    /// <param name="data">
    /// Data in memory, in place of those that <see cref="RunSettings.Data"/> names; their binarisation and
    /// standardisation are still those of the settings. A run that is opened later has its data only where its
    /// settings name a known set or a file.
    /// </param>
    /// <param name="context">Where data are, and who is told of choices and warnings.</param>
    /// <exception cref="InvalidConfigException">The folder already holds a run, or the settings do not fit each other
    /// or the data.</exception>
    /// <exception cref="InvalidDataFileException">A file of data is damaged.</exception>
    /// <exception cref="FileNotFoundException">A file of a known set is missing.</exception>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static Run Create(string path, RunSettings settings, DataSplits? data = null, RunContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string full = System.IO.Path.GetFullPath(path);
        if (File.Exists(System.IO.Path.Combine(full, ConfigFile)))
        {
            throw new InvalidConfigException(
                $"'{path}' already holds a run; go on with --resume {path}, or choose another --out.");
        }

        var preparation = RunPreparation.Of(settings, data, context ?? new RunContext());
        Make(full, path);
        if (context?.Source is { } source)
            AtomicFile.WriteAllText(System.IO.Path.Combine(full, "config.source.json"), source);
        preparation.Standardization?.Save(System.IO.Path.Combine(full, StandardizationFile));
        AtomicFile.WriteAllText(System.IO.Path.Combine(full, EnvironmentFile),
            RunSettingsJson.Text(Environment(preparation.Settings, preparation.Read.Train)));
        // Last, because a folder with a config.json is a run.
        AtomicFile.WriteAllText(
            System.IO.Path.Combine(full, ConfigFile), RunSettingsJson.Write(preparation.Settings));
        return new Run(full, preparation.Settings) { _preparation = preparation };
    }

    /// <summary>Opens an existing run.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="catalog">The kinds that its configuration may name; those of the library where null.</param>
    /// <exception cref="InvalidConfigException">The folder holds no run, or its configuration is not valid.</exception>
    public static Run Open(string path, Catalog? catalog = null)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new InvalidConfigException("A run is a folder, and no path was given.");
        string full = System.IO.Path.GetFullPath(path);
        string config = System.IO.Path.Combine(full, ConfigFile);
        if (!Directory.Exists(full)) throw new InvalidConfigException($"There is no run folder '{path}'.");
        if (!File.Exists(config))
            throw new InvalidConfigException($"'{path}' is not a run folder: it has no {ConfigFile}.");
        return new Run(full, RunSettingsJson.ReadSaved(File.ReadAllText(config), config, catalog));
    }

    /// <summary>A checkpoint of the run.</summary>
    /// <param name="best">Whether to take the best rather than the latest.</param>
    /// <param name="warnings">Told of damaged checkpoints that were passed over.</param>
    /// <exception cref="InvalidModelException">There is no whole checkpoint.</exception>
    public Checkpoint OpenCheckpoint(bool best = false, Action<string>? warnings = null)
    {
        Checkpoint checkpoint = (best ? Checkpoints.OpenBest() : Checkpoints.OpenLatest())
            ?? throw new InvalidModelException(
                Path, 0, $"the run has no checkpoint yet; train it first, with: reparam train --resume {Path}");
        foreach (string warning in checkpoint.Warnings) warnings?.Invoke(warning);
        return checkpoint;
    }

    /// <summary>Checks that data are those the run was trained on, by the SHA-256 in <c>environment.json</c>.</summary>
    /// <exception cref="InvalidDataFileException">They are others: the resumed half would belong to another
    /// run.</exception>
    private void RequireSameData(Dataset train)
    {
        string path = System.IO.Path.Combine(Path, EnvironmentFile);
        string? recorded = File.Exists(path) ? Noted(path, "data_sha256") : null;
        if (recorded is not null && recorded != train.Sha256)
        {
            throw new InvalidDataFileException(Config.Data.Name,
                $"its training data (SHA-256 {train.Sha256[..12]}...) are not those the run in '{Path}' began with " +
                $"({recorded[..Math.Min(12, recorded.Length)]}...); bring the old data back, or start a new run.");
        }
    }

    /// <summary>The run's model with the weights of a checkpoint.</summary>
    /// <param name="best">Whether to take the best checkpoint rather than the latest.</param>
    /// <param name="warnings">Told of damaged checkpoints that were passed over.</param>
    /// <exception cref="InvalidModelException">There is no whole checkpoint, or it does not fit the
    /// configuration.</exception>
    public LatentVariableModel LoadModel(bool best = false, Action<string>? warnings = null) =>
        LoadModel(OpenCheckpoint(best, warnings));

    /// <summary>The run's model with the weights of a checkpoint that was opened before.</summary>
    /// <exception cref="InvalidModelException">It does not fit the configuration.</exception>
    public LatentVariableModel LoadModel(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        LatentVariableModel model = RunFactory.Model(Config);
        string weights = checkpoint.FilePath(TrainingCheckpoint.ModelFile);
        WeightsFile.CopyTo(SafetensorsFile.Read(weights), model.State, weights);
        model.SetMode(ModuleMode.Evaluation);
        return model;
    }

    private static void Make(string full, string path)
    {
        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The run folder '{path}' cannot be made: {failure.Message} Choose another --out.", failure);
        }
    }

    /// <summary>A text in a JSON file of notes; null where it is not there or the file is damaged, since a run can do
    /// without its notes.</summary>
    private static string? Noted(string path, string key)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject notes && notes[key] is JsonValue value
                && value.TryGetValue(out string? text) ? text : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static JsonObject Environment(RunSettings config, Dataset train) => new()
    {
        ["version"] = typeof(Run).Assembly.GetName().Version?.ToString(3),
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["os"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["processors"] = System.Environment.ProcessorCount,
        ["vector_bits"] = Execution.VectorBits,
        ["threads"] = Execution.Threads,
        ["seed"] = config.Training.Seed,
        ["data"] = train.Name,
        ["data_count"] = train.Count,
        ["data_sha256"] = train.Sha256,
        ["started"] = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture),
    };
}

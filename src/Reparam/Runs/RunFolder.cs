using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Training;

namespace Reparam.Runs;

/// <summary>
/// Everything about a run in one folder that a person can open: <c>config.json</c>, <c>environment.json</c>,
/// <c>metrics.jsonl</c>, <c>checkpoints/</c>, <c>samples/</c>, <c>standardization.json</c> where its data are
/// standardised, and <c>evaluation.json</c> once it was evaluated.
/// </summary>
public sealed partial class RunFolder
{
    private const string ConfigFile = "config.json";
    private const string EnvironmentFile = "environment.json";
    private const string StandardizationFile = "standardization.json";

    private RunFolder(string path, RunSettings config)
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

    /// <summary>Starts a run in a folder that has none yet.</summary>
    /// <param name="path">The folder, made where it is missing.</param>
    /// <param name="config">The resolved configuration.</param>
    /// <param name="train">The training data, whose identity is recorded.</param>
    /// <param name="source">The configuration file as the user wrote it, kept beside the resolved one; null where there
    /// was none.</param>
    /// <param name="standardization">How the data are standardised, where they are.</param>
    /// <exception cref="InvalidConfigException">The folder already holds a run.</exception>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static RunFolder Create(
        string path, RunSettings config, Dataset train, string? source = null, Standardization? standardization = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(train);
        string full = System.IO.Path.GetFullPath(path);
        if (File.Exists(System.IO.Path.Combine(full, ConfigFile)))
        {
            throw new InvalidConfigException(
                $"'{path}' already holds a run; go on with --resume {path}, or choose another --out.");
        }

        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The run folder '{path}' cannot be made: {failure.Message} Choose another --out.", failure);
        }

        if (source is not null) AtomicFile.WriteAllText(System.IO.Path.Combine(full, "config.source.json"), source);
        standardization?.Save(System.IO.Path.Combine(full, StandardizationFile));
        AtomicFile.WriteAllText(
            System.IO.Path.Combine(full, EnvironmentFile), RunSettingsJson.Text(Environment(config, train)));
        // Last, because a folder with a config.json is a run.
        AtomicFile.WriteAllText(System.IO.Path.Combine(full, ConfigFile), RunSettingsJson.Write(config));
        return new RunFolder(full, config);
    }

    /// <summary>Opens an existing run.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="catalog">The kinds that its configuration may name; those of the library where null.</param>
    /// <exception cref="InvalidConfigException">The folder holds no run, or its configuration is not valid.</exception>
    public static RunFolder Open(string path, Catalog? catalog = null)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new InvalidConfigException("A run is a folder, and no path was given.");
        string full = System.IO.Path.GetFullPath(path);
        string config = System.IO.Path.Combine(full, ConfigFile);
        if (!Directory.Exists(full)) throw new InvalidConfigException($"There is no run folder '{path}'.");
        if (!File.Exists(config))
            throw new InvalidConfigException($"'{path}' is not a run folder: it has no {ConfigFile}.");
        return new RunFolder(full, RunSettingsJson.ReadSaved(File.ReadAllText(config), config, catalog));
    }

    /// <summary>The same run with another configuration, such as more epochs; written over the old one.</summary>
    public RunFolder WithConfig(RunSettings config)
    {
        AtomicFile.WriteAllText(System.IO.Path.Combine(Path, ConfigFile), RunSettingsJson.Write(config));
        return new RunFolder(Path, config);
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
    public void RequireSameData(Dataset train)
    {
        ArgumentNullException.ThrowIfNull(train);
        string path = System.IO.Path.Combine(Path, EnvironmentFile);
        string? recorded = File.Exists(path) ? Noted(path, "data_sha256") : null;
        if (recorded is not null && recorded != train.Sha256)
        {
            throw new InvalidDataFileException(Config.Data.Name,
                $"its training data (SHA-256 {train.Sha256[..12]}...) are not those the run in '{Path}' began with " +
                $"({recorded[..Math.Min(12, recorded.Length)]}...); bring the old data back, or start a new run.");
        }
    }

    /// <summary>Writes the model card, <c>README.md</c>.</summary>
    /// <param name="report">What the training came to; null at its start.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="model">The model.</param>
    /// <param name="bound">What is maximised.</param>
    /// <param name="outcome">How far the training is where there is no report.</param>
    public void WriteCard(TrainingReport? report, Objective objective, LatentVariableModel model, BoundStatement bound,
        string outcome = "in training")
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(bound);
        AtomicFile.WriteAllText(System.IO.Path.Combine(Path, "README.md"),
            ModelCard.Write(Config, report, objective, model, bound, outcome));
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
        ["version"] = typeof(RunFolder).Assembly.GetName().Version?.ToString(3),
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

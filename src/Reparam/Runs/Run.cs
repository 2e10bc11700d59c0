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
/// A training run, stored in one folder: <c>config.json</c>, <c>environment.json</c>, <c>metrics.jsonl</c>,
/// <c>checkpoints/</c>, <c>samples/</c>, <c>standardization.json</c> if the data are standardised,
/// <c>table.json</c> if they are a table, and <c>evaluation.json</c> after an evaluation.
/// </summary>
public sealed partial class Run
{
    private const string ConfigFile = "config.json";
    private const string EnvironmentFile = "environment.json";
    private const string StandardizationFile = "standardization.json";
    private const string TableFile = "table.json";

    private readonly DataFormats _formats;
    private readonly Lazy<TableSchema?> _table;

    private Run(string path, RunSettings config, DataFormats formats)
    {
        Path = path;
        Config = config;
        _formats = formats;
        Checkpoints = new CheckpointFolder(path);
        _table = new Lazy<TableSchema?>(LoadTable, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The full path of the folder.</summary>
    public string Path { get; }

    /// <summary>The complete configuration of the run.</summary>
    public RunSettings Config { get; }

    /// <summary>The checkpoints of the run.</summary>
    public CheckpointFolder Checkpoints { get; }

    /// <summary>
    /// Reads the standardisation of the run, which converts data to the inputs of the model and outputs of the model
    /// back; null if the data are not standardised.
    /// </summary>
    /// <exception cref="InvalidModelException">The run has standardised data, and the file with the means and scales is
    /// missing or damaged.</exception>
    public Standardization? LoadStandardization()
    {
        if (Config.Data.Standardize is StandardizeBy.None or StandardizeBy.Auto) return null;
        string path = System.IO.Path.Combine(Path, StandardizationFile);
        return File.Exists(path)
            ? Standardization.Load(path)
            : throw new InvalidModelException(path, 0, "the run's data were standardised, and the file with the " +
                "means and scales is missing; restore the file, or train again.");
    }

    /// <summary>
    /// The schema of the run's table, which converts rows to the inputs of the model and outputs of the model back;
    /// null if the data are no table. It is kept after it was read.
    /// </summary>
    /// <exception cref="InvalidModelException">The run was trained on a table, and the file with its columns is missing
    /// or damaged.</exception>
    public TableSchema? Table => _table.Value;

    /// <summary>The names of the classes of the run's data, in the order of their numbers: the folders of pictures, or
    /// the texts of a table's labels. Null if the classes have numbers only.</summary>
    public IReadOnlyList<string>? ClassNames => Table is { } table ? table.Labels.Count > 0 ? table.Labels : null
        : NotedNames(System.IO.Path.Combine(Path, EnvironmentFile), "data_classes");

    /// <summary>The path of the file with the numbers of the epochs.</summary>
    public string MetricsPath => System.IO.Path.Combine(Path, "metrics.jsonl");

    /// <summary>Reads the numbers of the epochs that are finished so far.</summary>
    public RunMetrics ReadMetrics() => RunMetrics.Read(MetricsPath);

    /// <summary>The path of a file in the run's <c>samples</c> folder. The folder is created if it does not
    /// exist.</summary>
    public string SamplePath(string name)
    {
        string folder = System.IO.Path.Combine(Path, "samples");
        Directory.CreateDirectory(folder);
        return System.IO.Path.Combine(folder, name);
    }

    /// <summary>
    /// Creates a run: reads its data, chooses the settings that are left open, rehearses a training step on shapes, and
    /// writes the folder. If the settings are refused, nothing is written. <see cref="Train"/> trains the run.
    /// </summary>
    /// <param name="path">The path of the folder, which is created.</param>
    /// <param name="settings">The settings of the run. Your own model, prior or objective is a kind of
    /// settings.</param>
    /// <param name="data">
    /// Data in memory, which replace the data that <see cref="RunSettings.Data"/> names; null to read the named data.
    /// The binarisation and standardisation of the settings apply to data in memory too; limit, validation and labels
    /// do not, because the parts are given. A run that is opened later can
    /// read its data only if its settings name a known data set or a file.
    /// </param>
    /// <param name="context">The folder of the data, and the receivers of notes and warnings.</param>
    /// <exception cref="InvalidConfigException">The folder already holds a run, or the settings do not fit each other
    /// or the data.</exception>
    /// <exception cref="InvalidDataFileException">A data file is damaged.</exception>
    /// <exception cref="FileNotFoundException">A file of a known data set is missing.</exception>
    /// <exception cref="IOException">The folder cannot be created or written to.</exception>
    public static Run Create(string path, RunSettings settings, DataSplits? data = null, RunContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string full = System.IO.Path.GetFullPath(path);
        if (File.Exists(System.IO.Path.Combine(full, ConfigFile)))
        {
            throw new InvalidConfigException(
                $"'{path}' already holds a run; resume it (--resume {path}), or choose another folder (--out).");
        }

        var preparation = RunPreparation.Of(settings, data, context ?? new RunContext());
        Make(full, path);
        if (context?.Source is { } source)
            AtomicFile.WriteAllText(System.IO.Path.Combine(full, "config.source.json"), source);
        preparation.Standardization?.Save(System.IO.Path.Combine(full, StandardizationFile));
        preparation.Schema?.Save(System.IO.Path.Combine(full, TableFile));
        AtomicFile.WriteAllText(System.IO.Path.Combine(full, EnvironmentFile),
            RunSettingsJson.Text(Environment(preparation.Settings, preparation.Read.Train)));
        // config.json is written last, because a folder with this file counts as a run.
        AtomicFile.WriteAllText(
            System.IO.Path.Combine(full, ConfigFile), RunSettingsJson.Write(preparation.Settings));
        return new Run(full, preparation.Settings, context?.Formats ?? DataFormats.BuiltIn)
        {
            _preparation = preparation, _inMemory = data,
        };
    }

    /// <summary>Opens an existing run.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="catalog">The kinds that the configuration may name; null for the kinds of the library.</param>
    /// <param name="formats">The formats of the user's own data; null for the formats of the library.</param>
    /// <exception cref="InvalidConfigException">The folder holds no run, or its configuration is not valid.</exception>
    public static Run Open(string path, Catalog? catalog = null, DataFormats? formats = null)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new InvalidConfigException("A run is a folder, and no path was given; give the path of the folder.");
        string full = System.IO.Path.GetFullPath(path);
        string config = System.IO.Path.Combine(full, ConfigFile);
        if (!Directory.Exists(full)) throw new InvalidConfigException($"There is no run folder '{path}'.");
        if (!File.Exists(config))
            throw new InvalidConfigException($"'{path}' is not a run folder: it has no {ConfigFile}.");
        return new Run(full, RunSettingsJson.ReadSaved(File.ReadAllText(config), config, catalog),
            formats ?? DataFormats.BuiltIn);
    }

    /// <summary>A checkpoint of the run.</summary>
    /// <param name="best">Whether to open the best checkpoint instead of the latest; by default the best if the run
    /// stops early (<see cref="TrainingSettings.Patience"/>).</param>
    /// <param name="warnings">Receives a warning for each damaged checkpoint that was skipped.</param>
    /// <exception cref="InvalidModelException">There is no intact checkpoint.</exception>
    public Checkpoint OpenCheckpoint(bool? best = null, Action<string>? warnings = null)
    {
        Checkpoint checkpoint = (best ?? Config.Training.Patience > 0 ? Checkpoints.OpenBest()
            : Checkpoints.OpenLatest())
            ?? throw new InvalidModelException(
                Path, 0, $"the run has no checkpoint yet; train it first with: reparam train --resume {Path}");
        foreach (string warning in checkpoint.Warnings) warnings?.Invoke(warning);
        return checkpoint;
    }

    /// <summary>Checks by the SHA-256 in <c>environment.json</c> that the data are the data that the run was trained
    /// on.</summary>
    /// <exception cref="InvalidDataFileException">The data have changed. The resumed part of the training would belong
    /// to a different run.</exception>
    private void RequireSameData(Dataset train)
    {
        string path = System.IO.Path.Combine(Path, EnvironmentFile);
        string? recorded = File.Exists(path) ? Noted(path, "data_sha256") : null;
        if (recorded is not null && recorded != train.Sha256)
        {
            throw new InvalidDataFileException(Config.Data.Name,
                $"its training data (SHA-256 {train.Sha256[..12]}...) are not the data that the run in '{Path}' " +
                $"began with ({recorded[..Math.Min(12, recorded.Length)]}...); put the old data back, or start a new " +
                $"run.");
        }
    }

    /// <summary>The run's model with the weights of a checkpoint.</summary>
    /// <param name="best">As for <see cref="OpenCheckpoint"/>.</param>
    /// <param name="warnings">Receives a warning for each damaged checkpoint that was skipped.</param>
    /// <exception cref="InvalidModelException">There is no intact checkpoint, or the checkpoint does not fit the
    /// configuration.</exception>
    public LatentVariableModel LoadModel(bool? best = null, Action<string>? warnings = null) =>
        LoadModel(OpenCheckpoint(best, warnings));

    /// <summary>The run's model with the weights of an opened checkpoint.</summary>
    /// <exception cref="InvalidModelException">The checkpoint does not fit the configuration.</exception>
    public LatentVariableModel LoadModel(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        LatentVariableModel model = RunFactory.Model(Config);
        string weights = TrainingCheckpoint.UsedFile(checkpoint);
        WeightsFile.CopyTo(SafetensorsFile.Read(weights), model.State, weights);
        model.SetMode(ModuleMode.Evaluation);
        return model;
    }

    private TableSchema? LoadTable()
    {
        if (Config.Model.Likelihood is not TableLikelihoodSettings table) return null;
        string path = System.IO.Path.Combine(Path, TableFile);
        TableSchema? schema = File.Exists(path) ? TableSchema.Load(path) : null;
        if (schema is not null && schema.Cells.Count != table.Columns.Count)
        {
            throw new InvalidModelException(path, 0, $"it has {schema.Cells.Count} cells for a data point, and the " +
                $"model of the run has {table.Columns.Count}; restore the file, or train again.");
        }

        return schema ?? throw new InvalidModelException(path, 0, "the run was trained on a table, and the file with " +
            "its columns is missing; restore the file, or train again.");
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
                $"The run folder '{path}' cannot be created: {failure.Message} Choose another " +
                    "folder (--out).", failure);
        }
    }

    /// <summary>Reads a text from a JSON file; null if the text is missing or the file is damaged, because a run works
    /// without this information.</summary>
    private static string? Noted(string path, string key) => Note(path, key) is JsonValue value
        && value.TryGetValue(out string? text) ? text : null;

    /// <summary>Reads texts from a JSON file; null as for one text.</summary>
    private static string[]? NotedNames(string path, string key)
    {
        if (!File.Exists(path) || Note(path, key) is not JsonArray array) return null;
        string[] names = [.. array.OfType<JsonValue>().Select(
            value => value.TryGetValue(out string? text) ? text : null).OfType<string>()];
        return names.Length == array.Count ? names : null;
    }

    private static JsonNode? Note(string path, string key)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject notes ? notes[key] : null;
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
        ["data_classes"] = train.ClassNames is { } names
            ? new JsonArray([.. names.Select(name => JsonValue.Create(name))]) : null,
        ["data_sha256"] = train.Sha256,
        ["started"] = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture),
    };
}

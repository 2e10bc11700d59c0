using Reparam.Configuration;
using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Runs;

/// <summary>The data that a run's configuration names: a known set, or a person's own file.</summary>
public static class RunData
{
    // Automatic validation: a tenth of the training data, at most this many.
    private const int LargestAutomaticValidation = 5000;

    /// <summary>
    /// Training, validation and test parts. A file of one's own has those that it names; its training data are shuffled
    /// by the run's seed, and where it has no part for tests a tenth of them is that.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="dataDirectory">Where known sets are; the usual places where null.</param>
    /// <param name="notes">Told of what was left alone, turned or recognised in a file of one's own.</param>
    /// <exception cref="InvalidConfigException">The name is neither a known set nor a file, or a count does not
    /// fit.</exception>
    /// <exception cref="InvalidDataFileException">A file is damaged.</exception>
    /// <exception cref="FileNotFoundException">A file of a known set is missing.</exception>
    public static DataSplits Load(RunSettings config, string? dataDirectory = null, Action<string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        DataSettings data = config.Data;
        DataSplits splits = IsKnown(data.Name) ? DatasetCatalog.Load(data.Name, dataDirectory, seed: 0)
            : OwnSplits(config, notes);
        Dataset train = splits.Train;
        data.Require("data");
        if (data.Labels >= 0 && !config.Model.TakesHiddenLabels)
        {
            throw new InvalidConfigException("data.labels belongs to model.kind 'semi-supervised', not to " +
                $"'{config.Model.Kind.Name}'; leave it out.");
        }

        if (data.Limit > 0) train = train[..Math.Min(data.Limit, train.Count)];
        if (splits.Validation is not null || data.Validation == 0) return splits with { Train = Told(train, config) };
        int held = data.Validation > 0 ? data.Validation : Math.Min(LargestAutomaticValidation, train.Count / 10);
        if (held >= train.Count)
        {
            throw new InvalidConfigException(
                $"data.validation holds out {held} of only {train.Count} training data; hold out fewer.");
        }

        if (held == 0) return splits with { Train = Told(train, config) };
        (Dataset rest, Dataset validation) = train.Split(held);
        return splits with { Train = Told(rest, config), Validation = validation };
    }

    /// <summary>Training data with the labels that are not to be told hidden.</summary>
    private static Dataset Told(Dataset train, RunSettings config)
    {
        if (config.Data.Labels < 0 || (config.Data.Labels == 0 && train.Labels is null)) return train;
        if (train.Labels is null)
        {
            throw new InvalidConfigException(
                $"data.labels tells {config.Data.Labels} labels, and '{config.Data.Name}' has none; set it to 0.");
        }

        if (config.Data.Labels > train.Count)
        {
            throw new InvalidConfigException(
                $"data.labels tells {config.Data.Labels} labels, and there are {train.Count} training data.");
        }

        try
        {
            return train.HideLabels(config.Data.Labels, RunFactory.RngOf(config).Split("labels"));
        }
        catch (ArgumentException failure)
        {
            throw new InvalidConfigException($"data.labels {config.Data.Labels} cannot be told: {failure.Message}");
        }
    }

    /// <summary>Whether a name is that of a known set (rather than a path).</summary>
    public static bool IsKnown(string name) => DatasetCatalog.Entries.Any(
        e => string.Equals(e.Name, name.Replace('-', '_'), StringComparison.OrdinalIgnoreCase));

    /// <summary>The configuration with the full path of a person's own file, so that the run can be used from any
    /// folder.</summary>
    public static RunSettings WithFullPath(RunSettings config)
    {
        ArgumentNullException.ThrowIfNull(config);
        string name = config.Data.Name;
        return IsKnown(name) || !File.Exists(name) ? config : config with
        {
            Data = config.Data with { Name = Path.GetFullPath(name) },
        };
    }

    /// <summary>
    /// Data of a person's own file, in its order: any format of <see cref="DataFile"/>, one datum a row, with labels
    /// where it has any; its part for tests where it has parts and no other is asked for.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="eventShape">The shape that a datum must have, or be a flattened row of; what the file says where
    /// null.</param>
    /// <param name="config">How it is read (<see cref="DataSettings.Layout"/>, <see cref="DataSettings.Levels"/>); by
    /// what it holds where null.</param>
    /// <param name="part">train, validation or test; null for all data or the part for tests.</param>
    /// <param name="notes">Told of what was left alone, turned or recognised.</param>
    /// <exception cref="InvalidDataFileException">The file is damaged, empty, of another shape, holds NaN or infinity,
    /// or has no such part.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Dataset ReadFile(string path, Shape? eventShape = null, DataSettings? config = null,
        string? part = null, Action<string>? notes = null)
    {
        var file = OwnFile.Read(path, eventShape, config ?? new DataSettings(), notes);
        bool isCut = file.Validation is not null || file.Test is not null;
        if (part is not null && !isCut)
        {
            throw new InvalidDataFileException(
                path, $"it has no parts; leave --split away, and all its data are taken.");
        }

        return part switch
        {
            null => file.Test ?? file.Train,
            "train" => file.Train,
            "validation" => file.Validation ?? throw new InvalidDataFileException(
                path, "it has no part for validation; take another."),
            _ => file.Test ?? throw new InvalidDataFileException(path, "it has no part for tests; take another."),
        };
    }

    private static DataSplits OwnSplits(RunSettings config, Action<string>? notes)
    {
        string path = config.Data.Name;
        if (!File.Exists(path))
        {
            string hint = Suggestion.For(path, DatasetCatalog.Entries.Select(e => e.Name));
            if (Directory.Exists(path))
            {
                throw new InvalidConfigException($"data.name '{path}' is a folder; give the path of one file in it, " +
                    "or the name of a known data set with --data-dir for where it is.");
            }

            throw new InvalidConfigException($"data.name '{path}' is neither a known data set nor a file.{hint}");
        }

        var file = OwnFile.Read(path, null, config.Data, notes);
        if (file.Train.Count < 10)
        {
            throw new InvalidDataFileException(path, $"it holds only {file.Train.Count} " +
                $"data{(file.Test is null ? "" : " to train on")}; training needs at least 10.");
        }

        Dataset train = file.Train.Shuffle(RunFactory.RngOf(config).Split("split"));
        Dataset? test = file.Test;
        if (test is null) (train, test) = train.Split(Math.Max(1, train.Count / 10));
        return new DataSplits(train, file.Validation, test) { Reading = (file.Layout, file.Levels) };
    }
}

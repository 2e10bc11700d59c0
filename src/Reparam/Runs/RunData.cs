using Reparam.Configuration;
using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Runs;

/// <summary>Loads the data that the configuration of a run names: a known data set, or the user's own file
/// or folder of pictures.</summary>
public static class RunData
{
    // With data.validation -1 a tenth of the training data is held out, but at most this many.
    private const int LargestAutomaticValidation = 5000;

    private const int LargestChoices = 10_000_000; // bytes

    private static readonly DataSettings s_plain = new();

    // The settings that have an effect on some types of data only.
    // Known data sets are judged before they are read (null).
    private static readonly (string[] Keys, string Data, Func<DataSettings, DataSplits?, bool> Is)[] s_types =
    [
        (["size", "crop", "grey", "strict"], "a folder of pictures", (_, read) => read?.Pictures is not null),
        (["label", "train_on", "ignore", "columns", "decimal", "separator", "header", "window", "stride", "time"],
            "a table", (_, read) => read?.Train.Rows is not null),
        (["decimal", "separator", "header"], "a table in a text file",
            (data, _) => !data.Name.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)),
        (["binarization"], "an array", (_, read) => read?.Train.Rows is null),
        (["layout", "levels"], "an array file of your own",
            (_, read) => read is { Pictures: null, Train.Rows: null }),
        (["stream"], "an .npy or IDX file of your own",
            (_, read) => read is { Pictures: null, Train.Rows: null }),
        (["parts"], "an array file or a folder of your own",
            (_, read) => read is { Train.Rows: null }),
    ];

    // What a configuration is completed with where the setting has no effect.
    private static readonly Dictionary<string, string> s_completed = new()
    {
        ["binarization"] = "none", ["layout"] = "channels-first", ["levels"] = "stored",
    };


    /// <summary>
    /// Loads the training, validation and test parts. The user's own file has the parts that it names. Its training
    /// data are shuffled with the run's seed. If it has no test part, a tenth of the training data becomes the test
    /// part.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="dataDirectory">The folder of known data sets; null for the default folders.</param>
    /// <param name="notes">Receives sentences about arrays of the user's own file that were ignored, converted or
    /// recognised.</param>
    /// <param name="schema">The schema of a run's table; null to infer one from the training rows.</param>
    /// <param name="formats">The formats of the user's own data; null for the formats of the library.</param>
    /// <exception cref="InvalidConfigException">The name is neither a known data set nor a file or folder, or a count
    /// does not fit the data.</exception>
    /// <exception cref="InvalidDataFileException">A file is damaged.</exception>
    /// <exception cref="FileNotFoundException">A file of a known data set is missing.</exception>
    public static DataSplits Load(RunSettings config, string? dataDirectory = null, Action<string>? notes = null,
        TableSchema? schema = null, DataFormats? formats = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        formats ??= DataFormats.BuiltIn;
        DataSplits splits = Parts(config, dataDirectory, notes, schema, formats);
        // The parts are cut before a column is inferred, because only training rows may say what a column is.
        return splits.Train.Rows is null || schema is not null ? splits : Parts(
            config, dataDirectory, notes, RunTables.SchemaOf(config, splits.Train, formats, notes), formats);
    }

    private static DataSplits Parts(RunSettings config, string? dataDirectory, Action<string>? notes,
        TableSchema? schema, DataFormats formats)
    {
        DataSettings data = config.Data;
        if (data is { Stream: true, Shuffle: DataOrder.Full })
        {
            throw new InvalidConfigException("data.shuffle 'full' reads rows at random places, and data.stream " +
                "reads the rows of a file in blocks; set data.shuffle to blocks or leave it out, or leave out " +
                "data.stream.");
        }

        if (IsKnown(data.Name)) RequireKind(data, null);
        DataSplits splits = IsKnown(data.Name) ? DatasetCatalog.Load(data.Name, dataDirectory, seed: 0)
            : OwnSplits(config, schema, formats, notes);
        if (!IsKnown(data.Name)) RequireKind(data, splits);
        Dataset train = splits.Train;
        data.Require("data");
        if (data.Labels >= 0 && !config.Model.TakesHiddenLabels)
        {
            throw new InvalidConfigException("data.labels belongs to model.kind 'semi-supervised', not to " +
                $"'{config.Model.Kind.Name}'; leave it out.");
        }

        // Rows in the order of their file have been cut already.
        if (splits.IsCut) return splits with { Train = Told(train, config) };
        if (data.Limit > 0) train = train[..Math.Min(data.Limit, train.Count)];
        int held = Held(data, train.Count, splits.Validation is not null);
        if (held == 0) return splits with { Train = Told(train, config) };
        (Dataset rest, Dataset validation) = train.Split(held);
        return splits with { Train = Told(rest, config), Validation = validation };
    }

    /// <summary>The number of training data that are held out for validation.</summary>
    private static int Held(DataSettings data, int count, bool hasValidation)
    {
        if (hasValidation || data.Validation == 0) return 0;
        int held = data.Validation > 0 ? data.Validation : Math.Min(LargestAutomaticValidation, count / 10);
        return held < count ? held : throw new InvalidConfigException(
            $"data.validation holds out {held} of only {count} training data; hold out fewer.");
    }

    /// <summary>
    /// The parts of the user's own file with the same rows as for <see cref="DataOrder.Full"/>. The training data are
    /// in the order of the file, so that their blocks lie in blocks of the file. The other parts stay in random order,
    /// because their first data stand for all of them where a command takes only some.
    /// </summary>
    private static DataSplits CutInOrder(RunSettings config, OwnFile file)
    {
        int[] order = RunFactory.RngOf(config).Split("split").Permutation(file.Train.Count);
        int tests = file.Test is null ? Math.Max(1, order.Length / 10) : 0, trained = order.Length - tests;
        if (config.Data.Limit > 0) trained = Math.Min(config.Data.Limit, trained);
        int held = Held(config.Data, trained, file.Validation is not null);
        Span<int> train = order.AsSpan(0, trained - held);
        train.Sort();
        return new DataSplits(file.Train.Subset(train),
            held > 0 ? file.Train.Subset(order.AsSpan(trained - held, held)) : file.Validation,
            file.Test ?? file.Train.Subset(order.AsSpan()[^tests..])) { IsCut = true };
    }

    /// <summary>The training data, in which all labels but <c>data.labels</c> of them are hidden.</summary>
    private static Dataset Told(Dataset train, RunSettings config)
    {
        if (config.Data.Labels < 0 || (config.Data.Labels == 0 && train.Labels is null)) return train;
        if (train.Labels is null)
        {
            throw new InvalidConfigException(
                $"data.labels is {config.Data.Labels}, and '{config.Data.Name}' has no labels; set it to 0.");
        }

        if (config.Data.Labels > train.Count)
        {
            throw new InvalidConfigException(
                $"data.labels is {config.Data.Labels}, and there are only {train.Count} training data; lower it.");
        }

        try
        {
            return train.HideLabels(config.Data.Labels, RunFactory.RngOf(config).Split("labels"));
        }
        catch (ArgumentException failure)
        {
            throw new InvalidConfigException($"data.labels {config.Data.Labels} does not fit: {failure.Message}");
        }
    }

    /// <summary>Throws if a setting is given that has no effect on data of this type.</summary>
    private static void RequireKind(DataSettings data, DataSplits? splits)
    {
        foreach ((string[] keys, string type, _) in s_types.Where(t => !t.Is(data, splits)))
        {
            foreach (string key in keys)
            {
                string text = data.TextOf(key);
                if (text == s_plain.TextOf(key) || s_completed.GetValueOrDefault(key) == text) continue;
                throw new InvalidConfigException(
                    $"data.{key} belongs to {type}, and '{data.Name}' is not one; leave it out.");
            }
        }
    }

    /// <summary>Whether a name is the name of a known data set, and not a path.</summary>
    public static bool IsKnown(string name) => DatasetCatalog.Entries.Any(
        e => string.Equals(e.Name, name.Replace('-', '_'), StringComparison.OrdinalIgnoreCase));

    /// <summary>The configuration with the full path of the user's own file or folder, so that the run can be
    /// used from any folder, and with the content of a file that <see cref="DataSettings.Columns"/> names.</summary>
    public static RunSettings WithFullPath(RunSettings config)
    {
        ArgumentNullException.ThrowIfNull(config);
        string name = config.Data.Name, columns = config.Data.Columns;
        if (File.Exists(columns)) config = config with { Data = config.Data with { Columns = Lines(columns) } };
        return IsKnown(name) || !Path.Exists(name) ? config : config with
        {
            Data = config.Data with { Name = Path.GetFullPath(name) },
        };
    }

    private static string Lines(string path) => new FileInfo(path).Length <= LargestChoices
        ? File.ReadAllText(path).ReplaceLineEndings("\n") + "\n"
        : throw new InvalidConfigException($"data.columns '{path}' is too long for lines of COLUMN=KIND.");

    /// <summary>
    /// Reads data from the user's own file, in the order of the file, or from a folder of pictures (see
    /// <see cref="PictureFolder"/>). The file has any format of
    /// <see cref="DataFile"/>, with one data point per row, and may have labels. If the file has a test part and
    /// <paramref name="part"/> is null, the test part is read.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="eventShape">The shape of one data point. A data point in the file has this shape or is a flattened
    /// row of it. Null takes the shape from the file.</param>
    /// <param name="config">How the file is read (<see cref="DataSettings.Layout"/>, <see cref="DataSettings.Levels"/>,
    /// <see cref="DataSettings.Parts"/>). Null decides by the content of the file.</param>
    /// <param name="part">The part: <c>train</c>, <c>validation</c> or <c>test</c>. Null reads the test part or, if
    /// there is none, the training part (all data of a file without parts).</param>
    /// <param name="notes">Receives sentences about arrays that were ignored, converted or recognised.</param>
    /// <param name="formats">The formats of the user's own data; null for the formats of the library.</param>
    /// <exception cref="InvalidDataFileException">The file is damaged or empty, has another shape, contains NaN or
    /// infinity, or does not have the requested part.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Dataset ReadFile(string path, Shape? eventShape = null, DataSettings? config = null,
        string? part = null, Action<string>? notes = null, DataFormats? formats = null)
    {
        config ??= new DataSettings();
        config = config with { Stream = Streams(path, config) };
        OwnFile file = Own(path, eventShape, config, formats ?? DataFormats.BuiltIn, notes);
        bool isCut = file.Validation is not null || file.Test is not null;
        if (part is not null && !isCut)
        {
            throw new InvalidDataFileException(
                path, $"it has no parts; omit --split to use all its data.");
        }

        return part switch
        {
            null => file.Test ?? file.Train,
            "train" => file.Train,
            "validation" => file.Validation ?? throw new InvalidDataFileException(
                path, "it has no validation part; choose another part."),
            _ => file.Test ?? throw new InvalidDataFileException(path, "it has no test part; choose another part."),
        };
    }

    private static OwnFile Own(
        string path, Shape? eventShape, DataSettings config, DataFormats formats, Action<string>? notes) =>
        OwnFile.IsPictures(path, formats) ? OwnFile.ReadPictures(path, eventShape, config, formats, notes)
            : config.Stream ? OwnFile.Stream(path, eventShape, config, notes)
            : OwnFile.Read(path, eventShape, config, notes);

    /// <summary>Whether another file than a run's own is streamed: if the run's data are, or if it is too large to be
    /// read at once. Both ways give the same data. Other formats are always read at once.</summary>
    private static bool Streams(string path, DataSettings config) =>
        File.Exists(path) && (config.Stream || new FileInfo(path).Length > UnpackedFile.MaxBytes)
            && RowFile.CanOpen(path);

    private static DataSplits OwnSplits(
        RunSettings config, TableSchema? schema, DataFormats formats, Action<string>? notes)
    {
        string path = config.Data.Name;
        if (!Path.Exists(path))
        {
            string hint = Suggestion.For(path, DatasetCatalog.Entries.Select(e => e.Name));
            throw new InvalidConfigException(
                $"data.name '{path}' is neither a known data set nor a file or folder.{hint}");
        }

        if (TableFiles.IsTable(path)) return RunTables.Splits(config, schema, formats, notes);
        OwnFile file = Own(path, null, config.Data, formats, notes);
        if (file.Train.Count < 10)
        {
            throw new InvalidDataFileException(path, $"it holds only {file.Train.Count} " +
                $"data{(file.Test is null ? "" : " to train on")}; training needs at least 10.");
        }

        if (config.Data.DefiniteOrder == DataOrder.Blocks)
        {
            return CutInOrder(config, file) with
            {
                Reading = (file.Layout, file.Levels), Pictures = file.Pictures,
            };
        }

        Dataset train = file.Train.Shuffle(RunFactory.RngOf(config).Split("split"));
        Dataset? test = file.Test;
        if (test is null) (train, test) = train.Split(Math.Max(1, train.Count / 10));
        return new DataSplits(train, file.Validation, test) 
        {
            Reading = (file.Layout, file.Levels), Pictures = file.Pictures,
        };
    }
}

using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Training;

namespace Reparam.Runs;

/// <summary>The complete settings of a run, its data, and the rehearsal of a training step.</summary>
/// <param name="Settings">The settings, with definite values of likelihood, binarisation, standardisation and
/// shapes.</param>
/// <param name="Read">The data before binarisation and standardisation.</param>
/// <param name="Splits">The standardised data. They are binarised later, batch by batch.</param>
/// <param name="Standardization">The standardisation of the data; null for none.</param>
/// <param name="Rehearsal">The sizes of the model and of a training step.</param>
internal sealed record RunPreparation(
    RunSettings Settings, DataSplits Read, DataSplits Splits, Standardization? Standardization, Rehearsal Rehearsal)
{
    /// <summary>Completes the settings and checks everything that can be checked before a model is built.</summary>
    /// <param name="settings">The settings as the user gave them.</param>
    /// <param name="data">Data in memory; null to read the data that the settings name.</param>
    /// <param name="context">The folder of the data, and the receivers of notes and warnings.</param>
    /// <param name="standardization">Returns the saved standardisation of a resumed run; null to fit one.</param>
    /// <param name="saved">The saved schema of a resumed run's table; null to infer one.</param>
    public static RunPreparation Of(
        RunSettings settings, DataSplits? data, RunContext context, Func<Standardization?>? standardization = null,
        TableSchema? saved = null)
    {
        if (Sharding.Problem(settings.Training.Shards, context.Ranks) is { } problem)
            throw new InvalidConfigException(problem);
        settings = FirstStage.Complete(settings);
        settings = data is null ? RunData.WithFullPath(settings)
            : settings with { Data = settings.Data with { Name = data.Train.Name } };
        DataSplits read = data ?? RunData.Load(settings, context.DataDirectory, context.Notes, saved, context.Formats);
        // The levels of categories that are too rare in the training rows are known before the model is made.
        TableSchema? schema = saved ?? read.Train.Rows?.Schema.Fit(read.Train);
        if (schema is not null) read = Each(read, data => data.WithSchema(schema));
        settings = settings with
        {
            Data = settings.Data with { Layout = read.Reading.Layout, Levels = read.Reading.Levels },
        };
        if (read.Pictures is { } pictures)
        {
            settings = settings with
            {
                Data = settings.Data with { Size = pictures.Size, Grey = pictures.Grey },
            };
        }

        settings = WithShape(DataDefaults.Complete(settings, read.Train, context.Notes), read, context.Warnings);
        Rehearsal rehearsal = RunFactory.Check(settings, read.Train.Count);
        DataFit.Require(
            read.Train, settings.Model.Likelihood.Make(), settings.Data.Binarization ?? Binarization.None);
        if (settings.Data.Augment != Augmentation.None && !ImageAugmentation.Fits(read.Train.EventShape))
        {
            throw new InvalidConfigException("data.augment changes images, and the data have shape " +
                $"{read.Train.EventShape}; set data.augment to none.");
        }

        if (settings.Training.Patience > 0 && read.Validation is null)
        {
            throw new InvalidConfigException("training.patience stops early by the validation bound, and no data " +
                "are held out for validation; hold data out with data.validation, or set training.patience to 0.");
        }

        Standardization? fitted = standardization is null
            ? DataDefaults.Standardize(settings, read.Train, context.Notes) : standardization();
        DataSplits splits = schema is not null ? Each(read, schema.Apply)
            : fitted is not null ? Each(read, fitted.Apply) : read;
        return new RunPreparation(settings, read, splits, fitted, rehearsal) { Schema = schema };
    }

    private static DataSplits Each(DataSplits splits, Func<Dataset, Dataset> apply) => splits with
    {
        Train = apply(splits.Train),
        Validation = splits.Validation is { } held ? apply(held) : null,
        Test = apply(splits.Test),
    };

    /// <summary>The schema of the run's table, fitted to the training rows; null for other data.</summary>
    public TableSchema? Schema { get; private init; }

    /// <summary>
    /// The settings with the values that only the data determine: the shape of a data point and, for a conditional
    /// model, the number of classes.
    /// </summary>
    private static RunSettings WithShape(RunSettings settings, DataSplits splits, Action<string>? warnings)
    {
        ModelSettings model = settings.Model with { EventShape = [.. splits.Train.EventShape] };
        if (settings.Model.EventShape.Count > 0 && !settings.Model.EventShape.SequenceEqual(model.EventShape))
        {
            throw new InvalidConfigException($"model.event_shape is " +
                $"[{string.Join(", ", settings.Model.EventShape)}], but the data '{settings.Data.Name}' have shape " +
                $"[{string.Join(", ", model.EventShape)}]. Leave model.event_shape out: it is " +
                "taken from the data.");
        }

        if (model.TakesLabels && (!model.TakesHiddenLabels || settings.Data.Labels != 0))
        {
            int classes = ClassesOf(settings, splits, warnings);
            model = With(classes, $"the data '{settings.Data.Name}' have {classes} labels");
        }

        IReadOnlyList<TableColumn> conditions = splits.Train.Rows?.Schema.Conditions ?? [];
        if (!conditions.Select(c => c.Name).Order().SequenceEqual(model.ConditionColumns.Order()))
        {
            throw new InvalidConfigException(splits.Train.Rows is null
                ? $"model.condition '{QuotedText.Join(model.ConditionColumns)}' names columns, and " +
                    $"'{settings.Data.Name}' is no table; choose labels or none."
                : $"model.condition names the columns '{QuotedText.Join(model.ConditionColumns)}', and the table " +
                    $"was read with the conditions '{QuotedText.Join(conditions.Select(c => c.Name))}'; name the " +
                    "same.");
        }

        if (conditions.Count > 0)
        {
            int inputs = splits.Train.Rows!.Schema.ConditionWidth;
            model = With(inputs, $"the columns of model.condition '{QuotedText.Join(model.ConditionColumns)}' make " +
                $"{inputs} inputs");
        }

        return RunFactory.Complete(settings with { Model = model });

        ModelSettings With(int width, string why)
        {
            if (model.ContextWidth == 0 || model.ContextWidth == width) return model.WithContext(width);
            string key = model.TakesHiddenLabels ? "model.classes" : "model.context";
            throw new InvalidConfigException(
                $"{key} is {model.ContextWidth}, and {why}; leave {key} out; it is filled in from the data.");
        }
    }

    /// <summary>
    /// The number of classes: the largest label of all parts, plus one. A class without training data is allowed, with
    /// a warning.
    /// </summary>
    private static int ClassesOf(RunSettings settings, DataSplits splits, Action<string>? warnings)
    {
        string who = settings.Model.TakesHiddenLabels
            ? $"model.kind '{settings.Model.Kind.Name}'" : "model.condition 'labels'";
        bool isColumn = splits.Train.Rows?.Schema.Columns.Any(c => c.Name == VaeSettings.LabelCondition) == true;
        int trained = splits.Train.Classes ?? throw new InvalidConfigException(
            $"{who} needs data with labels, and '{settings.Data.Name}' has none; choose other data or leave it out." +
            (isColumn && !settings.Model.TakesHiddenLabels
                ? " For the column of this name, write the name in double quotes: '\"labels\"'." : ""));
        int classes = Math.Max(trained, Math.Max(splits.Validation?.Classes ?? 0, splits.Test.Classes ?? 0));
        bool[] seen = new bool[classes];
        foreach (int label in splits.Train.Labels!.Value.Span)
        {
            if (label == -1 && settings.Data.Labels >= 0) continue; // hidden
            if (label < 0)
            {
                throw new InvalidConfigException(splits.Train.Rows is null
                    ? $"'{settings.Data.Name}' has a label {label}; the labels of a conditional model are class " +
                        "numbers from 0."
                    : $"'{settings.Data.Name}' has rows without a label, and {who} needs the label of each row; " +
                        "leave those rows out of the file, or give them a label of their own.");
            }

            seen[label] = true;
        }

        int[] missing = [.. Enumerable.Range(0, classes).Where(c => !seen[c])];
        if (missing.Length > 0)
        {
            string more = missing.Length > 10 ? ", ..." : "";
            warnings?.Invoke($"no training data have class {string.Join(", ", missing.Take(10))}{more} of 0 to " +
                $"{classes - 1}; the model learns nothing about it.");
        }

        return classes;
    }
}

using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;

namespace Reparam.Runs;

/// <summary>The rows of a user's table as the data of a run.</summary>
internal static class RunTables
{
    /// <summary>
    /// Reads the parts of a table. The rows are shuffled with the run's seed, and a tenth of them is the test part.
    /// With <c>data.train_on</c> only rows of one label are in the parts. Windows of rows keep the order of time: the
    /// last tenth is the test part, the tenth before it the validation part, and no two parts share a row.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="schema">The schema of a trained run. Null gives parts without cells, which say what row is in what
    /// part (see <see cref="SchemaOf"/>).</param>
    /// <param name="formats">The formats that the program reads.</param>
    /// <param name="notes">Receives sentences about cells that are no values.</param>
    public static DataSplits Splits(
        RunSettings config, TableSchema? schema, DataFormats formats, Action<string>? notes)
    {
        DataSettings data = config.Data;
        TableSource source = TableFiles.Open(data.Name, formats, data.Format);
        TableSchema read = schema ?? TableSchema.Outline(source, config.TableChoices);
        Dataset all = read.Read(source, schema is null ? null : notes);
        Dataset order = read.Window is null ? all.Shuffle(RunFactory.RngOf(config).Split("split")) : all;
        int[] trained = TrainedRows(order, read, data);
        if (trained.Length < 10)
        {
            string kind = read.Window is { } w ? $"windows of {w.Size} rows" : "rows";
            throw new InvalidDataFileException(
                data.Name, $"it holds only {trained.Length} {kind} to train on; training needs at least 10.");
        }

        int tests = Math.Max(1, trained.Length / 10);
        if (read.Window is { } window) return InTime(all, trained, window.Size, tests, data);
        return new DataSplits(
            order.Subset(trained.AsSpan(0, trained.Length - tests)), null, order.Subset(trained.AsSpan()[^tests..]));
    }

    /// <summary>The schema of a table by its training rows alone: held-out rows must not change the model that is
    /// tested on them.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="train">The training part, without cells.</param>
    /// <param name="formats">The formats that the program reads.</param>
    /// <param name="notes">Receives sentences about columns that are left out.</param>
    public static TableSchema SchemaOf(
        RunSettings config, Dataset train, DataFormats formats, Action<string>? notes)
    {
        TableSource source = TableFiles.Open(config.Data.Name, formats, config.Data.Format);
        TableSchema schema = train.Rows!.Schema.InferFrom(
            source, config.TableChoices, [.. train.Rows.CoveredRows(train.Count).Order()]);
        foreach (TableColumn column in schema.Columns)
        {
            if (column.Kind is ColumnKind.Identifier or ColumnKind.Constant)
                notes?.Invoke($"column '{column.Name}' is left out: {column.Reason} (of the training rows)");
        }

        return schema;
    }

    private static DataSplits InTime(Dataset all, int[] trained, int size, int tests, DataSettings data)
    {
        int[] test = trained[^tests..], train = Before(trained, test[0]), validation = [];
        int held = data.Validation < 0 ? tests : data.Validation;
        if (held > 0)
        {
            validation = train[^Math.Min(held, train.Length)..];
            train = validation.Length == 0 ? [] : Before(train, validation[0]);
        }

        if (train.Length < 10)
        {
            throw new InvalidDataFileException(data.Name, $"only {train.Length} windows of {size} rows are left to " +
                "train on, beside held-out windows that share no row with them; training needs at least 10. Choose " +
                "a shorter data.window or a smaller data.stride.");
        }

        return new DataSplits(
            all.Subset(train), validation.Length == 0 ? null : all.Subset(validation), all.Subset(test));

        int[] Before(int[] windows, int next) =>
            [.. windows.Where(w => all.FirstRow(w) + size <= all.FirstRow(next))];
    }

    /// <summary>The settings with a likelihood for each column, and with the defaults that suit tables.</summary>
    public static RunSettings Complete(RunSettings config, Dataset train, Action<string>? reasons)
    {
        TableSchema schema = train.Rows!.Schema;
        if (config.Data.Standardize is StandardizeBy.Columns or StandardizeBy.Channels)
        {
            throw new InvalidConfigException("data.standardize is for arrays; the columns of a table have transforms " +
                "of their own (see 'reparam data describe'); leave it out.");
        }

        if (config.Model.Likelihood is not TableLikelihoodSettings)
        {
            LikelihoodSettings given = config.Model.Likelihood;
            Likelihood made = given.Make();
            bool isChosen = given is not AutomaticLikelihoodSettings;
            if (isChosen && made.IsPositive)
            {
                throw new InvalidConfigException($"model.likelihood '{given.Word}' is for arrays; a column of a " +
                    "table has it if its kind is positive: choose the kind with data.columns.");
            }

            if (given is CountLikelihoodSettings { HasOffset: true })
            {
                throw new InvalidConfigException("model.likelihood.offset 'total' is for arrays of counts, not for " +
                    "the columns of a table; leave it out.");
            }

            bool isCount = given is CountLikelihoodSettings;
            if (isChosen && (made.IsBounded || made.TrackedScalars.Count > 0 || (made.IsDiscrete && !isCount)))
            {
                throw new InvalidConfigException($"model.likelihood '{given.Word}' does not fit the columns of a " +
                    "table; choose gaussian-columns, student-t, poisson, nb or zinb, or leave it out.");
            }

            var columns = schema.Cells.Select(c => LikelihoodOf(c, isChosen ? (given, made) : null));
            var table = new TableLikelihoodSettings
            {
                Columns = [.. columns],
                Row = schema.Window is null ? 0 : schema.Modelled.Count,
                Missing = [.. Enumerable.Range(0, schema.Cells.Count).Where(
                    c => schema.Cells[c].Missing > 0 || config.Model is VaeSettings { InputNoise: > 0 })],
            };
            if (isChosen && !table.Columns.Contains(given))
            {
                throw new InvalidConfigException($"model.likelihood '{given.Word}' is for columns of " +
                    $"{(isCount ? "counts" : "numbers")}, and the table has none; leave it out, or choose the kind " +
                    "of a column with data.columns.");
            }

            config = config with { Model = config.Model with { Likelihood = table } };
            string counts = string.Join(", ", table.Columns.GroupBy(c => c.Kind.Name).Select(
                g => $"{g.Key} of {g.Count()}"));
            reasons?.Invoke($"likelihoods by column: {counts} (--likelihood and --columns choose others)");
        }

        return config with
        {
            Data = config.Data with { Standardize = StandardizeBy.None, Binarization = Binarization.None },
        };
    }

    private static LikelihoodSettings LikelihoodOf(
        TableColumn column, (LikelihoodSettings Settings, Likelihood Made)? chosen) => column.Kind switch
    {
        ColumnKind.Boolean => new BernoulliLikelihoodSettings(),
        ColumnKind.Category => new CategoricalLikelihoodSettings { Categories = column.Categories },
        ColumnKind.Ordinal => new OrdinalLikelihoodSettings { Categories = column.Categories },
        ColumnKind.Count => chosen is { Settings: CountLikelihoodSettings } counts ? counts.Settings
            : new NegativeBinomialLikelihoodSettings(),
        _ => chosen is { Made: { ScoresCounts: false, IsDiscrete: false } } real ? real.Settings
            : new GaussianColumnsLikelihoodSettings(),
    };

    private static int[] TrainedRows(Dataset data, TableSchema schema, DataSettings settings)
    {
        int[] rows = [.. Enumerable.Range(0, data.Count)];
        if (settings.TrainOn.Length == 0) return rows;
        if (data.Labels is not { } labels)
        {
            throw new InvalidConfigException("data.train_on needs a column with labels; name it with data.label.");
        }

        int label = schema.LabelOf(settings.TrainOn);
        if (label < 0)
        {
            throw new InvalidConfigException($"data.train_on '{settings.TrainOn}' is not a label of column " +
                $"'{schema.Label}'.{Suggestion.For(settings.TrainOn, schema.Labels)}");
        }

        return [.. rows.Where(row => labels.Span[row] == label)];
    }
}

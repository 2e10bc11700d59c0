using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;

namespace Reparam.Runs;

/// <summary>The rows of a user's table as the data of a run.</summary>
internal static class RunTables
{
    /// <summary>
    /// Reads the parts of a table. The rows are shuffled with the run's seed, and a tenth of them is the test part.
    /// With <c>data.train_on</c> only rows of one label are in the parts.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="schema">The schema of a trained run; null to infer one.</param>
    /// <param name="formats">The formats that the program reads.</param>
    /// <param name="notes">Receives sentences about columns that are left out and cells that are no values.</param>
    public static DataSplits Splits(
        RunSettings config, TableSchema? schema, DataFormats formats, Action<string>? notes)
    {
        DataSettings data = config.Data;
        TableSource source = TableFiles.Open(data.Name, formats, data.Format);
        Dataset all = schema?.Read(source, notes) ?? Own(TableSchema.Infer(source, data.Choices), source, notes);
        TableSchema read = schema ?? all.Rows!.Schema;
        Dataset order = all.Shuffle(RunFactory.RngOf(config).Split("split"));
        int[] trained = TrainedRows(order, read, data);
        if (trained.Length < 10)
        {
            throw new InvalidDataFileException(
                data.Name, $"it holds only {trained.Length} rows to train on; training needs at least 10.");
        }

        int tests = Math.Max(1, trained.Length / 10);
        return new DataSplits(
            order.Subset(trained.AsSpan(0, trained.Length - tests)), null, order.Subset(trained.AsSpan()[^tests..]));
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
            if (isChosen && (made.IsBounded || made.TrackedScalars.Count > 0))
            {
                throw new InvalidConfigException($"model.likelihood '{given.Word}' does not fit the columns of a " +
                    "table; choose gaussian-columns, student-t, poisson, nb or zinb, or leave it out.");
            }

            var columns = schema.Modelled.Select(c => LikelihoodOf(c, isChosen ? (given, made) : null));
            var table = new TableLikelihoodSettings
            {
                Columns = [.. columns],
                Missing = [.. Enumerable.Range(0, schema.Modelled.Count).Where(
                    c => schema.Modelled[c].Missing > 0 || config.Model is VaeSettings { InputNoise: > 0 })],
            };
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
        ColumnKind.Count => chosen is { Made.ScoresCounts: true } counts ? counts.Settings
            : new NegativeBinomialLikelihoodSettings(),
        _ => chosen is { Made: { ScoresCounts: false, IsDiscrete: false } } real ? real.Settings
            : new GaussianColumnsLikelihoodSettings(),
    };

    private static Dataset Own(TableSchema schema, TableSource source, Action<string>? notes)
    {
        foreach (TableColumn column in schema.Columns)
        {
            if (column.Kind is ColumnKind.Identifier or ColumnKind.Constant)
                notes?.Invoke($"column '{column.Name}' is left out: {column.Reason}");
        }

        return schema.ReadOwn(source, notes);
    }

    private static int[] TrainedRows(Dataset data, TableSchema schema, DataSettings settings)
    {
        int[] rows = [.. Enumerable.Range(0, data.Count)];
        if (settings.TrainOn.Length == 0) return rows;
        if (data.Labels is not { } labels)
        {
            throw new InvalidConfigException("data.train_on needs a column with labels; name it with data.label.");
        }

        int label = schema.Labels.ToList().IndexOf(settings.TrainOn);
        if (label < 0)
        {
            throw new InvalidConfigException($"data.train_on '{settings.TrainOn}' is not a label of column " +
                $"'{schema.Label}'.{Suggestion.For(settings.TrainOn, schema.Labels)}");
        }

        return [.. rows.Where(row => labels.Span[row] == label)];
    }
}

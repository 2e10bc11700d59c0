using System.CommandLine;
using Reparam.Cli.Commands;
using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Tabular;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>What a conditional model is given beside codes: a class, or cells of the columns that it is conditioned
/// on.</summary>
/// <param name="Labels">One-hot labels [N, C]; null for a model without a condition, or with columns as its
/// condition.</param>
/// <param name="Cells">The conditions of each code, as in <see cref="TableSchema.Given"/>; null for another
/// model.</param>
internal sealed record Condition(Tensor? Labels, IReadOnlyList<IReadOnlyList<double>>? Cells)
{
    /// <summary>The condition of all codes that the command line names with --class or --given.</summary>
    /// <exception cref="InvalidConfigException">The model needs a condition and none is given, or the other way round;
    /// or the value is unknown.</exception>
    public static Condition Of(ParseResult parsed, TrainedRun run, int count)
    {
        string? given = parsed.GetValue(RunOptions.Given);
        if (run.TakesColumns)
        {
            RequireNoClass(parsed, run);
            TableSchema schema = run.Folder.Table!;
            IReadOnlyList<double> cells = Cell(schema, RowCondition.Parse(given ?? "", schema, Message.Note));
            return new(null, [.. Enumerable.Repeat(cells, count)]);
        }

        return given is null ? new(run.Classes.OneHot(parsed, count), null)
            : throw new InvalidConfigException(
                "--given is for a model that is conditioned on columns; this run was trained without --condition " +
                "COLUMN.");
    }

    /// <summary>The conditions of data points: their labels, or the cells of their columns.</summary>
    public static Condition Of(TrainedRun run, Dataset data) => run.TakesColumns
        ? new(null, [.. Enumerable.Range(0, data.Count).Select(data.Conditions)])
        : new(Latents.Labels(run.Model, data), null);

    /// <summary>Refuses --class for a model that is not conditioned on labels.</summary>
    public static void RequireNoClass(ParseResult parsed, TrainedRun run)
    {
        if (!run.TakesColumns) run.Classes.OneHot(parsed, 1);
        else if (parsed.GetValue(RunOptions.Class) is not null)
        {
            throw new InvalidConfigException(
                "--class is for a model that is conditioned on labels, and this run is conditioned on columns. Use " +
                "--given.");
        }
    }

    /// <summary>The cells of one data point, in which each column has one value.</summary>
    private static double[] Cell(TableSchema schema, IReadOnlyList<RowCondition> conditions)
    {
        double?[] cells = new double?[schema.Conditions.Count];
        foreach (RowCondition condition in conditions)
        {
            if (condition.Place(schema) is not { } place)
            {
                throw new InvalidConfigException($"'{condition.Column(schema)}' is no condition of the model but a " +
                    "column that it models; only 'sample' takes such conditions.");
            }

            cells[place] = condition.Value ?? throw new InvalidConfigException(
                $"--given takes one value for column '{condition.Column(schema)}', not a range.");
        }

        string[] missing = [.. schema.Conditions.Where((_, c) => cells[c] is null).Select(c => c.Name)];
        if (missing.Length > 0)
        {
            throw new InvalidConfigException($"The model is conditioned on columns. Give a value for " +
                $"{string.Join(", ", missing)}, such as --given {Quoted(missing[0])}=VALUE.");
        }

        double[] row = [.. cells.Select(c => c!.Value)];
        return [.. Enumerable.Repeat(row, schema.Window?.Size ?? 1).SelectMany(r => r)];

        static string Quoted(string name) => name.AsSpan().IndexOfAny(',', '=') < 0 ? name : $"\"{name}\"";
    }
}

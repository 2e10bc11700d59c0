using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Tabular;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam impute</c>: fills the missing cells of a table.</summary>
internal static class ImputeCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "The table with missing cells.", HelpName = "FILE", Required = true,
    };

    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The file to write, .csv or .parquet: all columns and rows of the table, with filled cells.",
        HelpName = "FILE", Required = true,
    };

    private static readonly Option<int> Draws = new("--draws")
    {
        Description = "Write each row N times, with drawn cells, after a column 'draw' (multiple imputation). " +
            "Default: once, with means of numbers and the most probable categories.",
        HelpName = "N", DefaultValueFactory = _ => 0,
    };

    private static readonly Option<int> Samples = new("--samples")
    {
        Description = "Draws of the latents for each row.", HelpName = "K", DefaultValueFactory = _ => 200,
    };

    public static Command Create()
    {
        var command = new Command(
            "impute", "Fill the missing cells of a table by the model, given the observed cells of their row.");
        RunOptions.AddTo(command, Data, Out, Draws, Samples);
        command.SetHandler(Run);
        return command.OnlyForTables();
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int draws = RunOptions.Within(parsed, Draws, 0, 10_000);
        int samples = RunOptions.Within(parsed, Samples, 1, 100_000);
        string path = parsed.GetValue(Data)!;
        TrainedRun run = TrainedRun.Open(parsed);
        TableSchema schema = run.Folder.Table!;
        if (schema.Window is { } window)
        {
            throw new InvalidConfigException($"'reparam impute' fills rows, and the run was trained on windows of " +
                $"{window.Size} rows; train a model without --window.");
        }

        if (run.TakesLabels)
        {
            throw new InvalidConfigException("A model that is conditioned on labels does not fill cells; train " +
                "without --condition, or with --condition COLUMN.");
        }

        var output = OutputFile.ForRows(parsed, run, parsed.GetValue(Out)!);
        Dataset data = run.Folder.Prepare(run.Folder.ReadFile(path, notes: Message.Note), "data");
        TableSource source = TableFiles.Open(path, FileFormats.All, Format(schema));
        var reader = new BatchReader(data, Binarization.None, run.Rng, run.Model.DType);
        var imputer = new Imputer(run.Model, schema, run.Rng.Split("impute"), samples);
        long filled = 0;
        WrittenColumn[] lead = draws == 0 ? [] : [new("draw", CellType.Whole)];
        output.WriteRows(lead, source.Columns, source.Format.Decimal, file =>
        {
            var filler = new Filler(schema, source, reader, run.Model.Context, imputer, draws, file, cancellation);
            source.Read(filler);
            filled = filler.Count;
        });
        var result = new Result(parsed);
        result.Add("run", run.Folder.Path);
        result.Add("rows", data.Count, "rows", FormattableString.Invariant($"{data.Count:N0} of {path}"));
        result.Add("filled", filled, "filled", string.Create(CultureInfo.InvariantCulture,
            $"{filled:N0} missing cells{(draws == 0 ? "" : $", {draws:N0} draws each")}" +
            $"{(run.TakesColumns ? "; missing conditions stay missing" : "")}"));
        output.AddTo(result);
        return result.Print();
    }

    /// <summary>The form of the file: the decimal mark of the run's table, unless another is detected.</summary>
    private static TableFormat Format(TableSchema schema) => new(null, schema.Format.Decimal);

    /// <summary>Copies the cells of a table to a file, and fills those that are missing.</summary>
    private sealed class Filler(TableSchema schema, TableSource source, BatchReader reader, int context,
        Imputer imputer, int draws, TableWriter file, CancellationToken cancellation) : ITableSink
    {
        private readonly string[] _cells = new string[source.Columns.Count];
        private readonly int[] _places = [.. schema.Modelled.Select(c => source.Columns.ToList().IndexOf(c.Name))];
        private readonly float[] _row = new float[schema.Modelled.Count];
        private int _index;

        public long Count { get; private set; }

        public void Cell(int column, ReadOnlySpan<char> text) => _cells[column] = text.ToString();

        public void EndRow()
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope();
            Tensor? condition = reader.Context(_index, 1, context);
            reader.Data.CopyValues(_index++, 1, _row);
            // Only cells that are missing in the file are filled; a text in a column of numbers stays.
            int missing = _places.Count(p => TableFormat.IsMissing(_cells[p]));
            Count += missing;
            if (draws == 0)
            {
                file.Row(missing == 0 ? _cells : With(imputer.Fill(_row, condition)));
                return;
            }

            int draw = 0;
            foreach (double[] filled in imputer.Draw(_row, _index - 1, draws, condition))
                file.Row([(++draw).ToString(CultureInfo.InvariantCulture), .. With(filled)]);
        }

        private string[] With(double[] filled)
        {
            string[] cells = [.. _cells];
            for (int m = 0; m < filled.Length; m++)
            {
                if (TableFormat.IsMissing(cells[_places[m]])) cells[_places[m]] = Text(m, filled[m]);
            }

            return cells;
        }

        /// <summary>The text of a filled number, with the decimal mark of this file.</summary>
        private string Text(int column, double value) => schema.Modelled[column].Text(
            schema.Modelled[column].Decode(value), source.Format.Decimal);
    }
}

using System.Globalization;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Tabular;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Data.Tables;

/// <summary>Rows that are held out change nothing that is trained or drawn.</summary>
public sealed class HeldOutRowsTests : IDisposable
{
    private const int Count = 300;

    private static readonly string[] Columns =
        ["time", "normal", "tail", "outliers", "pieces", "valid", "grade", "word", "day", "same"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Text(double x, string format) => x.ToString(format, CultureInfo.InvariantCulture);

    private static string[] Row(int i) =>
    [
        $"{i}", Text(Math.Sin(i), "F2"), Text(Math.Exp(3 * Math.Sin(i * 1.7)), "F3"),
        i % 150 == 7 ? "900.5" : Text(Math.Cos(i), "F2"), $"{i * i % 97}", $"{i % 2}", $"{i % 4 + 1}",
        i % 60 == 0 ? $"rare {i}" : i % 3 == 0 ? "good" : "bad",
        new DateTime(2026, 1, 1).AddDays(i % 150).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "7",
    ];

    /// <summary>A row whose cells have another scale, other decimals and levels, and lie outside of the columns'
    /// kinds.</summary>
    private static string[] Wild(int i) =>
    [
        $"{i}", Text(-1e9 * i - 0.123456789, "R"), Text(-i - 0.5, "F1"), Text(1e12 + i, "F0"), "-3.25", "17",
        $"{i + 100}", $"new {i}", "1066-10-14T12:30:00", $"other {i}",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Far_held_out_rows_change_neither_weights_nor_synthetic_rows(int window)
    {
        DataSettings data = new()
        {
            Name = File(), Window = window, Stride = window / 2, Time = window > 0 ? "time" : "",
            Ignore = window > 0 ? "" : "time",
        };
        string[][] rows = [.. Enumerable.Range(0, Count).Select(Row)];
        Run plain = Trained("plain", data, rows);
        TableRows trained = plain.ReadData(Part.Train).Rows!;
        int[] train = trained.CoveredRows(plain.ReadData(Part.Train).Count);
        Assert.InRange(train.Length, Count / 2, Count - 40);
        Run wild = Trained("wild", data, [.. rows.Select((row, i) => train.Contains(i) ? row : Wild(i))]);

        Assert.Equal(System.IO.File.ReadAllText(_folder.File("plain/table.json")),
            System.IO.File.ReadAllText(_folder.File("wild/table.json")));
        (var one, var other) = (plain.LoadModel(best: false), wild.LoadModel(best: false));
        foreach ((Parameter a, Parameter b) in one.Parameters.Zip(other.Parameters))
        {
            Assert.Equal(a.Name, b.Name);
            for (int i = 0; i < a.Value.Shape.Size; i++)
            {
                Assert.Equal(
                    BitConverter.DoubleToInt64Bits(a.Value.At(i)), BitConverter.DoubleToInt64Bits(b.Value.At(i)));
            }
        }

        string[] Drawn(Run run, Reparam.Models.LatentVariableModel model) => [.. new RowSampler(model, run.Table!).Draw(
            200, new Rng(3)).Select(row => string.Join(';', row))];
        string[] drawn = Drawn(plain, one);
        Assert.Equal(drawn, Drawn(wild, other));
        Assert.DoesNotContain(drawn, row => row.Contains("new", StringComparison.Ordinal));
    }

    [Fact]
    public void Synthetic_numbers_have_all_digits_of_the_source()
    {
        string[][] rows = [.. Enumerable.Range(0, Count).Select(
            i => (string[])[$"{16777217 + 2 * (i * i % 40)}", $"0.1000000{i % 20 + 10}"])];
        var formats = DataFormats.BuiltIn with { Tables = (_, _) => new MemoryTable(["large", "fine"], rows) };
        var run = Run.Create(_folder.File("digits"), RunSettings.ForTables with
        {
            Data = new DataSettings { Name = File() }, Training = RunSettings.ForTables.Training with { Epochs = 1 },
        }, context: new RunContext { Formats = formats });
        run.Train();
        HashSet<string> large = [.. rows.Select(r => r[0])], fine = [.. rows.Select(r => r[1])];
        foreach (IReadOnlyList<string> row in new RowSampler(run.LoadModel(), run.Table!).Draw(300, new Rng(5)))
        {
            Assert.Contains(row[0], large);
            Assert.Contains(row[1], fine);
        }
    }

    [Fact]
    public void Level_and_decimals_of_held_out_rows_are_not_in_the_schema()
    {
        string[][] rows = [.. Enumerable.Range(0, Count).Select(Row)];
        DataSettings data = new() { Name = File(), Ignore = "time", Label = "valid" };
        RunSettings settings = RunSettings.ForTables with { Data = data };
        Dataset test = RunData.Load(settings, formats: Formats(rows)).Test;
        rows[test.FirstRow(0)] = Wild(5);
        DataSplits parts = RunData.Load(settings, formats: Formats(rows));
        TableSchema schema = parts.Train.Rows!.Schema;
        TableColumn word = schema.Columns.Single(c => c.Name == "word");
        Assert.DoesNotContain("new 5", word.Levels);
        Assert.Equal(2, schema.Columns.Single(c => c.Name == "normal").Decimals);
        Assert.Equal(ColumnKind.Constant, schema.Columns.Single(c => c.Name == "same").Kind);
        // A label is no column of the model: its texts come from all rows.
        Assert.Equal(["0", "1", "17"], schema.Labels);
        // The row is read all the same.
        Assert.Equal(-5e9 - 0.123456789, parts.Test.Rows![0, 0]);
    }

    [Fact]
    public void Column_that_is_a_date_in_training_rows_alone_is_no_time_of_windows()
    {
        string[][] rows = [.. Enumerable.Range(0, Count).Select(Row)];
        rows[^1][8] = "unknown";
        TableSchema schema = RunData.Load(RunSettings.ForWindows with
        {
            Data = new DataSettings { Name = File(), Window = 3, Ignore = "time" },
        }, formats: Formats(rows)).Train.Rows!.Schema;
        Assert.Null(schema.Window!.Time);
        Assert.Equal(ColumnKind.Date, schema.Columns.Single(c => c.Name == "day").Kind);
    }

    private Run Trained(string name, DataSettings data, string[][] rows)
    {
        var run = Run.Create(_folder.File(name), RunSettings.ForTables with
        {
            Data = data, Training = RunSettings.ForTables.Training with { Epochs = 3, Patience = 0 },
        }, context: new RunContext { Formats = Formats(rows) });
        run.Train();
        return run;
    }

    private static DataFormats Formats(string[][] rows) => DataFormats.BuiltIn with
    {
        Tables = (_, _) => new MemoryTable(Columns, rows),
    };

    /// <summary>A file that stands for the table in memory: the path of a run's data must exist.</summary>
    private string File()
    {
        string path = _folder.File("rows.csv");
        System.IO.File.WriteAllText(path, "in memory\n");
        return path;
    }
}

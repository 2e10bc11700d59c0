using System.Globalization;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Scoring;
using Reparam.Tabular;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Data.Tables;

/// <summary>Data points of consecutive rows: where they begin, the cells that they have, and runs with them.</summary>
public sealed class TableWindowTests : IDisposable
{
    private static readonly string[] Columns = ["time", "a", "b", "fault"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Text(double x) => x.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>Row i has the time i, with a gap after row 9, the numbers i + 0.5 and -i, and a fault in row
    /// 13.</summary>
    private static MemoryTable Small() => new(Columns, [.. Enumerable.Range(0, 20).Select(i => (string[])[
        $"{(i < 10 ? i : i + 5)}", Text(i + 0.5), Text(-i - 0.25), i == 13 ? "1" : "0"])]);

    private static TableSchema Schema(MemoryTable table, int size, int stride, string? label = "fault") =>
        TableSchema.Infer(table, new TableChoices
        {
            Label = label, Window = new TableWindow(size, stride, "time"),
        });

    [Fact]
    public void Windows_begin_at_each_stride_and_have_no_gap()
    {
        TableSchema schema = Schema(Small(), 4, 3);
        List<string> notes = [];
        Dataset data = schema.Read(Small(), notes.Add);
        // Rows 0 to 9 and 10 to 19 have no gap; windows of 4 rows begin at 0, 3, 6, and at 10, 13, 16.
        Assert.Equal([0, 3, 6, 10, 13, 16], Enumerable.Range(0, data.Count).Select(data.FirstRow));
        Assert.Contains(notes, n => n.Contains("1 gap", StringComparison.Ordinal));
        Assert.Equal(8, data.EventShape.Size);
        float[] cells = new float[8];
        data.CopyValues(1, 1, cells);
        Assert.Equal([3.5f, -3.25f, 4.5f, -4.25f, 5.5f, -5.25f, 6.5f, -6.25f], cells);
        // The window of rows 10 to 13 and that of 13 to 16 have the faulty row.
        Assert.Equal([0, 0, 0, 1, 1, 0], data.Labels!.Value.ToArray());
        Assert.Equal(["a", "b", "a", "b", "a", "b", "a", "b"], schema.Cells.Select(c => c.Name));
    }

    [Theory]
    [InlineData("0", new[] { 1, 1, -1, 1, -1 })] // a row without a label is not ordinary
    [InlineData("1", new[] { 0, 0, 0, 0, 0 })]
    [InlineData(null, new[] { 1, 1, 0, 1, 0 })] // 1 is rarer than 0
    public void Window_has_the_usual_label_only_if_all_its_rows_have_it(string? usual, int[] labels)
    {
        string[] marks = ["0", "1", "1", "0", "0", "", "0", "1", "0", ""];
        var table = new MemoryTable(["a", "fault"], [.. marks.Select((m, i) => (string[])[Text(i + 0.5), m])]);
        var schema = TableSchema.Infer(table, new TableChoices
        {
            Label = "fault", Window = new TableWindow(2, 2, Usual: usual),
        });
        Assert.Equal(labels, schema.Read(table).Labels!.Value.ToArray());
    }

    [Fact]
    public void Column_of_time_without_a_time_is_told()
    {
        string Told(params string[] times)
        {
            var table = new MemoryTable(["t", "a"], [.. times.Select((t, i) => (string[])[t, Text(Math.Sin(i))])]);
            var schema = TableSchema.Infer(table, new TableChoices { Window = new TableWindow(2, 1, "t") });
            List<string> notes = [];
            schema.Read(table, notes.Add);
            return string.Join('\n', notes);
        }

        Assert.Contains("'soon' in row 2 of column 't' is no time", Told("1", "soon", "3", "4", "5"),
            StringComparison.Ordinal);
        Assert.Contains("'1/2/2026' in row 1 of column 't' is no time", Assert.Throws<InvalidDataFileException>(
            () => Told("1/2/2026", "1/3/2026", "1/4/2026")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new double[] { 0, 1, 2, 3, 4, 5 }, new[] { 0, 2 }, 0)]
    [InlineData(new double[] { 0, 1, double.NaN, 3, 4, 5 }, new[] { 3 }, 2)]
    [InlineData(new double[] { 0, 1, 2, 0, 1, 2 }, new[] { 0, 3 }, 1)] // two series, one after the other
    [InlineData(new double[] { 0, 1, 2.4, 3.4, 4.4, 6 }, new[] { 0, 2 }, 1)] // 1.4 steps are no gap, 1.6 are
    [InlineData(new double[] { 5, 4, 3, 2, 1, 0 }, new int[0], 5)]
    public void Gap_is_a_missing_time_a_step_back_or_a_long_step(double[] times, int[] starts, int gaps)
    {
        Assert.Equal(starts, new TableWindow(3, 2).Starts(times, 6, out int found));
        Assert.Equal(gaps, found);
    }

    [Fact]
    public void Only_column_of_dates_is_the_time_and_is_not_modelled()
    {
        var table = new MemoryTable(["day", "a"], [.. Enumerable.Range(1, 28).Select(i => (string[])[
            $"2026-02-{i:00}", Text(Math.Sin(i))])]);
        var schema = TableSchema.Infer(table, new TableChoices { Window = new TableWindow(2, 1) });
        Assert.Equal("day", schema.Window!.Time);
        Assert.Equal(["a"], schema.Modelled.Select(c => c.Name));
        string path = _folder.File("table.json");
        schema.Save(path);
        Assert.Equal(schema.Window, TableSchema.Load(path).Window);
    }

    [Fact]
    public void Transforms_are_fitted_to_all_rows_of_the_windows()
    {
        TableSchema schema = Schema(Small(), 4, 4);
        TableSchema fitted = schema.Fit(schema.Read(Small()));
        // Windows of rows 0-3, 4-7, 10-13 and 14-17: the mean of column a is that of those 16 rows, plus 0.5.
        double[] rows = [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17];
        Assert.Equal(rows.Average() + 0.5, fitted.Modelled[0].Center, 1e-6);
    }

    [Fact]
    public void Table_with_shorter_series_than_a_window_is_refused()
    {
        TableSchema schema = Schema(Small(), 11, 1);
        var failure = Assert.Throws<InvalidDataFileException>(() => schema.Read(Small()));
        Assert.Contains("no 11 rows without a gap", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no column 'time'", Assert.Throws<InvalidDataFileException>(() => Schema(Small(), 2, 1).Read(
            new MemoryTable(["a", "b", "fault"], ["1.5", "-1.5", "0"]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_on_windows_blames_the_column_that_left_the_others()
    {
        Run run = Trained(out MemoryTable table);
        Assert.Equal(16, run.Config.Model.Shape.Size);
        DataSplits parts = RunData.Load(run.Config, schema: run.Table, formats: Formats(table));
        int End(Dataset d) => d.FirstRow(d.Count - 1) + 8;
        Assert.True(End(parts.Train) <= parts.Validation!.FirstRow(0));
        Assert.True(End(parts.Validation) <= parts.Test.FirstRow(0));

        var scorer = Scorer.Load(run);
        Rng rng = new Rng(9).Split("new");
        DatumScore ordinary = scorer.Score(Window(rng, isBroken: false)), broken = scorer.Score(
            Window(rng, isBroken: true));
        Assert.True(broken.Score > ordinary.Score + 20, $"{broken.Score} and {ordinary.Score}");
        Assert.Equal(1 / (1.0 + scorer.Reference.Count), broken.PValue);
        Assert.Equal(["a", "b"], broken.Elements.Select(e => e.Name).Order());
        Assert.Contains("windows of 8 rows", Assert.Throws<InvalidOperationException>(
            () => scorer.Score(new Dictionary<string, string> { ["a"] = "1" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => scorer.Score(Window(rng, isBroken: false)[..7]));

        string[][] drawn = [.. new RowSampler(run.LoadModel(), run.Table!).Draw(3, new Rng(1)).Select(
            r => r.ToArray())];
        Assert.Equal(24, drawn.Length);
        Assert.Equal(["1", "2", "3"], drawn.Select(r => r[0]).Distinct());
    }

    [Theory]
    [InlineData(0, 4, "", "data.stride belongs to windows")]
    [InlineData(0, 0, "time", "data.time belongs to windows")]
    [InlineData(1, 0, "", "data.window 1 makes no windows")]
    [InlineData(8, 1, "tine", "no column 'tine'")]
    [InlineData(165, 1, "", "windows of 165 rows are left")]
    [InlineData(180, 60, "", "only 4 windows of 180 rows")]
    [InlineData(120, 5, "", "windows of 120 rows are left")]
    public void Settings_that_make_no_windows_are_refused(int window, int stride, string time, string message)
    {
        MemoryTable table = Waves(new Rng(1), 400);
        var failure = Assert.ThrowsAny<Exception>(() => RunData.Load(RunSettings.ForTables with
        {
            Data = new DataSettings { Name = File(), Window = window, Stride = stride, Time = time },
        }, formats: Formats(table)));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A sine of random phase in column a, and its double in column b, with a little noise.</summary>
    private static MemoryTable Waves(Rng rng, int count) => new(["time", "a", "b"], [.. Enumerable.Range(
        0, count).Select(i => (string[])[Date(i), Text(Wave(i) + 0.05 * Noise(rng)),
            Text(2 * Wave(i) + 0.05 * Noise(rng))])]);

    private static double Noise(Rng rng) => Math.Sqrt(12) * (rng.NextDouble() - 0.5);

    private static double Wave(int i) => Math.Sin(i * 0.4 + 2 * Math.Sin(i * 0.011));

    private static string Date(int minute) => new DateTime(2026, 1, 1).AddMinutes(minute).ToString(
        "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static Dictionary<string, string>[] Window(Rng rng, bool isBroken) => [.. Enumerable.Range(5000, 8).Select(
        i => new Dictionary<string, string>
        {
            ["a"] = Text(Wave(i) + 0.05 * Noise(rng)), ["b"] = Text(isBroken ? 1.2 : 2 * Wave(i)),
        })];

    /// <summary>A file that stands for the table in memory: the path of a run's data must exist.</summary>
    private string File()
    {
        string path = _folder.File("waves.csv");
        System.IO.File.WriteAllText(path, "in memory\n");
        return path;
    }

    private static DataFormats Formats(MemoryTable table) => DataFormats.BuiltIn with { Tables = (_, _) => table };

    private Run Trained(out MemoryTable table)
    {
        table = Waves(new Rng(1), 3000);
        RunSettings settings = RunSettings.ForTables;
        var run = Run.Create(_folder.File("run"), settings with
        {
            Data = settings.Data with { Name = File(), Window = 8, Stride = 2 },
            Training = settings.Training with { Epochs = 150 },
        }, context: new RunContext { Formats = Formats(table) });
        run.Train();
        return run;
    }
}

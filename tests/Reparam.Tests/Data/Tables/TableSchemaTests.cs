using System.Globalization;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Testing;
using static Reparam.Tests.Data.Tables.MemoryTable;

namespace Reparam.Tests.Data.Tables;

/// <summary>What columns are taken to be, and how their cells become numbers and back.</summary>
public sealed class TableSchemaTests
{
    public static TheoryData<string, ColumnKind, ColumnTransform> Kinds => new()
    {
        { "normal", ColumnKind.Real, ColumnTransform.Standardize },
        { "outlier", ColumnKind.Real, ColumnTransform.Robust },
        { "tail", ColumnKind.Positive, ColumnTransform.Log },
        { "count", ColumnKind.Count, ColumnTransform.None },
        { "truth", ColumnKind.Boolean, ColumnTransform.None },
        { "few", ColumnKind.Category, ColumnTransform.None },
        { "word", ColumnKind.Category, ColumnTransform.None },
        { "day", ColumnKind.Date, ColumnTransform.Standardize },
        { "same", ColumnKind.Constant, ColumnTransform.None },
        { "name", ColumnKind.Identifier, ColumnTransform.None },
        { "numbered", ColumnKind.Identifier, ColumnTransform.None },
        { "customer_id", ColumnKind.Identifier, ColumnTransform.None },
        { "empty", ColumnKind.Ignored, ColumnTransform.None },
        { "groups", ColumnKind.Real, ColumnTransform.Standardize },
        { "some texts", ColumnKind.Real, ColumnTransform.Standardize },
    };

    private static string[] Cells(string name) => name switch
    {
        "normal" => Many(i => Text(Math.Sin(i) + 5)),
        "outlier" => Many(i => i == 7 ? "9000" : Text(Math.Sin(i))),
        "tail" => Many(i => Text(Math.Exp(3 * Math.Sin(i * 1.7)))),
        "count" => Many(i => $"{i * i % 97}"),
        "truth" => Many(i => $"{i % 2}"),
        "few" => Many(i => $"{i % 4 + 1}"),
        "word" => Many(i => i % 3 == 0 ? "good" : "bad"),
        "day" => Many(i => new DateTime(2026, 1, 1).AddDays(i % 150).ToString(
            "yyyy-MM-dd", CultureInfo.InvariantCulture)),
        "same" => Many(_ => "7"),
        "name" => Many(i => $"row {i}"),
        "numbered" => Many(i => $"{i + 1000}"),
        "customer_id" => Many(i => $"{i * 7919 % 100_003}"),
        "empty" => Many(_ => "NA"),
        "groups" => Many(i => $"{1 + i % 9},{100 + i * 4}.5"),
        "some texts" => Many(i => i == 5 ? "none" : Text(Math.Sin(i))),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Kind_follows_from_the_cells(string name, ColumnKind kind, ColumnTransform transform)
    {
        string[] cells = Cells(name);
        // A second column, so that a table whose first column is left out still has one.
        var table = new MemoryTable([name, "other"], [.. cells.Select((c, i) => (string[])[c, Text(Math.Cos(i))])]);
        TableColumn column = TableSchema.Infer(table).Columns[0];
        Assert.Equal((kind, transform), (column.Kind, column.Transform));
        Assert.NotEqual("", column.Reason);
    }

    [Fact]
    public void Choices_of_the_user_win()
    {
        var table = new MemoryTable(["a", "b", "c"], [.. Enumerable.Range(0, 100).Select(
            i => (string[])[Text(Math.Sin(i)), $"{i % 3}", $"{i % 2}"])]);
        TableSchema schema = TableSchema.Infer(table, new TableChoices
        {
            Label = "c", Ignore = ["a"], Kinds = new Dictionary<string, ColumnKind> { ["b"] = ColumnKind.Count },
        });
        Assert.Equal(["b"], schema.Modelled.Select(c => c.Name));
        Assert.Equal(ColumnKind.Count, schema.Modelled[0].Kind);
        Assert.Equal(["0", "1"], schema.Labels);
        var failure = Assert.Throws<InvalidDataFileException>(
            () => TableSchema.Infer(table, new TableChoices { Label = "d" }));
        Assert.Contains("no column 'd'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transforms_are_fitted_to_the_given_rows_and_undone_exactly_enough()
    {
        string[] cells = Cells("tail");
        MemoryTable table = MemoryTable.Of(cells);
        TableSchema inferred = TableSchema.Infer(table);
        Dataset rows = inferred.Read(table), train = rows[..120];
        TableSchema fitted = inferred.Fit(train);
        double[] logs = [.. cells[..120].Select(c => Math.Log(double.Parse(c, CultureInfo.InvariantCulture)))];
        double mean = logs.Average(), deviation = Math.Sqrt(logs.Average(l => (l - mean) * (l - mean)));
        Close.Require(mean, fitted.Modelled[0].Center, 1e-12);
        Close.Require(deviation, fitted.Modelled[0].Scale, 1e-12);
        float[] encoded = new float[200];
        fitted.Apply(rows).CopyValues(0, 200, encoded);
        for (int i = 0; i < 200; i++)
        {
            double x = double.Parse(cells[i], CultureInfo.InvariantCulture);
            Close.Require((Math.Log(x) - mean) / deviation, encoded[i], 1e-6);
            Close.Require(x, fitted.Modelled[0].Decode(encoded[i]), 1e-5 * Math.Max(1, x));
        }
    }

    [Fact]
    public void Kind_of_the_user_keeps_decimals_and_range()
    {
        MemoryTable table = MemoryTable.Of(Many(i => i % 3 == 0 ? "-5.25" : i % 3 == 1 ? "text" : "0.75"));
        TableSchema schema = TableSchema.Infer(table, new TableChoices
        {
            Kinds = new Dictionary<string, ColumnKind> { ["x"] = ColumnKind.Real },
        });
        Assert.Equal(2, schema.Modelled[0].Decimals);
        float[] cells = new float[3];
        schema.Read(table).CopyValues(0, 3, cells);
        Assert.Equal([-5.25f, float.NaN, 0.75f], cells);
        Assert.Equal("-5.25", schema.Modelled[0].Text(-5.25));
    }

    [Fact]
    public void Marks_among_numbers_and_single_texts_do_not_spoil_a_column()
    {
        MemoryTable marked = MemoryTable.Of(Many(i => i % 10 == 0 ? "none" : Text(Math.Sin(i))));
        Assert.Equal(ColumnKind.Real, TableSchema.Infer(marked).Columns[0].Kind);
        MemoryTable dated = MemoryTable.Of(Many(i => i == 9 ? "2024-01-01" : Text(Math.Sin(i))));
        Assert.InRange(TableSchema.Infer(dated).Columns[0].Maximum, 0.9, 1);
        // Comments that are all different, in a few rows: one level is left besides "other".
        MemoryTable sparse = MemoryTable.Of(Many(i => i % 10 == 0 ? $"comment {i}" : ""));
        TableSchema schema = TableSchema.Infer(sparse);
        Assert.InRange(schema.Fit(schema.Read(sparse)).Columns[0].Categories, 2, 21);
    }

    [Fact]
    public void Number_far_out_is_bounded_and_a_value_outside_its_kind_is_told()
    {
        MemoryTable table = MemoryTable.Of(Many(i => Text(Math.Sin(i))));
        TableSchema schema = TableSchema.Infer(table);
        schema = schema.Fit(schema.Read(table));
        Assert.Equal(1e15, schema.Modelled[0].Encode(1e300));
        TableColumn x = schema.Modelled[0];
        Assert.Equal((1e6 - x.Center) / x.Scale, x.Encode(1e6));
        MemoryTable counts = MemoryTable.Of(Many(i => $"{i % 50}"));
        TableSchema counted = TableSchema.Infer(counts);
        List<string> notes = [];
        counted.Read(MemoryTable.Of("3", "-500", "2.5"), notes.Add);
        Assert.Contains("2 cells are no count", notes.Single(), StringComparison.Ordinal);
        Assert.Throws<InvalidDataFileException>(() => counted.Read(MemoryTable.Of("x", "y")));
    }

    [Fact]
    public void Day_is_written_as_the_nearest_day()
    {
        MemoryTable table = MemoryTable.Of(Cells("day"));
        TableSchema schema = TableSchema.Infer(table);
        schema = schema.Fit(schema.Read(table));
        float[] encoded = new float[200];
        schema.Apply(schema.Read(table)).CopyValues(0, 200, encoded);
        for (int i = 0; i < 200; i++) Assert.Equal(Cells("day")[i], schema.Text(0, encoded[i]));
    }

    [Fact]
    public void Columns_are_matched_by_name_and_a_missing_one_is_named()
    {
        var table = new MemoryTable(["a", "b"], [.. Enumerable.Range(0, 60).Select(
            i => (string[])[Text(i + 0.5), Text(-i - 0.5)])]);
        TableSchema schema = TableSchema.Infer(table);
        Dataset turned = schema.Read(new MemoryTable(["b", "more", "a"], ["-1.5", "x", "2.5"]));
        float[] row = new float[2];
        turned.CopyValues(0, 1, row);
        Assert.Equal([2.5f, -1.5f], row);
        var failure = Assert.Throws<InvalidDataFileException>(
            () => schema.Read(new MemoryTable(["A", "b"], ["1", "2"])));
        Assert.Contains("no column 'a'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shuffled_and_cut_rows_keep_cells_and_labels_together()
    {
        var table = new MemoryTable(["x", "y"], [.. Enumerable.Range(0, 90).Select(
            i => (string[])[Text(i + 0.25), $"{i % 3}"])]);
        TableSchema schema = TableSchema.Infer(table, new TableChoices { Label = "y" });
        Dataset part = schema.Read(table).Shuffle(new Reparam.Tensors.Rng(1))[10..50];
        float[] cell = new float[1];
        for (int i = 0; i < part.Count; i++)
        {
            part.CopyValues(i, 1, cell);
            Assert.Equal((int)cell[0] % 3, part.Labels!.Value.Span[i]);
        }
    }

    [Fact]
    public void Saved_schema_is_the_same_and_a_damaged_one_is_refused()
    {
        using var folder = new TemporaryFolder();
        MemoryTable table = MemoryTable.Of(Cells("tail"));
        TableSchema schema = TableSchema.Infer(table);
        schema = schema.Fit(schema.Read(table));
        string path = folder.File("table.json");
        schema.Save(path);
        TableSchema read = TableSchema.Load(path);
        Assert.Equal(
            BitConverter.DoubleToInt64Bits(schema.Modelled[0].Scale), BitConverter.DoubleToInt64Bits(
            read.Modelled[0].Scale));
        string again = folder.File("again.json");
        read.Save(again);
        Assert.Equal(File.ReadAllText(path), File.ReadAllText(again));
        foreach (string damage in (string[])["", "{", "[]", "{}", File.ReadAllText(path).Replace(
            "\"scale\": ", "\"scale\": -", StringComparison.Ordinal), File.ReadAllText(path).Replace(
            "\"decimals\": ", "\"decimals\": -", StringComparison.Ordinal), File.ReadAllText(path).Replace(
            "\"Positive\"", "99", StringComparison.Ordinal), "{\"format\":{\"separator\":\",\",\"decimal\":\".\"," +
            "\"has_header\":true},\"label\":null,\"labels\":[],\"columns\":[null]}"])
        {
            File.WriteAllText(path, damage);
            Assert.Throws<InvalidModelException>(() => TableSchema.Load(path));
        }
    }

    [Theory]
    [InlineData(2, 2, "only 2 different ones in 2 cells")]
    [InlineData(40, 40, "only 40 different ones in 40 cells")]
    [InlineData(200, 5, "only 5 different ones in 200 cells")]
    [InlineData(200, 200, "positive numbers")]
    public void Logarithm_needs_evidence(int rows, int different, string reason)
    {
        MemoryTable table = MemoryTable.Of([.. Enumerable.Range(0, rows).Select(
            i => Text(0.5 * Math.Pow(3, 8.0 * (i % different) / different)))]);
        TableColumn column = TableSchema.Infer(table).Columns[0];
        Assert.Equal(rows == different && rows == 200 ? ColumnTransform.Log : ColumnTransform.Standardize,
            column.Transform);
        Assert.Contains(reason, column.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Huge_count_is_bounded_so_that_its_number_is_finite()
    {
        var schema = TableSchema.Infer(new MemoryTable(["n"], [.. Enumerable.Range(0, 99).Select(
            i => (string[])[$"{i % 40}"])]));
        Assert.Equal(1e15f, schema.Row(new Dictionary<string, string> { ["n"] = "1e39" })[0]);
    }

    [Theory]
    [InlineData("dd.MM.yyyy", "all cells are dates, the day first")]
    [InlineData("dd/MM/yyyy", "all cells are dates, the day first")]
    [InlineData("MM/dd/yyyy", "all cells are dates, the month first")]
    [InlineData("d.M.yyyy", "all cells are dates, the day first")]
    [InlineData("dd-MM-yyyy HH:mm", "all cells are dates, the day first")]
    [InlineData("M/d/yyyy HH:mm:ss", "all cells are dates, the month first")]
    public void Dates_are_read_and_written_in_the_order_that_their_cells_tell(string pattern, string reason)
    {
        DateTime[] times = [.. Enumerable.Range(0, 200).Select(
            i => new DateTime(2021, 1, 1).AddDays(i % 150).AddSeconds(pattern.Contains(":ss", StringComparison.Ordinal)
                ? 77 * i : 0))];
        string[] cells = [.. times.Select(t => t.ToString(pattern, CultureInfo.InvariantCulture))];
        cells[7] = "";
        var table = MemoryTable.Of(cells);
        TableSchema schema = TableSchema.Infer(table);
        TableColumn column = schema.Columns[0];
        Assert.Equal((ColumnKind.Date, reason), (column.Kind, column.Reason));
        Dataset data = schema.Read(table);
        Assert.Equal(cells, Enumerable.Range(0, 200).Select(i => data.CellText(i, 0)));
        double[] seconds = new double[200];
        data.CopyValues(0, 200, seconds);
        Assert.Equal((times[100] - DateTime.UnixEpoch).TotalSeconds, seconds[100]);
        Assert.Equal(cells[0], column.Text(column.Minimum));
        using var folder = new TemporaryFolder();
        schema.Save(folder.File("table.json"));
        Assert.Equal(column.DatePattern, TableSchema.Load(folder.File("table.json")).Columns[0].DatePattern);
        File.WriteAllText(folder.File("table.json"), File.ReadAllText(folder.File("table.json")).Replace(
            column.DatePattern, "'%'", StringComparison.Ordinal));
        Assert.Throws<InvalidModelException>(() => TableSchema.Load(folder.File("table.json")));
    }

    [Fact]
    public void Dates_without_a_day_above_12_have_the_order_that_is_chosen_or_none()
    {
        string[] cells = Many(i => $"{1 + i % 12:D2}.{1 + i % 7:D2}.2021");
        var table = new MemoryTable(["day", "x"], [.. cells.Select((c, i) => (string[])[c, Text(Math.Sin(i))])]);
        TableColumn open = TableSchema.Infer(table).Columns[0];
        Assert.Equal(ColumnKind.Category, open.Kind);
        Assert.Contains("choose day=date:day-first or day=date:month-first", open.Reason, StringComparison.Ordinal);
        TableChoices choices = new DataSettings { Columns = "day=date:month-first" }.Choices;
        TableColumn chosen = TableSchema.Infer(table, choices).Columns[0];
        Assert.Equal((ColumnKind.Date, "MM.dd.yyyy"), (chosen.Kind, chosen.DatePattern));
        // 2 January 2021, by GNU date.
        Assert.Equal(1609545600, chosen.Parse(
            "01.02.2021", table.Format, new LevelPositions([], table.Format), out _, out _));
        Assert.Contains("no cell of column 'day' tells the day from the month", Assert.Throws<InvalidDataFileException>(
            () => TableSchema.Infer(table, new DataSettings { Columns = "day=date" }.Choices)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_take_their_time_from_dates_in_any_order()
    {
        // 14 days, with a gap of a week after the sixth. The first six days do not tell the order.
        string[][] rows = [.. Enumerable.Range(0, 14).Select(i => (string[])[
            new DateTime(2021, 3, 5).AddDays(i < 6 ? i : i + 7).ToString("dd.MM.yyyy", CultureInfo.InvariantCulture),
            Text(Math.Sin(i))])];
        var table = new MemoryTable(["day", "x"], rows);
        foreach (string? time in (string?[])["day", null])
        {
            var choices = new TableChoices { Window = new TableWindow(2, 2, time) };
            TableSchema outline = TableSchema.Outline(table, choices);
            Assert.Equal("day", outline.Window!.Time);
            List<string> notes = [];
            Assert.Equal(7, outline.Read(table, notes.Add).Count);
            Assert.Contains("1 gap", Assert.Single(notes), StringComparison.Ordinal);
            TableSchema early = outline.InferFrom(table, choices, [0, 1, 2, 3, 4, 5]);
            Assert.Equal(7, early.Read(table).Count);
        }
    }
}

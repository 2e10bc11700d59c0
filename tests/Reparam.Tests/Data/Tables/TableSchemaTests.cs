using System.Globalization;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tabular;
using Reparam.Testing;

namespace Reparam.Tests.Data.Tables;

/// <summary>What columns are taken to be, and how their cells become numbers and back.</summary>
public sealed class TableSchemaTests
{
    private static string[] Many(Func<int, string> cell) => [.. Enumerable.Range(0, 200).Select(cell)];

    private static string Text(double x) => x.ToString("R", CultureInfo.InvariantCulture);

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
    public void Missing_cells_and_unknown_categories_are_told_apart()
    {
        MemoryTable table = MemoryTable.Of([.. Many(i => $"c{i % 3}"), "", "NA"]);
        TableSchema schema = TableSchema.Infer(table);
        schema = schema.Fit(schema.Read(table));
        List<string> notes = [];
        Dataset read = schema.Read(MemoryTable.Of("c1", "?", "new"), notes.Add);
        float[] cells = new float[3];
        schema.Apply(read).CopyValues(0, 3, cells);
        Assert.Equal(1, cells[0]);
        Assert.True(float.IsNaN(cells[1]));
        Assert.Equal(3, cells[2]); // other, after the three levels
        Assert.Equal(4, schema.Modelled[0].Categories);
        Assert.Contains("1 cells have a category that is not known", notes.Single(), StringComparison.Ordinal);
        Assert.Equal("c2", schema.Text(0, 2));
        Assert.Equal("", schema.Text(0, double.NaN));
    }

    [Fact]
    public void Level_that_only_held_out_rows_have_counts_as_other()
    {
        MemoryTable table = MemoryTable.Of([.. Many(i => $"c{i % 2}"), "late", "late"]);
        TableSchema schema = TableSchema.Infer(table);
        Dataset all = schema.Read(table);
        TableSchema fitted = schema.Fit(all[..200]);
        float[] cells = new float[202];
        fitted.Apply(all).CopyValues(0, 202, cells);
        Assert.Equal([0f, 1f, 2f, 2f], cells[198..]);
        Assert.Equal("other", fitted.Text(0, 2));
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
    [InlineData("1234.5", '.', 1234.5)]
    [InlineData("1,234.5", '.', 1234.5)]
    [InlineData("-12,345,678", '.', -12345678)]
    [InlineData("1.234,5", ',', 1234.5)]
    [InlineData("0,5", ',', 0.5)]
    [InlineData(" 7 ", '.', 7)]
    [InlineData("1e-3", '.', 0.001)]
    public void Number_is_read_in_the_form_of_the_table(string text, char mark, double value)
    {
        Assert.True(new TableFormat(Decimal: mark).TryNumber(text, out double read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("12,34", '.')]
    [InlineData("1,2345", '.')]
    [InlineData(",123", '.')]
    [InlineData("1,234,5.6", '.')]
    [InlineData("1.5.2", '.')]
    [InlineData("0x10", '.')]
    [InlineData("Infinity", '.')]
    [InlineData("1e999", '.')]
    [InlineData("-", '.')]
    [InlineData("12 34", '.')]
    public void Text_that_is_no_number_is_none(string text, char mark) =>
        Assert.False(new TableFormat(Decimal: mark).TryNumber(text, out _));

    [Theory]
    [InlineData('.')]
    [InlineData(',')]
    public void Levels_that_are_one_number_are_one_level(char mark)
    {
        string Cell(string text) => text.Replace('.', mark);
        string[][] rows = [.. Enumerable.Range(0, 120).Select(
            i => (string[])[Cell(((string[])["1", "1", "1.0", "01", "2.0", "10"])[i % 6]),
                i % 2 == 0 ? "7" : Cell("7.0"), ((string[])["1", "1.0", "one"])[i % 3]])];
        TableSource table = new MemoryTable(["grade", "same", "mixed"], rows)
        {
            Form = new TableFormat(';', mark, true),
        };
        TableChoices choices = new() { Kinds = new Dictionary<string, ColumnKind> { ["mixed"] = ColumnKind.Category } };
        var schema = TableSchema.Infer(table, choices);
        TableColumn grade = schema.Columns[0];
        // Each level has its most frequent text, and 10 comes after 2.
        Assert.Equal(ColumnKind.Category, grade.Kind);
        Assert.Equal(["1", Cell("2.0"), "10"], grade.Levels);
        Assert.Equal(ColumnKind.Constant, schema.Columns[1].Kind);
        Assert.Equal(["1", "1.0", "one"], schema.Columns[2].Levels);
        Assert.Equal([0f, 0f, 1f, 2f, 3f], new[] { "1.00", "001", "2", "10.0", "3" }.Select(
            text => schema.Row(new Dictionary<string, string> { ["grade"] = Cell(text) })[0]));
        double[] cells = new double[12];
        schema.Read(table).CopyValues(0, 6, cells);
        Assert.Equal([0, 0, 0, 0, 1, 2], cells.Where((_, i) => i % 2 == 0));
        RowCondition given = Assert.Single(RowCondition.Parse("grade=2", schema));
        Assert.Equal((true, false), (given.Holds(schema, [1, 0]), given.Holds(schema, [0, 0])));
        var labelled = TableSchema.Infer(table, choices with { Label = "grade" });
        Assert.Equal([1, 0, -1], new[] { "2", Cell("1.0"), "5" }.Select(labelled.LabelOf));
        Assert.Equal(3, labelled.Read(table).Classes);
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

    private static readonly MemoryTable Sizes = new(["size", "x"], [.. Enumerable.Range(0, 60).Select(
        i => (string[])[i == 59 ? "" : ((string[])["S", "M", "L"])[i % 3], Text(Math.Sin(i))])]);

    private static TableChoices Ordered(params string[] levels) => new()
    {
        Kinds = new Dictionary<string, ColumnKind> { ["size"] = ColumnKind.Ordinal },
        Levels = levels.Length == 0 ? new Dictionary<string, IReadOnlyList<string>>()
            : new Dictionary<string, IReadOnlyList<string>> { ["size"] = levels },
    };

    [Fact]
    public void Huge_count_is_bounded_so_that_its_number_is_finite()
    {
        var schema = TableSchema.Infer(new MemoryTable(["n"], [.. Enumerable.Range(0, 99).Select(
            i => (string[])[$"{i % 40}"])]));
        Assert.Equal(1e15f, schema.Row(new Dictionary<string, string> { ["n"] = "1e39" })[0]);
    }

    [Theory]
    [InlineData("ordinal:5", "does not fit the columns")]
    [InlineData("categorical:5", "does not fit the columns")]
    [InlineData("poisson", "for columns of counts, and the table has none")]
    [InlineData("offset", "is for arrays of counts")]
    [InlineData("log-normal", "is for arrays")]
    public void Likelihood_that_no_column_takes_is_refused(string likelihood, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("t.csv"), "in memory\n");
        RunSettings settings = RunSettings.ForTables with
        {
            Data = new DataSettings { Name = folder.File("t.csv") },
            Model = RunSettings.ForTables.Model with { Likelihood = likelihood switch
            {
                "ordinal:5" => new OrdinalLikelihoodSettings(),
                "categorical:5" => new CategoricalLikelihoodSettings { Categories = 5 },
                "poisson" => new PoissonLikelihoodSettings(),
                "offset" => new PoissonLikelihoodSettings { HasOffset = true },
                _ => new LogNormalLikelihoodSettings(),
            } },
        };
        Assert.Contains(message, Assert.Throws<InvalidConfigException>(() => Run.Create(
            folder.File("run"), settings, context: new RunContext
            {
                Formats = DataFormats.BuiltIn with { Tables = (_, _) => Sizes },
            })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ordinal_column_has_the_levels_in_the_given_order_and_no_other()
    {
        var schema = TableSchema.Infer(Sizes, Ordered("S", "M", "L", "XL"));
        TableColumn size = schema.Modelled[0];
        Assert.Equal(["S", "M", "L", "XL"], size.Levels);
        Assert.Equal(4, size.Categories);
        Assert.Equal([1f, float.NaN, 3f], new[] { "M", "huge", "XL" }.Select(
            text => schema.Row(new Dictionary<string, string> { ["size"] = text })[0]));
        Assert.Equal(["S", "XL", ""], new[] { 0, 7.2, double.NaN }.Select(v => schema.Text(0, v)));
        Assert.Equal(["L", "M", "S"], TableSchema.Infer(Sizes, Ordered()).Modelled[0].Levels);
        Dataset rows = schema.Read(Sizes);
        Assert.Equal(1 / 60.0, schema.Fit(rows).Modelled[0].Missing, 1e-12);
        using var folder = new TemporaryFolder();
        schema.Save(folder.File("table.json"));
        Assert.Equal(size.Levels, TableSchema.Load(folder.File("table.json")).Modelled[0].Levels);
    }

    [Theory]
    [InlineData("has the text 'L'", "S", "M")]
    [InlineData("named twice", "S", "M", "L", "S")]
    public void Levels_that_do_not_fit_the_column_are_refused(string message, params string[] levels) =>
        Assert.Contains(message, Assert.Throws<InvalidDataFileException>(
            () => TableSchema.Infer(Sizes, Ordered(levels))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a=count,size=ordinal:S<M<L", "a")]
    [InlineData("a, b=count\nsize=ordinal:S < M < L\n", "a, b")]
    public void Choices_are_parsed_from_one_line_or_from_many(string text, string counted)
    {
        TableChoices choices = new DataSettings { Columns = text }.Choices;
        Assert.Equal(ColumnKind.Count, choices.Kinds[counted]);
        Assert.Equal(ColumnKind.Ordinal, choices.Kinds["size"]);
        Assert.Equal(["S", "M", "L"], choices.Levels["size"]);
    }
}

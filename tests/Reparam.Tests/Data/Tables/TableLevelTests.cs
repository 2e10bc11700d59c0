using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Runs;
using Reparam.Tabular;
using Reparam.Testing;
using static Reparam.Tests.Data.Tables.MemoryTable;

namespace Reparam.Tests.Data.Tables;

/// <summary>The levels of categories, of ordinal columns and of labels.</summary>
public sealed class TableLevelTests
{
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

    private static readonly MemoryTable Sizes = new(["size", "x"], [.. Enumerable.Range(0, 60).Select(
        i => (string[])[i == 59 ? "" : ((string[])["S", "M", "L"])[i % 3], Text(Math.Sin(i))])]);

    private static TableChoices Ordered(params string[] levels) => new()
    {
        Kinds = new Dictionary<string, ColumnKind> { ["size"] = ColumnKind.Ordinal },
        Levels = levels.Length == 0 ? new Dictionary<string, IReadOnlyList<string>>()
            : new Dictionary<string, IReadOnlyList<string>> { ["size"] = levels },
    };

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

using System.Globalization;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Runs;
using Reparam.Scoring;
using Reparam.Tabular;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Data.Tables;

/// <summary>Columns that a model is conditioned on: p(x|y).</summary>
public sealed class TableConditionTests : IDisposable
{
    private static readonly string[] Names = ["x", "level", "site", "hits"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Inputs_are_standardised_numbers_one_hot_levels_logarithms_of_counts_and_marks_of_missing_cells()
    {
        string[][] rows = [["1", "10", "a", "0"], ["2", "30", "b", "9"], ["3", "", "a", "3"], ["4", "20", "b", ""]];
        TableSchema schema = Fitted(rows, out Dataset data, "level", "site", "hits");
        Assert.Equal(["x"], schema.Modelled.Select(c => c.Name));
        Assert.Equal(["level", "site", "hits"], schema.Conditions.Select(c => c.Name));
        // level: mean 20, standard deviation sqrt(200 / 3), and a mark; site: a, b and other; hits: log(1 + x), a mark
        Assert.Equal(7, schema.ConditionWidth);
        double step = 10 / Math.Sqrt(200.0 / 3);
        var reader = new BatchReader(data, Binarization.None, new Rng(0), DType.Float64);
        Tensor inputs = reader.Context(0, 4, 7)!;
        double[][] expected = [[-step, 0, 1, 0, 0, 0, 0], [step, 0, 0, 1, 0, Math.Log(10), 0],
            [0, 1, 1, 0, 0, Math.Log(4), 0], [0, 0, 0, 1, 0, 0, 1]];
        for (int i = 0; i < 28; i++) Assert.Equal(expected[i / 7][i % 7], inputs.At(i), 1e-6); // Float32 inputs
        Assert.Equal([30, 1, 9], data.Conditions(1));
    }

    [Fact]
    public void Far_condition_enters_the_networks_at_20_standard_deviations()
    {
        TableSchema schema = Fitted(Rows(50, new Rng(1)), out _, "level");
        string[][] rows = [["1", "1e9", "a", "0"], ["1", "-1e9", "a", "0"]];
        Dataset far = schema.Apply(schema.Read(new MemoryTable(Names, rows)));
        var reader = new BatchReader(far, Binarization.None, new Rng(0));
        Assert.Equal([20f, -20f], reader.Context(0, 2, 1)!.ToArray<float>());
    }

    [Fact]
    public void Saved_schema_has_the_conditions_to_the_bit()
    {
        TableSchema schema = Fitted(Rows(1500, new Rng(1)), out _, "level", "site");
        schema.Save(_folder.File("table.json"));
        TableSchema loaded = TableSchema.Load(_folder.File("table.json"));
        Assert.Equal(["level", "site"], loaded.Conditions.Select(c => c.Name));
        Assert.Equal(1000, loaded.Given.Count);
        Assert.Equal(schema.Given, loaded.Given);
        string text = File.ReadAllText(_folder.File("table.json"));
        int cut = text.LastIndexOf(',');
        File.WriteAllText(_folder.File("table.json"), text[..cut] + text[(cut + 1)..]);
        Assert.ThrowsAny<Exception>(() => TableSchema.Load(_folder.File("table.json")));
    }

    [Theory]
    [InlineData("speed", "it has no column 'speed'")]
    [InlineData("id", "'id' cannot be a condition")]
    [InlineData("x,level,site,hits", "no column is left to model")]
    public void Condition_that_is_none_is_refused(string condition, string message)
    {
        string[][] rows = [.. Rows(60, new Rng(1)).Select((row, i) => (string[])[.. row, $"row {i}"])];
        InvalidDataFileException error = Assert.Throws<InvalidDataFileException>(() => TableSchema.Infer(
            new MemoryTable([.. Names, "id"], rows), new TableChoices { Conditions = condition.Split(',') }));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_and_table_must_have_the_same_conditions()
    {
        Assert.Contains("read with the conditions ''", Assert.Throws<InvalidConfigException>(
            () => Trained(_folder.File("a"), condition: "level", read: [])).Message, StringComparison.Ordinal);
        Assert.Contains("is no table", Assert.Throws<InvalidConfigException>(() => Run.Create(_folder.File("b"),
            new RunSettings { Model = new VaeSettings { Condition = "level" } })).Message, StringComparison.Ordinal);
    }

    /// <summary>The data are x = 3 y + N(0, 0.1): every level of y has the same x given y.</summary>
    [Fact]
    public void Model_given_a_column_knows_the_others_given_its_cell()
    {
        Run run = Trained(_folder.File("run"), "level", ["level"], epochs: 60);
        Scorer scorer = Scorer.Load(run);
        double usual = Score(x: 6, y: 2), strange = Score(x: 6, y: 1), alsoUsual = Score(x: 3, y: 1);
        // x is 30 standard deviations from its mean given y = 1, and common in the table.
        Assert.True(strange > usual + 20, $"{strange} beside {usual}");
        Assert.Equal(usual, alsoUsual, 1.0);
        // A condition has no density: a rare y with the x that belongs to it is no stranger than its x.
        Assert.Contains("x", scorer.Score(Cells(6, 1)).Causes.First().Name, StringComparison.Ordinal);
        // The row as texts and the row of a file have one score.
        Dataset file = run.Prepare(run.Table!.Read(new MemoryTable(Names, [["6", "2", "a", "1"]])), "new");
        Assert.Equal(usual, scorer.Score(file)[0].Score);

        var sampler = new RowSampler(run.LoadModel(), run.Table!);
        Assert.Equal(Names, sampler.Columns);
        IReadOnlyList<RowCondition> given = RowCondition.Parse("level=1.5..2", run.Table!);
        double[][] rows = [.. sampler.Draw(400, new Rng(1), given).Select(
            row => (double[])[Number(row[0]), Number(row[1])])];
        Assert.All(rows, row => Assert.InRange(row[1], 1.5, 2));
        // Alone, x has a standard deviation of 2.6 and the mean 4.5, and 3 y is 5.25 here. After so few steps the model
        // draws x with a standard deviation of about 0.5 around 3 y, so the standard error of the mean is 0.025.
        Assert.Equal(0, rows.Average(row => row[0] - 3 * row[1]), 0.1);
        Assert.InRange(Math.Sqrt(rows.Average(row => Math.Pow(row[0] - 3 * row[1], 2))), 0.05, 0.7);
        // A value that no training row has is given as it is.
        Assert.All(sampler.Draw(20, new Rng(1), RowCondition.Parse("level=2.9999", run.Table!)),
            row => Assert.Equal("3.00", row[1]));

        var imputer = new Imputer(run.LoadModel(), run.Table!, new Rng(2));
        float[] missing = [float.NaN, .. new float[2]];
        string[][] gaps = [["", "2", "a", "1"], ["", "1", "a", "1"]];
        Dataset two = run.Prepare(run.Table!.Read(new MemoryTable(Names, gaps)), "new");
        var reader = new BatchReader(two, Binarization.None, new Rng(0));
        for (int i = 0; i < 2; i++)
        {
            two.CopyValues(i, 1, missing);
            double x = run.Table!.Modelled[0].Decode(imputer.Fill(missing, reader.Context(i, 1, 1))[0]);
            Assert.Equal(i == 0 ? 6 : 3, x, 0.3);
        }

        double Score(double x, double y) => scorer.Score(Cells(x, y)).Score;

        static Dictionary<string, string> Cells(double x, double y) => new()
        {
            ["x"] = Text(x), ["level"] = Text(y), ["site"] = "a", ["hits"] = "1",
        };
    }

    [Fact]
    public void Windows_have_the_conditions_of_each_of_their_rows()
    {
        string[][] rows = Rows(40, new Rng(1));
        var choices = new TableChoices { Conditions = ["level"], Window = new TableWindow(4, 4) };
        TableSchema schema = TableSchema.Infer(new MemoryTable(Names, rows), choices);
        Dataset read = schema.Read(new MemoryTable(Names, rows));
        schema = schema.Fit(read);
        Dataset data = schema.Apply(read);
        Assert.Equal((10, 12, 4), (data.Count, data.EventShape.Size, schema.ConditionWidth));
        Assert.Equal(rows[8..12].Select(row => Number(row[1])), data.Conditions(2));
        Assert.Equal(rows[8..12].Select(row => Number(row[0])), Enumerable.Range(0, 4).Select(
            t => Number(data.CellText(2, 3 * t))));
    }

    [Fact]
    public void Drawn_windows_have_the_given_condition_in_each_row()
    {
        string[][] rows = Rows(400, new Rng(1));
        var source = new MemoryTable(Names, rows);
        Dataset data = TableSchema.Infer(source, new TableChoices
        {
            Conditions = ["level", "site"], Window = new TableWindow(2, 2),
        }).Read(source);
        RunSettings settings = RunSettings.ForTables with
        {
            Training = RunSettings.ForTables.Training with { Epochs = 1 },
        };
        var run = Run.Create(_folder.File("windows"), settings with
        {
            Model = (VaeSettings)settings.Model with { Condition = "site,level" },
        }, new DataSplits(data[..150], data[150..175], data[175..]));
        run.Train();
        var sampler = new RowSampler(run.LoadModel(), run.Table!);
        string[][] drawn = [.. sampler.Draw(30, new Rng(1), RowCondition.Parse("site=a,level=0.5..2.5", run.Table!))
            .Select(row => row.ToArray())];
        Assert.Equal(60, drawn.Length);
        Assert.All(drawn, row => Assert.Equal("a", row[3]));
        Assert.All(drawn, row => Assert.InRange(Number(row[2]), 0.5, 2.5));
        Assert.Contains("'x' is a column that it models", Assert.Throws<InvalidConfigException>(() => sampler.Draw(
            1, new Rng(1), RowCondition.Parse("x=1", run.Table!)).ToArray()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("level=1,level=2", "has two conditions")]
    [InlineData("hits=2.5", "whole numbers from 0")]
    [InlineData("hits=-3", "whole numbers from 0")]
    [InlineData("hits=1.2..1.8", "whole numbers from 0")]
    [InlineData("x=", "Column 'x' is drawn, and drawn cells are not missing")]
    public void Value_that_no_cell_can_have_is_refused(string given, string message)
    {
        TableSchema schema = Fitted(Rows(50, new Rng(1)), out _, "level", "hits");
        Assert.Contains(message, Assert.Throws<InvalidConfigException>(
            () => RowCondition.Parse(given, schema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Condition_may_be_missing()
    {
        string[][] rows = [["1", "10", "a", "0"], ["2", "30", "b", "9"], ["3", "", "", "3"], ["4", "20", "b", "1"]];
        TableSchema schema = Fitted(rows, out _, "level", "site", "hits");
        List<string> notes = [];
        foreach (string text in (string[])["level=", "level=NA", "site=", "site=\"\""])
        {
            RowCondition condition = Assert.Single(RowCondition.Parse(text, schema, notes.Add));
            Assert.Equal(double.NaN, condition.Value);
        }

        Assert.Empty(notes);
        Assert.Equal([double.NaN, 9, double.NaN],
            RowCondition.Parse("level=,hits=9,site=", schema).Select(c => c.Value!.Value));
        RowCondition.Parse("hits=", schema, notes.Add);
        Assert.Contains("'hits' is missing here and in no training row", Assert.Single(notes),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Conditions_have_names_and_values_in_quotes()
    {
        string[] names = ["a,b", "c=d", "e"];
        string[][] rows = [.. Enumerable.Range(0, 60).Select(
            i => (string[])[$"{i}.5", i % 2 == 0 ? "p,q=1" : "r\"s", $"{i % 7}.25"])];
        TableSchema schema = TableSchema.Infer(new MemoryTable(names, rows));
        IReadOnlyList<RowCondition> given = RowCondition.Parse(
            "\"a,b\"=1.5..2.5, \"c=d\" = \"p,q=1\",e=0.25", schema);
        Assert.Equal(names, given.Select(c => c.Column(schema)));
        Assert.True(given[1].Holds(schema, [0, 0, 0]) && !given[1].Holds(schema, [0, 1, 0]));
        Assert.True(RowCondition.Parse("\"c=d\"=r\"s", schema)[0].Holds(schema, [0, 1, 0]));
        Assert.Throws<InvalidConfigException>(() => RowCondition.Parse("\"a,b=1", schema));
    }

    [Fact]
    public void Missing_condition_that_no_training_row_had_is_told()
    {
        TableSchema schema = Fitted(Rows(50, new Rng(1)), out _, "level", "site");
        List<string> notes = [];
        schema.Read(new MemoryTable(Names, [["1", "", "a", "0"], ["1", "1", "a", "0"]]), notes.Add);
        Assert.Contains("'level' is a condition of the model and has 1 missing cells", Assert.Single(notes),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Conditions_are_part_of_the_data_that_a_run_records()
    {
        string[][] rows = Rows(30, new Rng(1)), others = [.. rows.Select(row => (string[])[.. row])];
        others[3][1] = "2.5";
        Fitted(rows, out Dataset data, "level");
        Fitted(others, out Dataset changed, "level");
        Assert.NotEqual(data.Sha256, changed.Sha256);
    }

    private static TableSchema Fitted(string[][] rows, out Dataset data, params string[] conditions)
    {
        TableSchema schema = TableSchema.Infer(new MemoryTable(Names, rows), new TableChoices
        {
            Conditions = conditions,
            Kinds = new Dictionary<string, ColumnKind>
            {
                ["x"] = ColumnKind.Real, ["level"] = ColumnKind.Real, ["hits"] = ColumnKind.Count,
                ["site"] = ColumnKind.Category,
            },
        });
        Dataset read = schema.Read(new MemoryTable(Names, rows));
        schema = schema.Fit(read);
        data = schema.Apply(read);
        return schema;
    }

    private static Run Trained(string path, string condition, string[] read, int epochs = 1)
    {
        string[][] rows = Rows(800, new Rng(4));
        var source = new MemoryTable(Names, rows);
        Dataset data = TableSchema.Infer(source, new TableChoices { Conditions = read }).Read(source);
        RunSettings settings = RunSettings.ForTables with
        {
            Training = RunSettings.ForTables.Training with { Epochs = epochs, Batch = 20 },
        };
        var run = Run.Create(path, settings with
        {
            Model = (VaeSettings)settings.Model with { Condition = condition },
        }, new DataSplits(data[..600], data[600..700], data[700..]));
        run.Train();
        return run;
    }

    private static string[][] Rows(int count, Rng rng) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        double y = Math.Round(3 * rng.NextDouble(), 2);
        // The sum of twelve uniform numbers less 6 has mean 0 and standard deviation 1.
        double noise = Enumerable.Range(0, 12).Sum(_ => rng.NextDouble()) - 6;
        return (string[])[Text(Math.Round(3 * y + 0.1 * noise, 3)), Text(y), rng.NextDouble() < 0.5 ? "a" : "b",
            Text(rng.NextInt32(5))];
    })];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(double x) => x.ToString("R", CultureInfo.InvariantCulture);
}

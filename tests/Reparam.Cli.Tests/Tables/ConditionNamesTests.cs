using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Tables;

/// <summary>Conditions on columns of any name, on missing cells, and what is refused about them.</summary>
public sealed class ConditionNamesTests : IDisposable
{
    private static readonly string[] Short = ["--epochs", "1", "--hidden", "4", "--latent", "2", "--quiet"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_of_any_name_can_be_conditions()
    {
        // The levels of the last column have a comma, an equals sign and a quote.
        File.WriteAllLines(_folder.File("x.csv"), ["none,labels,\"load, kW\",a=b,x,site", .. Enumerable.Range(0, 120)
            .Select(i => FormattableString.Invariant(
                $"{i % 17}.5,{i % 11}.5,{i % 13}.5,{i % 23}.5,{i}.5,{(i % 2 == 0 ? "\"p, q=1\"" : "\"r\"\"s\"")}"))]);
        string[] condition = ["--condition", "\"none\",\"labels\",\"load, kW\",a=b,site"];
        Run(["train", "--data", "x.csv", .. condition, .. Short, "--out", "run"]).Exits(0);
        Run("sample", "run", "-n", "4", "--given",
            "none=3.5,labels=4.5,\"load, kW\"=5.5,\"a=b\"=6.5,site=\"p, q=1\"", "--out", "s.csv").Exits(0);
        string[] rows = File.ReadAllLines(_folder.File("s.csv"));
        Assert.Equal("none,labels,\"load, kW\",a=b,x,site", rows[0]);
        Assert.All(rows[1..], row => Assert.True(row.StartsWith("3.5,4.5,5.5,6.5,", StringComparison.Ordinal)
            && row.EndsWith(",\"p, q=1\"", StringComparison.Ordinal), row));
        Run("train", "--resume", "run", "--epochs", "2", "--quiet").Exits(0);
        Run("sample", "run", "--given", "\"load, kW=1").Exits(2).Says("The quotes in", "not closed");

        // One of the two words alone means itself; in quotes it is a column.
        Run(["train", "--data", "x.csv", "--condition", "\"labels\"", .. Short, "--out", "one"]).Exits(0);
        Assert.Contains("| labels | real | none: a condition |", File.ReadAllText(_folder.File("one/README.md")),
            StringComparison.Ordinal);
        Run(["train", "--data", "x.csv", "--condition", "labels", .. Short]).Exits(2).Says(
            "needs data with labels", "For the column of this name, write the name in double quotes");
        // The same quotes name columns in the other lists.
        JsonElement told = Run("data", "describe", "x.csv", "--ignore", "\"load, kW\"", "--columns",
            "\"a=b\"=count,site=ordinal:\"r\"\"s\"<\"p, q=1\"", "--json").Exits(0).Json;
        Assert.Equal(["real", "real", "ignored", "count", "real", "ordinal"], told.GetProperty("columns")
            .EnumerateArray().Select(c => c.GetProperty("kind").GetString()));
        Assert.Equal("r\"s", told.GetProperty("columns")[5].GetProperty("levels")[0].GetString());
    }

    [Fact]
    public void Refusals_speak_of_the_columns()
    {
        Write("x.csv", i => i % 2 == 0 ? "a" : "b");
        string[] train = ["train", "--data", "x.csv", "--condition", "speed,site"];
        Run([.. train, "--set", "model.context=7"]).Exits(2).Says(
            "model.context is 7, and the columns of model.condition (--condition) 'speed,site' make 4 inputs");
        Run([.. train, "--classes", "7"]).Exits(2).Says("model.classes", "belongs to 'semi-supervised', not to 'vae'");
        Run([.. train, "--prior", "vamp:5"]).Exits(2).Says("gives the columns speed,site to the encoder");
        Run("train", "--data", "digits", "--condition", "labels", "--prior", "vamp:5").Exits(2).Says(
            "gives labels to the encoder");
        Run("train", "--data", "digits", "--condition", "labels", "--set", "model.context=7").Exits(2).Says(
            "model.context is 7, and the data 'digits' have 10 labels");
    }

    [Fact]
    public void Condition_may_be_missing()
    {
        Write("x.csv", i => i % 4 == 0 ? "" : i % 2 == 0 ? "a" : "b");
        Run(["train", "--data", "x.csv", "--condition", "speed,site", .. Short, "--out", "run"]).Exits(0);
        Run("sample", "run", "-n", "5", "--given", "site=,speed=3.5", "--out", "s.csv").Exits(0);
        Assert.All(File.ReadAllLines(_folder.File("s.csv"))[1..], row => Assert.Equal(
            ("3.5", ""), (row.Split(',')[0], row.Split(',')[2])));
        Run("traverse", "run", "--given", "site=,speed=3.5", "--out", "t.csv").Exits(0);
        Assert.All(File.ReadAllLines(_folder.File("t.csv"))[1..], row => Assert.EndsWith(",", row,
            StringComparison.Ordinal));
        // No training row lacks a speed: the model answers, and the user is told what this answer is worth.
        Run("sample", "run", "-n", "5", "--given", "speed=").Exits(0).Says(
            "column 'speed' is missing here and in no training row", "not founded on data");
        Run("sample", "run", "-n", "5", "--given", "load=").Exits(2).Says("Column 'load' is drawn");
    }

    [Fact]
    public void Commands_that_need_other_classes_or_other_data_say_so()
    {
        Write("x.csv", i => i % 4 == 0 ? "bad" : "good");
        Run(["train", "--data", "x.csv", "--label", "site", "--train-on", "good", .. Short, "--out", "run"]).Exits(0);
        Run("arithmetic", "run", "--a", "label:good", "--c", "0", "--out", "a.csv").Exits(2).Says(
            "--b is missing, and there are no other classes to subtract", "are good");
        Run("arithmetic", "run", "--a", "label:good", "--b", "1", "--c", "0", "--out", "a.csv").Exits(0);
        Run("arithmetic", "run", "--a", "label:bad", "--c", "0").Exits(2).Says("names no class of the training data");
        Run("neighbours", "run", "--index", "0", "--limit", "1", "--out", "n.csv").Exits(2).Says(
            "has one data point, which has no neighbours");
    }

    [Fact]
    public void Describe_takes_the_condition_and_the_seed_of_train()
    {
        Write("x.csv", i => i == 5 ? "rare" : i % 2 == 0 ? "a" : "b");
        JsonElement told = Run("data", "describe", "x.csv", "--condition", "speed,site", "--json").Exits(0).Json;
        Assert.Equal([true, false, true], told.GetProperty("columns").EnumerateArray().Select(
            c => c.GetProperty("condition").GetBoolean()));
        Assert.Contains("; a condition", Run("data", "describe", "x.csv", "--condition", "site").Exits(0).Output,
            StringComparison.Ordinal);
        Run("data", "describe", "x.csv", "--condition", "speed,load,site").Exits(3).Says("no column is left to model");
        Run("data", "describe", "x.csv", "--condition", "sped").Exits(3).Says("no column 'sped'");
        // The seed decides whether the one row of the rare level is a training row.
        Assert.Equal([2, 3], Enumerable.Range(0, 12).Select(seed => Run(
                "data", "describe", "x.csv", "--seed", $"{seed}", "--json").Exits(0).Json.GetProperty("columns")[2]
            .GetProperty("levels").GetArrayLength()).Distinct().Order());
    }

    [Fact]
    public void Rows_have_the_dates_of_their_source()
    {
        File.WriteAllLines(_folder.File("x.csv"), ["day;load", .. Enumerable.Range(0, 120).Select(
            i => FormattableString.Invariant($"{1 + i % 28:D2}.{1 + i % 6:D2}.2021;{i % 13},5"))]);
        Run(["train", "--data", "x.csv", "--condition", "day", .. Short, "--out", "run"]).Exits(0);
        Run("sample", "run", "-n", "20", "--given", "day=13.01.2021..20.03.2021", "--out", "s.csv").Exits(0);
        Assert.All(File.ReadAllLines(_folder.File("s.csv"))[1..], row => Assert.Matches(
            @"^""?\d\d\.0[123]\.2021", row));
        Run("sample", "run", "-n", "20", "--out", "s.parquet").Exits(0);
        JsonElement told = Run("data", "describe", "s.parquet", "--json").Exits(0).Json;
        Assert.Equal("date", told.GetProperty("columns")[0].GetProperty("kind").GetString());
        Run("compare-tables", "x.csv", "s.csv", "--quiet").Exits(0);
    }

    private void Write(string file, Func<int, string> site) => File.WriteAllLines(_folder.File(file),
        ["speed,load,site", .. Enumerable.Range(0, 120).Select(
            i => FormattableString.Invariant($"{i % 40}.5,{2 * (i % 40)}.{i % 7},{site(i)}"))]);

    private CommandLine.Outcome Run(params string[] arguments) => CommandLine.Run(_folder.Path, arguments);
}

using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Tables;

/// <summary><c>data describe</c> with the options of <c>train</c>: what a training would see.</summary>
public sealed class DescribeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DescribeTests() => File.WriteAllText(_folder.File("pumps.csv"), "time;load;state;fault\n" + string.Concat(
        Enumerable.Range(0, 100).Select(i => FormattableString.Invariant(
            $"{i};{i % 9},5;{i % 3};{(i % 5 == 4 ? "bad" : "good")}\n"))));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Options_of_train_change_the_columns_and_the_parts_as_training_has_them()
    {
        string[] options = ["--label", "fault", "--train-on", "good", "--columns", "state=ordinal", "--ignore", "time"];
        JsonElement told = Describe([.. options, "--json"]).Exits(0).Json;
        Assert.Equal((",", ";"), (told.GetProperty("decimal").GetString(), told.GetProperty("separator").GetString()));
        Assert.Equal(["ignored", "real", "ordinal", "ignored"], Kinds(told));
        Assert.Equal("the label", told.GetProperty("columns")[3].GetProperty("reason").GetString());
        // 80 of the 100 rows are good: 8 test rows, and a tenth of the other 72 for validation.
        JsonElement parts = told.GetProperty("training");
        Assert.Equal((65, 7, 8), (parts.GetProperty("train").GetInt32(), parts.GetProperty("validation").GetInt32(),
            parts.GetProperty("test").GetInt32()));
        CommandLine.Run(_folder.Path, ["train", "--data", "pumps.csv", .. options, "--epochs", "1", "--out", "run"])
            .Exits(0).Says("65 training, 7 validation, 8 test");
    }

    [Fact]
    public void Windows_are_counted_and_too_few_rows_are_told()
    {
        JsonElement told = Describe("--window", "4", "--time", "time", "--json").Exits(0).Json;
        Assert.Equal("ignored", Kinds(told)[0]);
        // 25 windows of 4 rows without a row in common: 2 at the end for testing, the 2 before for validation.
        Assert.Equal(21, told.GetProperty("training").GetProperty("train").GetInt32());
        Assert.Contains("21 windows of 4 rows", Describe("--window", "4", "--time", "time").Exits(0).Output,
            StringComparison.Ordinal);
        told = Describe("--window", "40", "--json").Exits(0).Json;
        Assert.Equal(JsonValueKind.Null, told.GetProperty("training").ValueKind);
        Assert.Contains("not possible", Describe("--window", "40").Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_options_are_refused_in_the_words_of_the_command_line()
    {
        Describe("--columns", "laod=real").Exits(3).Says("no column 'laod'", "Did you mean 'load'");
        Describe("--columns", "load=reel").Exits(2).Says("--columns", "Did you mean 'real'");
        Describe("--stride", "2").Exits(2).Says("choose their length with --window");
        Describe("--label", "fault", "--train-on", "god").Exits(2).Says("--train-on 'god'", "Did you mean 'good'");
        File.WriteAllText(_folder.File("kinds.txt"), "state=category\nload=positive\n");
        Assert.Equal(["positive", "category"], Kinds(Describe(
            "--columns", "kinds.txt", "--ignore", "time", "--json").Exits(0).Json)[1..3]);
    }

    private CommandLine.Outcome Describe(params string[] options) =>
        CommandLine.Run(_folder.Path, ["data", "describe", "pumps.csv", .. options]);

    private static string[] Kinds(JsonElement told) => [.. told.GetProperty("columns").EnumerateArray().Select(
        c => c.GetProperty("kind").GetString()!)];
}

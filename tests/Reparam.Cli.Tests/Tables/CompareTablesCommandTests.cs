using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Tables;

/// <summary>A synthetic table beside the real one. The numbers themselves are tested in the library.</summary>
public sealed class CompareTablesCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CompareTablesCommandTests()
    {
        File.WriteAllText(_folder.File("real.csv"), Rows(300, 0));
        File.WriteAllText(_folder.File("synthetic.csv"), Rows(200, 1));
    }

    public void Dispose() => _folder.Dispose();

    private static string Rows(int count, int seed) => TableCommandTests.Shared.Rows(count, seed);

    private CommandLine.Outcome Compare(params string[] more) =>
        CommandLine.Run(_folder.Path, ["compare-tables", "real.csv", "synthetic.csv", .. more]);

    [Fact]
    public void Comparison_fits_80_columns_and_names_what_it_found()
    {
        File.WriteAllText(_folder.File("held.csv"), Rows(150, 2));
        string output = Compare("--held-out", "held.csv", "--target", "city").Exits(0).Output;
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        string text = CommandLine.Outcome.Joined(output);
        foreach (string words in (string[])["real.csv, 300 rows", "held out        held.csv, 150 rows",
            "id (identifier: 300 different texts in 300 rows: they name rows)", "10/10 %", "mean distance",
            "rank correlation of numbers, else Cramér's V", "ROC AUC", "city, accuracy on 150 held-out rows",
            "percentile", "0 of 200 synthetic rows equal a real row", "50 % is ideal"])
            Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.DoesNotContain("fault", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Same_seed_gives_the_same_numbers_on_any_number_of_threads()
    {
        string one = Compare("--json", "--target", "age", "--threads", "1").Exits(0).Output;
        Assert.Equal(one, Compare("--json", "--target", "age", "--threads", "3").Exits(0).Output);
        Assert.NotEqual(one, Compare("--json", "--target", "age", "--seed", "1").Exits(0).Output);
    }

    [Fact]
    public void Unknown_levels_numbers_outside_and_columns_of_one_table_are_counted()
    {
        // 40 ages out of range, 20 unknown cities, 10 texts in a column of numbers; one column less and one more.
        string[] rows = [.. Rows(200, 1).TrimEnd().Split('\n').Select((line, i) => i == 0
            ? "age,income,city,visits,country,more"
            : $"{(i <= 40 ? "99.5" : "30.5")},{(i <= 10 ? "much" : "2.50")},{(i <= 20 ? "Paris" : "Rome")},3,CH,1")];
        File.WriteAllLines(_folder.File("synthetic.csv"), rows);
        CommandLine.Outcome outcome = Compare("--json").Exits(0).Says(
            "note: synthetic table: column 'income': 10 cells are no number", "'city': 20 cells",
            "'Paris' in row 1");
        JsonElement json = outcome.Json;
        Assert.Equal(["age", "income", "city", "visits", "country"],
            json.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        double Outside(int column) => json.GetProperty("columns")[column].GetProperty("outside").GetDouble();
        Assert.Equal((0.2, 0.1, 0.0), (Outside(0), Outside(2), Outside(4)));
        Assert.Equal(["id", "member", "strange", "more"], json.GetProperty("left_out").EnumerateArray().Select(
            c => c.GetProperty("column").GetString()));
        Assert.Equal(2, json.GetProperty("notes").GetArrayLength());
        string faults = string.Join(' ', json.GetProperty("faults").EnumerateArray().Select(f => f.GetString()));
        Assert.Contains("lacks 2 columns: member, strange.", faults, StringComparison.Ordinal);
        Assert.Contains("The distribution of 4 columns differs clearly", faults, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_are_compared_row_by_row()
    {
        string[] rows = Rows(120, 1).TrimEnd().Split('\n');
        File.WriteAllLines(_folder.File("real.csv"), Rows(300, 0).TrimEnd().Split('\n').Select(
            (line, i) => $"{(i == 0 ? "time" : $"2026-02-{1 + i / 24:D2}T{i % 24:D2}:00")},{line}"));
        Windowed(i => 1 + i / 4);
        CommandLine.Outcome outcome = Compare("--json").Exits(0).Says(
            "note: synthetic table: its windows of 4 rows are compared row by row");
        Assert.Equal(["time: a date, which rows of windows do not have",
            "window: the number of the window: windows are compared row by row"],
            outcome.Json.GetProperty("left_out").EnumerateArray().Select(c =>
                $"{c.GetProperty("column").GetString()}: {c.GetProperty("reason").GetString()}").Where(
                text => !text.StartsWith("id", StringComparison.Ordinal)));
        Assert.Empty(outcome.Json.GetProperty("faults").EnumerateArray());

        // Other columns of this name are no windows: unequal sizes, single rows, other numbers.
        foreach (Func<int, object> number in (Func<int, object>[])[
            i => 1 + i / 7, i => 1 + i, i => 2 + i / 4, i => i / 4, i => "open"])
        {
            Windowed(number);
            outcome = Compare("--json").Exits(0);
            Assert.Empty(outcome.Json.GetProperty("notes").EnumerateArray());
            Assert.Contains("lacks 1 column: time", outcome.Output, StringComparison.Ordinal);
            Assert.Contains("only in the synthetic table", outcome.Output, StringComparison.Ordinal);
        }

        void Windowed(Func<int, object> number) => File.WriteAllLines(_folder.File("synthetic.csv"), rows.Select(
            (line, i) => $"{(i == 0 ? "window" : number(i - 1))},{line}"));
    }

    [Fact]
    public void Copied_table_is_a_fault()
    {
        File.Copy(_folder.File("real.csv"), _folder.File("synthetic.csv"), overwrite: true);
        Assert.Contains("300 of 300 synthetic rows are exact copies of real rows",
            CommandLine.Outcome.Joined(Compare().Exits(0).Output), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_about_tables_are_those_of_train()
    {
        File.WriteAllText(_folder.File("real.csv"),
            string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 9},{i % 7};{i % 3};x{i}\n")));
        File.WriteAllText(_folder.File("synthetic.csv"), "column2,column1\n" + string.Concat(
            Enumerable.Range(0, 60).Select(i => $"{i % 3},\"{i % 8},5\"\n")));
        JsonElement columns = Compare("--json", "--separator", "semicolon", "--decimal", "comma", "--header", "no",
            "--columns", "column2=count", "--ignore", "column3").Exits(0).Json.GetProperty("columns");
        Assert.Equal(["real", "count"], columns.EnumerateArray().Select(c => c.GetProperty("kind").GetString()));
        Assert.Equal(0, columns[1].GetProperty("distance").GetDouble());
        Compare("--columns", "column2=many").Exits(2).Says("--columns takes COLUMN=KIND");
        Compare("--columns", "column9=count").Exits(3).Says("it has no column 'column9'");
        Compare("--separator", "dot").Exits(2).Says("separator");
    }

    [Theory]
    [InlineData(3, "There is no file 'none.csv'", "none.csv", "synthetic.csv")]
    [InlineData(3, "line 3 has 2 cells", "real.csv", "ragged.csv")]
    [InlineData(3, "none of the columns of the real table", "real.csv", "other.csv")]
    [InlineData(3, "only 2 rows", "real.csv", "short.csv")]
    [InlineData(3, "'text.csv': no cell of column 'age' is a number, first 'old'; choose its kind with --columns, or " +
        "the decimal mark with --decimal", "real.csv", "text.csv")]
    [InlineData(3, "There is no file 'none.csv'", "real.csv", "synthetic.csv", "--held-out", "none.csv")]
    [InlineData(2, "Did you mean 'city'?", "real.csv", "synthetic.csv", "--target", "citi")]
    [InlineData(2, "has 1 different values", "real.csv", "synthetic.csv", "--target", "country")]
    [InlineData(2, "is not a column that is compared", "real.csv", "synthetic.csv", "--target", "id")]
    [InlineData(2, "must end in .html or .svg", "real.csv", "synthetic.csv", "--out", "page.pdf")]
    [InlineData(2, "which is not a folder", "real.csv", "synthetic.csv", "--out", "none/page.html")]
    [InlineData(2, "--seed takes a whole number", "real.csv", "synthetic.csv", "--seed", "-1")]
    public void What_cannot_be_compared_is_refused(int code, string words, params string[] arguments)
    {
        File.WriteAllText(_folder.File("ragged.csv"), "age,city,visits\n1,a,2\n2,b\n");
        File.WriteAllText(_folder.File("other.csv"), "u,v\n" + string.Concat(Enumerable.Repeat("1,2\n", 20)));
        File.WriteAllText(_folder.File("short.csv"), "age,city\n1,Rome\n2,Bern\n");
        File.WriteAllText(_folder.File("text.csv"), "age,city\n" + string.Concat(Enumerable.Repeat("old,Rome\n", 20)));
        File.WriteAllText(_folder.File("page.html"), "as it was");
        string[] line = ["compare-tables", .. arguments, .. arguments.Contains("--out") ? [] : (string[])["--out",
            "page.html"]];
        Assert.Empty(CommandLine.Run(_folder.Path, line).Exits(code).Says(words).Output);
        Assert.Equal("as it was", File.ReadAllText(_folder.File("page.html")));
    }

    [Fact]
    public void Page_picture_or_both_are_written()
    {
        Compare("--out", "page.html").Exits(0);
        Compare("--out", "picture.svg").Exits(0);
        string[] written = [.. Compare("--out", "both", "--json").Exits(0).Json.GetProperty("out").EnumerateArray()
            .Select(p => Path.GetFileName(p.GetString()!))];
        Assert.Equal(["comparison.html", "comparison.svg"], written);
        Assert.Equal(Text("page.html"), Text("both/comparison.html"));
        Assert.Equal(Text("picture.svg"), Text("both/comparison.svg"));
        Assert.Contains("<title>synthetic.csv compared with real.csv</title>", Text("page.html"),
            StringComparison.Ordinal);

        string Text(string file) => File.ReadAllText(_folder.File(file));
    }
}

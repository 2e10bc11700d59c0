using Reparam.Cli.Display;
using Spectre.Console;

namespace Reparam.Cli.Tests.Display;

/// <summary>
/// Tables on terminals of any width: columns break at blanks, and become lines where they do not fit.
/// </summary>
public sealed class ResultTableTests
{
    private static readonly string[] s_estimators = ["estimator", "promise", "bias %", "+/-", "worst dev", "variance",
        "signal/noise", "us", "us x variance"];

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(40)]
    public void Words_stay_whole_at_every_width(int width)
    {
        var study = new ResultTable(s_estimators);
        study.Add("score function, leave-one-out baseline", "unbiased", "0.12", "0.34", "1.5", "0.00123", "12.3",
            "4", "0.0049");
        study.Add("pathwise", "unbiased", "-0.01", "0.02", "0.9", "1.2", "3.4", "2", "2.4");
        var tensors = new ResultTable("name", "type", "shape", "count");
        tensors.Add("encoder.hidden.0.weight", "Float32", "[500, 784]", "392000");
        var sets = new ResultTable("name", "state", "description");
        sets.Add("digits", "built in",
            "Handwritten-like digits with known factors, drawn by the program itself. Licence: MIT");
        foreach ((ResultTable table, string[] words) in ((ResultTable, string[])[])
            [
                (study, [.. s_estimators.SelectMany(h => h.Split(' ')), "score", "function,", "leave-one-out",
                    "baseline", "unbiased", "0.00123", "0.0049", "-0.01"]),
                (tensors, ["encoder.hidden.0.weight", "Float32", "[500,", "784]", "392000"]),
                (sets, ["digits", "built", "Handwritten-like", "factors,", "Licence:"]),
            ])
        {
            string text = Drawn(table, width);
            string[] lines = text.TrimEnd('\n').Split('\n');
            foreach (string word in words) Assert.Contains(word, text, StringComparison.Ordinal);
            Assert.All(lines, line => Assert.True(line.Length <= width, $"{line.Length} > {width}: {line}"));
        }
    }

    [Fact]
    public void Columns_that_fit_are_drawn_and_others_become_lines()
    {
        var table = new ResultTable("name", "count");
        table.Add("a long name", "12");
        // The longest words take 4 + 5 letters, borders and blanks 7.
        Assert.Contains("│", Drawn(table, 18), StringComparison.Ordinal);
        Assert.Equal("name   a\n       long\n       name\ncount  12\n\n", Drawn(table, 12));
    }

    [Fact]
    public void Narrow_terminal_does_without_spare_columns_and_says_so()
    {
        var table = new ResultTable("name", "count", "share") { Spare = ["share", "count"] };
        table.Add("conv", "12", "0.5");
        Assert.DoesNotContain("not shown", Drawn(table, 25), StringComparison.Ordinal);
        string narrow = Drawn(table, 20);
        Assert.Contains("│ conv │    12 │", narrow, StringComparison.Ordinal);
        Assert.Contains("(not shown here:\nshare; use a", narrow, StringComparison.Ordinal);
        Assert.StartsWith("╭──────╮", Drawn(table, 9), StringComparison.Ordinal);
        // No colours, no borders: the same columns.
        Assert.Equal(["name  count  share", "conv     12    0.5"], Plain(table, 18));
        Assert.Equal(["name  count", "conv     12"], Plain(table, 17)[..2]);
        Assert.Equal(["name   conv", "count  12", "share  0.5", ""], Plain(table, 3));
    }

    [Fact]
    public void Line_breaks_at_blanks_below_its_text()
    {
        Assert.Equal(["model           mlp, latent 8", "                hidden 64"],
            Result.Lines("model", "mlp, latent 8 hidden 64", 30));
        Assert.Equal(["model           mlp, latent 8 hidden 64"],
            Result.Lines("model", "mlp, latent 8 hidden 64", int.MaxValue));
        Assert.Equal(
            ["a label of more than a column: text"], Result.Lines("a label of more than a column: ", "text", 20));
    }

    [Fact]
    public void Long_texts_lose_their_middle()
    {
        Assert.Equal("cats/001.jpg", TableLayout.Shorten("cats/001.jpg", 12));
        Assert.Equal("cats...1.jpg", TableLayout.Shorten("cats/0001.jpg", 12));
        // A character outside of the first plane is not cut in two.
        Assert.All(Enumerable.Range(8, 6), width => Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(
            System.Text.Encoding.UTF8.GetBytes(TableLayout.Shorten(string.Concat(Enumerable.Repeat("\U0001F4F7", 9)),
                width)))));
    }

    [Fact]
    public void Room_goes_to_the_columns_that_want_it() =>
        // Longest words 1, 4, 2; wanted 1, 9, 5: of 5 letters left, 3 reach the last column's wish only after 2 rounds.
        Assert.Equal([1, 7, 4], TableLayout.Widths(["a", "b", "c"], [["1", "four four", "cc cc"]], 12)!);

    private static string[] Plain(ResultTable table, int width)
    {
        List<string> lines = [];
        table.WritePlain(lines.Add, width);
        return [.. lines];
    }

    private static string Drawn(ResultTable table, int width)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings {
            Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = width;
        table.Draw(console);
        return text.ToString().ReplaceLineEndings("\n");
    }
}

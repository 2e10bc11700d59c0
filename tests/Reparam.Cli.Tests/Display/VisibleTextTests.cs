using Reparam.Cli.Display;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Display;

/// <summary>Text from files cannot steer the terminal, and wide characters keep columns aligned.</summary>
public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("a\e[31mred\r\n\a\t\x7F", @"a\u001B[31mred\r\n\u0007\t\u007F")]
    [InlineData("\u009B31m", @"\u009B31m")]
    [InlineData("\u202Egpj.exe\u2066\u2069\u200E\u200F\u061C", @"\u202Egpj.exe\u2066\u2069\u200E\u200F\u061C")]
    [InlineData("a\u2028b\u2029c\uFEFFd\u200Be", @"a\u2028b\u2029c\uFEFFd\u200Be")]
    [InlineData("\U000E0041", @"\uDB40\uDC41")]
    public void Characters_that_steer_a_terminal_are_escaped(string text, string shown) =>
        Assert.Equal(shown, VisibleText.Of(text));

    [Fact]
    public void Halves_of_surrogate_pairs_are_escaped() =>
        Assert.Equal(@"half \uD83E of a pair\uDD8A", VisibleText.Of("half \uD83E of a pair\uDD8A"));

    [Theory]
    [InlineData("age, 10 % | [x] \\ \"")]
    [InlineData("Zürich, Łódź, Αθήνα, שלום, مرحبا, 東京, 서울, नमस्ते")]
    [InlineData("🦊 👩‍🔬 e\u0301 \u200C")]
    public void Letters_and_signs_of_all_languages_are_shown_as_they_are(string text) =>
        Assert.Equal(text, VisibleText.Of(text));

    // East Asian Width of Unicode 14 (Python's unicodedata): W and F are two columns.
    [Theory]
    [InlineData("plain", 5)]
    [InlineData("東京", 4)]
    [InlineData("서울", 4)]
    [InlineData("Ａ１", 4)]
    [InlineData("ｱｲ", 2)]
    [InlineData("Zürich", 6)]
    [InlineData("e\u0301", 1)]
    [InlineData("🦊", 2)]
    public void Width_counts_columns_of_the_terminal(string text, int width) =>
        Assert.Equal(width, VisibleText.Width(text));

    [Fact]
    public void Columns_stay_aligned_beside_wide_characters()
    {
        var table = new ResultTable("city", "country", "n");
        table.Add("東京", "日本", "1");
        table.Add("Oslo", "Norge", "22");
        table.Add("🦊", "e\u0301", "333");
        List<string> lines = [];
        table.WritePlain(lines.Add, 80);
        Assert.Equal(["city  country    n", "東京  日本       1", "Oslo  Norge     22", "🦊    e\u0301        333"],
            lines);
    }

    [Fact]
    public void Cells_and_long_names_are_escaped_in_tables_and_messages()
    {
        var table = new ResultTable("column", "why");
        table.Add("a\rb", "x\e[2Jy");
        List<string> lines = [];
        table.WritePlain(lines.Add, 80);
        Assert.Equal(@"a\rb    x\u001B[2Jy", lines[1]);
        Assert.Equal("東...海", TableLayout.Shorten("東西南北海", 8));
        Assert.Equal("ab...yz", TableLayout.Shorten("abcdefghijklmnopqrstuvwxyz", 7));
        Assert.Equal(["東西 南", "北"], TableLayout.Wrap("東西 南 北", 7));
    }

    [Fact]
    public void Names_cells_and_paths_of_files_do_not_reach_the_terminal_as_they_are()
    {
        using var folder = new TemporaryFolder();
        const string evil = "\e[31m\u202Eevil\a\u009B2J";
        string file = $"t\e]0;title\a.csv";
        File.WriteAllText(folder.File(file), $"{evil},size,kind\n" + string.Concat(Enumerable.Range(0, 40).Select(
            i => FormattableString.Invariant($"{i * 7 % 11}.5,{i * 3 % 7}.25,{(i % 3 == 0 ? evil : "b")}\n"))));
        int escaped = 0;
        foreach (string[] arguments in (string[][])[["data", "describe", file],
            ["data", "describe", file, "--columns", $"{evil}=real,siez=real"],
            ["train", "--data", file, "--epochs", "1", "--hidden", "4", "--out", "run"],
            ["score", "run"], ["score", "run", "--data", file], ["sample", "run", "--given", $"kind={evil}x"],
            ["evaluate", "run", "--samples", "2"], ["diagnose", "run"], ["inspect", "run"], ["encode", "run"],
            ["compare-tables", file, file], ["train", "--data", $"{evil}.csv"]])
        {
            CommandLine.Outcome outcome = CommandLine.Run(folder.Path, arguments);
            string all = outcome.Output + outcome.Error;
            if (all.Contains(@"\u001B", StringComparison.Ordinal)) escaped++;
            Assert.DoesNotContain(all, c => char.IsControl(c) && c != '\n' || c is '\u202E');
        }

        Assert.InRange(escaped, 8, 12);
    }
}

using System.Globalization;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Tables;

/// <summary>Labels that are missing or all the same, and conditions with commas.</summary>
public sealed class LabelAndConditionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_without_a_label_are_left_out_by_classify_and_one_class_is_refused()
    {
        Train("half", i => i % 3 == 0 ? "" : i % 2 == 0 ? "even" : "odd");
        CommandLine.Outcome outcome = Run("classify", "half").Exits(0);
        outcome.Says("training data have no label and are left out");
        Assert.Contains("2 classes", outcome.Output, StringComparison.Ordinal);

        Train("marked", i => i % 3 == 0 ? "-1" : i % 2 == 0 ? "even" : "odd");
        Run("classify", "marked").Exits(0).Says("the label '-1' of column 'kind' is a class like the others");

        Train("same", _ => "even");
        Run("classify", "same").Exits(3).Says("all its training data have the label 'even'", "two classes");
        Train("none", i => i == 0 ? "even" : "");
        Run("classify", "none").Exits(3);
    }

    [Fact]
    public void Conditional_model_says_that_rows_have_no_label()
    {
        Train("whole", i => i % 2 == 0 ? "even" : "odd", "--condition", "labels");
        File.WriteAllText(_folder.File("gap.csv"), "a,b,kind\n" + string.Concat(Enumerable.Range(0, 20).Select(
            i => $"{i % 5}.5,{i % 3}.3,{(i == 4 ? "" : "odd")}\n")));
        foreach (string command in (string[])["encode", "score", "evaluate", "reconstruct"])
            Run(command, "whole", "--data", "gap.csv").Exits(3).Says("data point 4 (counted from 0) has no label");
        Run("train", "--data", "gap.csv", "--label", "kind", "--condition", "labels").Exits(2).Says(
            "has rows without a label, and model.condition (--condition) 'labels' needs the label of each row");

        // The labels of the codes are the conditions under which they are decoded.
        Run("encode", "whole", "--data", "whole.csv", "--out", "codes.csv").Exits(0);
        Run("decode", "whole", "--latents", "codes.csv", "--out", "own.csv").Exits(0);
        Run("reconstruct", "whole", "--data", "whole.csv", "-n", "120", "--out", "pairs.csv").Exits(0);
        Assert.Equal(File.ReadAllLines(_folder.File("pairs.csv")).Where(
            line => line.Contains("reconstruction", StringComparison.Ordinal)).Select(
            line => line.Replace("reconstruction,", "", StringComparison.Ordinal)),
            File.ReadAllLines(_folder.File("own.csv"))[1..]);
        string codes = File.ReadAllText(_folder.File("codes.csv"));
        File.WriteAllText(_folder.File("codes.csv"), codes.Replace(",odd\n", ",strange\n", StringComparison.Ordinal));
        Run("decode", "whole", "--latents", "codes.csv").Exits(3).Says("the label 'strange' of code 2", "--class");
    }

    [Fact]
    public void Classes_are_asked_for_by_the_texts_of_the_labels()
    {
        // The class '1' is the first one, so that its name and its number differ.
        Train("counted", i => i % 2 == 0 ? "1" : "2", "--condition", "labels");
        Run("encode", "counted", "--data", "counted.csv", "--out", "codes.csv").Exits(0);
        string[] labels = [.. File.ReadLines(_folder.File("codes.csv")).Skip(1).Select(line => line.Split(',')[^1])];
        File.WriteAllLines(_folder.File("plain.csv"), File.ReadLines(_folder.File("codes.csv")).Select(
            line => line[..line.LastIndexOf(',')]));
        Run("decode", "counted", "--latents", "codes.csv", "--out", "own.csv").Exits(0);
        string[] own = File.ReadAllLines(_folder.File("own.csv"));
        foreach (string label in (string[])["1", "2"])
        {
            Run("decode", "counted", "--latents", "plain.csv", "--class", label, "--out", "one.csv").Exits(0);
            string[] one = File.ReadAllLines(_folder.File("one.csv"));
            Assert.All(labels.Index().Where(l => l.Item == label),
                l => Assert.Equal(own[l.Index + 1], one[l.Index + 1]));
        }

        Run("decode", "counted", "--latents", "plain.csv", "--class", "0").Exits(2).Says(
            "--class '0' is no class of this run. Its classes are 1, 2");
        Run("decode", "counted", "--latents", "plain.csv").Exits(2).Says("with --class, one of 1, 2");
        Run("arithmetic", "counted", "--a", "label:2", "--b", "label:1.0", "--c", "0", "--class", "2").Exits(0);
        Run("arithmetic", "counted", "--a", "label:0", "--c", "0", "--class", "2").Exits(2).Says(
            "Their labels are 1, 2");
    }

    [Fact]
    public void Conditions_may_have_decimal_commas_and_texts_with_commas()
    {
        File.WriteAllText(_folder.File("comma.csv"), "length;city\n" + string.Concat(Enumerable.Range(0, 200).Select(
            i => FormattableString.Invariant(
                $"{1 + i % 41 / 10},{i % 41 % 10};{(i % 2 == 0 ? "Oslo, old" : "Rome")}\n"))));
        Run("train", "--data", "comma.csv", "--decimal", "comma", "--epochs", "3", "--hidden", "8", "--out", "comma",
            "--quiet").Exits(0);
        Run("sample", "comma", "-n", "40", "--given", "length=1,5..2,5,city=Oslo, old", "--out", "rows.csv").Exits(0);
        string[] rows = File.ReadAllLines(_folder.File("rows.csv"));
        Assert.Equal(41, rows.Length);
        foreach (string row in rows[1..])
        {
            string[] cells = row.Split('"', StringSplitOptions.RemoveEmptyEntries);
            Assert.InRange(double.Parse(
                cells[0].Trim(',').Replace(',', '.'), CultureInfo.InvariantCulture), 1.5, 2.5);
            Assert.Equal("Oslo, old", cells[^1]);
        }

        Run("sample", "comma", "-n", "3", "--given", "length=1,5").Exits(0);
        Run("sample", "comma", "--given", "length=1.5").Exits(2).Says("numbers with a decimal comma", "not '1.5'");
        Run("sample", "comma", "--given", "length=2,5..1,5").Exits(2).Says("LOW..HIGH");
        Run("sample", "comma", "--given", "1,5").Exits(2).Says("A condition is COLUMN=VALUE");
        Run("sample", "comma", "--given", "city=Oslo").Exits(2).Says("'Oslo' is not a value of column 'city'");
    }

    private void Train(string run, Func<int, string> label, params string[] more)
    {
        File.WriteAllText(_folder.File($"{run}.csv"), "a,b,kind\n" + string.Concat(Enumerable.Range(0, 120).Select(
            i => FormattableString.Invariant($"{i % 2 + i % 7 * 0.1:F1},{i % 5 * 0.3:F1},{label(i)}\n"))));
        Run(["train", "--data", $"{run}.csv", "--label", "kind", "--epochs", "3", "--hidden", "8", "--out", run,
            "--quiet", .. more]).Exits(0);
    }

    private CommandLine.Outcome Run(params string[] arguments) => CommandLine.Run(_folder.Path, arguments);
}

using System.Text.RegularExpressions;
using Reparam.Cli;
using Reparam.Conventions.Tests.Readme.Snippets;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Conventions.Tests.Readme;

/// <summary>
/// Every block of C# on a page is compiled: a file in Snippets holds it between marks, word for word. Lines outside the
/// marks make the data few.
/// </summary>
[Collection(SnippetsRunAlone.Name)]
public sealed partial class SnippetTests
{
    [Fact]
    public void Blocks_of_pages_are_the_compiled_snippets()
    {
        Dictionary<string, string> shown = [];
        foreach (string page in Pages.All)
        {
            int number = 0;
            foreach (Pages.Block block in Pages.Blocks(Pages.Text(page)).Where(
                b => b.Kind is "csharp" or "cs" or "c#" or "C#"))
                shown.Add(FormattableString.Invariant($"{page}, C# block {++number}"), block.Text);
        }

        Dictionary<string, string> compiled = Sources.CSharp("tests/Reparam.Conventions.Tests/Readme/Snippets")
            .Select(path => File.ReadAllText(path).ReplaceLineEndings("\n"))
            .ToDictionary(source => Named().Match(source).Groups[1].Value, Marked);
        Assert.True(shown.Count >= 4, "The pages' blocks were not found.");
        Assert.Equal(
            shown.OrderBy(b => b.Key, StringComparer.Ordinal), compiled.OrderBy(b => b.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Training_of_the_readme_prints_a_line_an_epoch_and_leaves_its_files()
    {
        (string[] lines, TemporaryFolder folder) = Run(ReadmeTraining.Run);
        using TemporaryFolder made = folder;
        Assert.Equal(20, lines.Count(l => EpochLine().IsMatch(l)));
        Assert.StartsWith("log p(x) >= -", lines[^1], StringComparison.Ordinal);
        Assert.True(File.Exists(made.File("samples.png")));
        Assert.True(SafetensorsFile.Read(made.File("digits.safetensors")).Entries.Count > 0);
    }

    [Fact]
    public void Loop_of_the_readme_raises_the_bound_and_saves_the_model()
    {
        (string[] lines, TemporaryFolder folder) = Run(ReadmeLoop.Run);
        using TemporaryFolder made = folder;
        double[] bounds = [.. lines.Select(
            l => double.Parse(BoundOf().Match(l).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(10, bounds.Length);
        Assert.True(bounds[^1] > bounds[0] + 20, string.Join('\n', lines));
        Assert.True(SafetensorsFile.Read(made.File("loop.safetensors")).Entries.Count > 0);
    }

    [Theory]
    [InlineData(
        "--objective", "sparse", "--penalty", "3", "--prior", "cauchy", "--posterior", "laplace", "--hidden", "8")]
    [InlineData("--objective", "sampled", "--samples", "3", "--likelihood", "laplace-learned", "--binarization", "none",
        "--hidden", "8")]
    [InlineData("--objective", "sampled", "--samples", "3", "--posterior", "bernoulli", "--hidden", "8")]
    [InlineData("--network", "pooled", "--width", "8")]
    public void Members_of_one_s_own_are_trained_evaluated_and_drawn_from(params string[] options)
    {
        (_, TemporaryFolder folder) = Run(() =>
        {
            string[] train =
                ["train", "--limit", "200", "--epochs", "2", "--latent", "2", "--quiet", "--out", "run"];
            Assert.Equal(0, OwnProgram.Run([.. train, .. options]));
            Assert.Equal(0, OwnProgram.Run(["evaluate", "run", "--samples", "5", "--quiet"]));
            Assert.Equal(0, OwnProgram.Run(["sample", "run", "--quiet"]));
        });
        folder.Dispose();
    }

    [Fact]
    public void Row_of_a_table_is_scored()
    {
        (string[] lines, TemporaryFolder folder) = Run(() =>
        {
            TrainOn("pumps");
            ScoreRow.Execute();
        });
        using TemporaryFolder made = folder;
        Assert.Matches(@"^[0-9.E-]+: \S+, \S+, \S+$", lines[^1]);
    }

    [Fact]
    public void Window_of_readings_is_scored_when_it_is_full()
    {
        (string[] lines, TemporaryFolder folder) = Run(() =>
        {
            TrainOn("station", "--window", "16");
            ScoreWindow.Execute();
        });
        using TemporaryFolder made = folder;
        Assert.Equal(15, lines.Count(l => l == "filling"));
        Assert.Matches(@"^p-value [0-9.E-]+$", lines[^1]);
    }

    private static void TrainOn(string table, params string[] options) => Assert.Equal(0, ReparamProgram.Run([
        "train", "--data", Path.Combine(Sources.Root, $"docs/how-to/data/{table}.csv"), "--label", "fault",
        "--train-on", "0", "--epochs", "3", "--quiet", "--out", $"runs/{table}", .. options]));

    [Fact]
    public void Samples_of_a_run_are_marked()
    {
        (string[] lines, TemporaryFolder folder) = Run(() =>
        {
            Assert.Equal(0, ReparamProgram.Run(
                ["train", "--limit", "200", "--epochs", "1", "--quiet", "--out", "runs/first"]));
            GeneratedMedia.Execute();
        });
        using TemporaryFolder made = folder;
        Assert.Matches("^True [0-9a-f]{64}$", lines[^1]);
    }

    [Fact]
    public void Tables_are_compared()
    {
        string[] pumps = File.ReadAllLines(Path.Combine(Sources.Root, "docs/how-to/data/pumps.csv"));
        (string[] lines, TemporaryFolder folder) = Run(() =>
        {
            File.WriteAllLines("real.csv", pumps[..301]);
            File.WriteAllLines("rows.csv", [pumps[0], .. pumps[301..]]);
            CompareTables.Execute();
        });
        using TemporaryFolder made = folder;
        Assert.Matches(@"^ROC AUC 0\.[0-9]{3}, copies 0\.0 ?%$", lines[^1]);
        Assert.True(File.Exists(made.File("comparison.html")));
    }

    [Fact]
    public void Regression_with_uncertain_weights_lowers_its_loss()
    {
        (string[] lines, TemporaryFolder folder) = Run(BayesianRegression.Run);
        folder.Dispose();
        double[] losses =
            [.. lines.Select(l => double.Parse(l.Split(' ')[^2], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.True(losses is [_, _, _, _] && losses[^1] < losses[0], string.Join('\n', lines));
    }

    [Fact]
    public void Program_of_the_quickstart_trains_evaluates_and_samples()
    {
        (string[] lines, TemporaryFolder folder) = Run(QuickstartProgram.Run);
        using TemporaryFolder made = folder;
        Assert.Equal(13, lines.Length);
        Assert.True(File.Exists(made.File("samples.png")));
    }

    [Fact]
    public void Loop_of_the_quickstart_saves_a_model_that_can_be_loaded()
    {
        (string[] lines, TemporaryFolder folder) = Run(QuickstartLoop.Run);
        using TemporaryFolder made = folder;
        Assert.Equal(4, lines.Length);
        string[] pixels = lines[^1].Split(' ')[^3..];
        Assert.Equal(pixels[0], pixels[2]);
    }

    [Fact]
    public void Run_of_the_quickstart_leaves_a_folder_and_goes_on_from_it()
    {
        (string[] lines, TemporaryFolder folder) = Run(QuickstartRun.Execute);
        using TemporaryFolder made = folder;
        Assert.Equal(6, lines.Length);
        Assert.Equal(5, Reparam.Runs.Run.Open(made.File("runs/from-csharp")).ReadMetrics().Epochs);
    }

    [Fact]
    public void Estimators_print_a_gradient_each()
    {
        (string[] lines, TemporaryFolder folder) = Run(Estimators.Run);
        folder.Dispose();
        Assert.Equal([3, 3], lines.Select(l => l.Split(' ').Length));
    }

    [Fact]
    public void Problem_of_one_s_own_is_studied_and_written()
    {
        (string[] lines, TemporaryFolder folder) = Run(OwnProblem.Run);
        using TemporaryFolder made = folder;
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("pathwise: bias -100.0 %", lines[0], StringComparison.Ordinal);
        Assert.Equal(4, File.ReadAllLines(made.File("step.csv")).Length);
    }

    /// <summary>The lines that a program prints, and the folder that it ran in.</summary>
    private static (string[] Lines, TemporaryFolder Folder) Run(Action program)
    {
        var folder = new TemporaryFolder();
        TextWriter output = Console.Out;
        string before = Environment.CurrentDirectory;
        using var text = new StringWriter();
        try
        {
            Console.SetOut(text);
            Environment.CurrentDirectory = folder.Path;
            program();
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Console.SetOut(output);
        }

        return (text.ToString().TrimEnd().Split('\n'), folder);
    }

    /// <summary>What stands between the marks of a file, without the marks' indentation.</summary>
    private static string Marked(string source) => string.Concat(Mark().Matches(source).Select(m => string.Concat(
        m.Groups["text"].Value.Split('\n')[..^1].Select(
            line => (line.Length > 0 ? line[m.Groups["indent"].Length..] : line) + "\n"))));

    [GeneratedRegex(@"/// <summary>(\S+\.md, C# block \d+)\.</summary>")]
    private static partial Regex Named();

    [GeneratedRegex(
        "^(?<indent> *)// begin\n(?<text>.*?)^ *// end\n", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Mark();

    [GeneratedRegex(@"^epoch \d+: bound -\d+\.\d\d nats, \d+\.\d s$")]
    private static partial Regex EpochLine();

    [GeneratedRegex(@"^step \d+: bound (-\d+\.\d\d) nats$")]
    private static partial Regex BoundOf();
}

/// <summary>Tests that change the process's standard output and current folder.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SnippetsRunAlone
{
    public const string Name = "snippets run alone";
}

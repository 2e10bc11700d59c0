using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Reparam.Testing;

namespace Reparam.Conventions.Tests.Readme;

/// <summary>
/// The lessons below examples/ as a reader runs them, by <c>dotnet run</c> of the file: the short ones run and draw the
/// picture of docs/lessons.md, the trainings are built. A lesson has no package of its own: no network is needed.
/// </summary>
[Collection(SnippetsRunAlone.Name)]
public sealed partial class LessonTests
{
    [Fact]
    public void Gradient_of_a_draw_is_its_noise()
    {
        string[] lines = Run("lesson-1-gradient");
        Assert.Equal(9, lines.Length);
        // By the tape and by a difference.
        Assert.Equal(lines[0].Split('=')[^1].Trim(), lines[5].Split('=')[^1].Trim());
    }

    [Fact]
    public void Pathwise_gradient_of_a_step_is_0_and_wrong_and_the_score_function_is_right()
    {
        string[] lines = Run("lesson-5-estimators");
        double[] exact = [.. lines.Select(l => Exact().Match(l)).Where(m => m.Success).Select(m => Number(m, 1))];
        (double Mean, double Error)[] estimates =
            [.. lines.Select(l => Measured().Match(l)).Where(m => m.Success).Select(m => (Number(m, 1), Number(m, 2)))];
        Assert.Equal((2, 4), (exact.Length, estimates.Length));
        foreach ((int reward, int estimator) in new[] { (0, 0), (0, 1), (1, 3) })
            Assert.InRange(Math.Abs(estimates[estimator].Mean - exact[reward]), 0, 4 * estimates[estimator].Error);
        Assert.Equal((0, 0), estimates[2]);
        Assert.True(exact[1] > 0.2);
    }

    [Theory]
    [InlineData("lesson-2-vae")]
    [InlineData("lesson-3-latent-plane")]
    [InlineData("lesson-4-collapse")]
    public void Lesson_builds(string name) => Dotnet(".", "build", "-c", "Release", Lesson(name));

    [Fact]
    public void Lessons_are_short_and_their_page_shows_each()
    {
        string folder = Path.Combine(Sources.Root, "examples");
        string[] lessons = [.. Directory.EnumerateFiles(folder, "lesson-*.cs").Order(StringComparer.Ordinal)];
        Assert.Equal(5, lessons.Length);
        Assert.All(lessons, path => Assert.InRange(File.ReadLines(path).Count(), 10, 60));
        string page = Pages.Text("docs/lessons.md");
        foreach (string name in lessons.Select(path => Path.GetFileNameWithoutExtension(path)))
        {
            Assert.Contains($"dotnet run -c Release examples/{name}.cs\n", page, StringComparison.Ordinal);
            Assert.Contains($"](images/{name}.", page, StringComparison.Ordinal);
        }
    }

    /// <summary>The lines that a lesson prints; the picture that it draws is that of the page.</summary>
    private static string[] Run(string name)
    {
        using var folder = new TemporaryFolder();
        string output = Dotnet(folder.Path, "run", "-c", "Release", Lesson(name));
        string shown = Path.Combine(Sources.Root, "docs", "images", name + ".svg");
        Assert.Equal(File.ReadAllText(shown), File.ReadAllText(folder.File(name + ".svg")));
        return output.TrimEnd().ReplaceLineEndings("\n").Split('\n');
    }

    private static string Lesson(string name) => Path.Combine(Sources.Root, "examples", name + ".cs");

    private static string Dotnet(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // No process of the build stays behind, and what is built there is restored as on a clean checkout.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["CI"] = "true";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + errors.Result);
        return output;
    }

    private static double Number(Match match, int group) =>
        double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"exact gradient (\d\.\d+)$")]
    private static partial Regex Exact();

    [GeneratedRegex(@"(-?\d\.\d+) \+/- (\d\.\d+), one estimate")]
    private static partial Regex Measured();
}

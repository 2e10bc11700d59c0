using Reparam.Cli.Display;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Display;

/// <summary>Sentences on standard error: broken at blanks, coloured on terminals alone.</summary>
public sealed class MessageTests(SharedRun shared)
{
    [Fact]
    public void Sentence_breaks_at_blanks_and_goes_on_indented()
    {
        Assert.Equal(["note: one two", "  three four", "  five"], Message.Lines("note: one two three four five", 13));
        Assert.Equal(["note: one two"], Message.Lines("note: one two", 13));
        Assert.Equal(["  a b c", "    d e"], Message.Lines("  a b c d e", 7));
        Assert.Equal(["/a/path/without/blanks"], Message.Lines("/a/path/without/blanks", 10));
    }

    [Fact]
    public void Warning_is_yellow_and_a_severe_finding_red()
    {
        Assert.Equal("\e[33mtext\e[0m", Terminal.Coloured("text", Paint.Warning));
        Assert.Equal("\e[31mtext\e[0m", Terminal.Coloured("text", Paint.Severe));
        Assert.Equal("text", Terminal.Coloured("text", Paint.None));
        Assert.Equal("text", Terminal.Painted("text", Paint.Severe, redirected: true));
    }

    [Theory]
    [InlineData("xterm", "", true)]
    [InlineData("xterm", "1", false)]
    [InlineData("dumb", "", false)]
    public void Colours_are_for_terminals_that_show_them(string terminal, string noColor, bool coloured)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "A terminal is made with script.");
        string run = $"dotnet {typeof(Program).Assembly.Location} evaluate {shared.Run} --samples 0 --limit 5";
        string[] drawn = [$"TERM={terminal}", $"NO_COLOR={noColor}", "script", "-qec", run, "/dev/null"];
        string text = OutsideTool.Run("/usr/bin/env", drawn).Output;
        Assert.Contains("reparam: warning: grey levels", text, StringComparison.Ordinal);
        Assert.Equal(coloured, text.Contains("\e[33mreparam: warning: grey levels", StringComparison.Ordinal));
        var file = CommandLine.Run(shared.Folder, "evaluate", "run", "--samples", "0", "--limit", "5").Exits(0);
        Assert.DoesNotContain('\e', file.Error + file.Output);
    }
}

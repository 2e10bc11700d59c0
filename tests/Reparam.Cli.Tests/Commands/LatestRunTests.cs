using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>The word for the newest run.</summary>
public sealed class LatestRunTests(SharedRun shared) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Latest_is_the_run_with_the_newest_configuration()
    {
        Copy("runs/digits/a", 3);
        Copy("runs/b", 1);
        Copy("elsewhere", 0);
        RequireLatest("runs/b");
        Copy("runs/c/d/e", 0);
        RequireLatest("runs/c/d/e");
    }

    [Theory]
    [InlineData("evaluate", "--samples", "0", "--limit", "5")]
    [InlineData("diagnose")]
    [InlineData("sample")]
    [InlineData("inspect")]
    public void Every_command_that_reads_a_run_knows_it(string command, params string[] options)
    {
        Copy("runs/digits/a", 0);
        var outcome = CommandLine.Run(_folder.Path, [command, "latest", .. options]).Exits(0)
            .Says("reparam: note: latest is runs/digits/a\n");
        Assert.Single(
            outcome.Error.Split('\n'), line => line.StartsWith("reparam: note: latest", StringComparison.Ordinal));
    }

    [Fact]
    public void Training_goes_on_with_it() // and makes it the newest
    {
        Copy("runs/old", 1);
        Copy("runs/new", 0);
        File.SetLastWriteTimeUtc(_folder.File("runs/old/config.json"), DateTime.UtcNow.AddHours(1));
        CommandLine.Run(_folder.Path, "train", "--resume", "latest", "--epochs", "3").Exits(0)
            .Says("latest is runs/old", "resumed at step", "epoch 3/3");
    }

    [Fact]
    public void Folder_of_that_name_is_a_path()
    {
        CommandLine.Run(_folder.Path, "evaluate", "latest").Exits(2)
            .Says("There is no run below 'runs'", "reparam train");
        Directory.CreateDirectory(_folder.File("runs/empty"));
        Copy("latest", 0);
        CommandLine.Run(_folder.Path, "inspect", "latest").Exits(2)
            .Says("There is no run below 'runs'", "for the folder 'latest' write ./latest");
        Copy("runs/a", 0);
        RequireLatest("runs/a");
        var outcome = CommandLine.Run(_folder.Path, "inspect", "./latest").Exits(0);
        Assert.Empty(outcome.Error);
        // A run of that name is told of by a path that means it.
        Assert.Contains("run             ./latest", outcome.Output, StringComparison.Ordinal);
        string resumed = CommandLine.Run(_folder.Path, "train", "--resume", "./latest").Exits(0).Output;
        Assert.Contains("reparam evaluate ./latest\n", resumed, StringComparison.Ordinal);
    }

    private void RequireLatest(string run)
    {
        var outcome = CommandLine.Run(_folder.Path, "inspect", "latest", "--json").Exits(0).Says($"latest is {run}\n");
        Assert.Equal(_folder.File(run), outcome.Json.GetProperty("run").GetString());
    }

    /// <summary>A run whose configuration was written so many hours ago.</summary>
    private void Copy(string path, int hours)
    {
        string run = shared.CopyTo(_folder.File(path));
        File.SetLastWriteTimeUtc(Path.Combine(run, "config.json"), DateTime.UtcNow.AddHours(-hours));
    }
}

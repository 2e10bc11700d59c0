using System.CommandLine;
using Reparam.Cli.Commands;
using Reparam.Cli.Failures;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Failures;

/// <summary>
/// No exception leaves the program: what a person can mend is a sentence, what nobody foresaw is a sentence and a
/// report.
/// </summary>
[Collection(AloneInTheProcess.Name)]
public sealed class FailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Environment.CurrentDirectory;

    public FailureTests() => Environment.CurrentDirectory = _folder.Path;

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }

    [Fact]
    public void Bug_is_told_in_a_sentence_and_written_to_a_report()
    {
        CommandLine.Outcome outcome = InProcess.Run(
            Throws(() => new InvalidOperationException("The third wheel\nfell off.")), ["break", "a b", "it's"]).Exits(
            1).Says("a bug of reparam", "InvalidOperationException: The third wheel fell off");
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
        string report = Assert.Single(Directory.GetFiles(_folder.Path));
        Assert.Contains(report, outcome.Error, StringComparison.Ordinal);
        string text = File.ReadAllText(report);
        foreach (string part in (string[])[@"reparam break 'a b' 'it'\''s'", "version       0.",
            "The third wheel\nfell off.", "   at ", nameof(FailureTests), ".NET 10", "processors"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bug_is_told_where_no_report_can_be_written()
    {
        string file = _folder.File("file");
        File.WriteAllText(file, "");
        StringWriter errors = Errors(() => Assert.Equal(1, Failure.Tell(new InvalidOperationException("Oh."), ["x"],
            [() => throw new FileNotFoundException("The folder is gone."), () => file])));
        Assert.Contains("a bug of reparam", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("No report could be written", errors.ToString(), StringComparison.Ordinal);
        // The first folder that takes it has the report.
        errors = Errors(() => Failure.Tell(
            new InvalidOperationException("Oh."), ["x"], [() => _folder.File("missing"), () => _folder.Path]));
        Assert.Contains(Assert.Single(Directory.GetFiles(_folder.Path, "reparam-report-*")), errors.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_to_tell_leaves_the_exit_code()
    {
        TextWriter error = Console.Error;
        // A full disk, and a stream that the shell closed (2>&-).
        foreach (Exception obstacle in (Exception[])[new IOException("No space left on device", 28),
            new UnauthorizedAccessException("Access to the path is denied.")])
        {
            Console.SetError(new BrokenWriter(obstacle));
            try
            {
                Assert.Equal(2, Failure.Tell(new InvalidConfigException("No."), []));
            }
            finally
            {
                Console.SetError(error);
            }
        }
    }

    public static TheoryData<Exception, int, string> Known => new()
    {
        { new InvalidConfigException("Set it."), 2, "Set it." },
        { new InvalidDataFileException("f.npy", 3, "cut short"), 3, "f.npy" },
        { new InvalidModelException("m.safetensors", 3, "cut short"), 3, "m.safetensors" },
        { new FileNotFoundException("No f."), 3, "No f." },
        { new OperationCanceledException(), 130, "interrupted" },
        { new AggregateException(new AggregateException(new InvalidConfigException("Within."))), 2, "Within." },
        { new InsufficientMemoryException(), 1, "ask for less at a time" },
        { new OverflowException(), 1, "ask for less at a time" },
        { new DirectoryNotFoundException("Could not find a part of the path '/a/b'."), 1,
            "'/a/b'; check that the folder exists." },
        { new UnauthorizedAccessException("Access to the path " +
            "'/a' is denied.", new IOException("Permission denied", 13)), 1, "'/a' is denied; check the permissions" },
        { new UnauthorizedAccessException("Access to the path is denied.", new IOException("Bad file descriptor", 9)),
            1, "standard output may be closed" },
        { new IOException("No space left on device : '/a'", 28), 1, "'/a'; free some space" },
        { new IOException("Read-only file system : '/a'", 30), 1, "read-only" },
        { new IOException("'a' could not be written: x. Check y.", new IOException("x")), 1, "Check y." },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void What_a_person_can_mend_is_no_bug(Exception failure, int code, string words)
    {
        InProcess.Run(Throws(() => failure), ["break"]).Exits(code).Says(words);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Current_folder_that_is_gone_is_named()
    {
        string gone = Directory.CreateDirectory(_folder.File("gone")).FullName;
        Environment.CurrentDirectory = gone;
        Directory.Delete(gone);
        InProcess.Run(Throws(() => Assert.Throws<FileNotFoundException>(() => Environment.CurrentDirectory)), ["break"])
            .Exits(2).Says("the current folder no longer exists");
    }

    [Fact]
    public void Full_disk_is_told_with_its_file_and_remedy()
    {
        Command root = Throws(() =>
        {
            File.WriteAllBytes("/dev/full", new byte[100_000]);
            return new InvalidOperationException("It was written.");
        });
        InProcess.Run(root, ["break"]).Exits(1).Says("/dev/full", "free some space");
    }

    [Fact]
    public void Failure_on_another_thread_is_told_and_reported_too()
    {
        var environment = new Dictionary<string, string>
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(FailureTests).Assembly.Location,
            [StartupHook.Variable] = StartupHook.ThreadFails,
        };
        CommandLine.Outcome outcome = CommandLine.RunAlone(_folder.Path, environment, "bench", "--seconds", "30").Exits(
            1).Says("a bug of reparam", StartupHook.Words);
        Assert.Contains(StartupHook.Words, File.ReadAllText(Assert.Single(Directory.GetFiles(_folder.Path))),
            StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", outcome.Error, StringComparison.Ordinal);
    }

    private sealed class BrokenWriter(Exception obstacle) : StringWriter
    {
        public override void WriteLine(string? value) => throw obstacle;
    }

    private static Command Throws(Func<Exception> make)
    {
        var command = new Command("break") { new Argument<string[]>("WORDS") { Arity = ArgumentArity.ZeroOrMore } };
        command.SetHandler((_, _) => throw make());
        return new Command("reparam") { command };
    }

    private static StringWriter Errors(Action act)
    {
        TextWriter error = Console.Error;
        var errors = new StringWriter();
        Console.SetError(errors);
        try
        {
            act();
        }
        finally
        {
            Console.SetError(error);
        }

        return errors;
    }
}

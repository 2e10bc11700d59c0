using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Reparam.Testing;

/// <summary>The command line as a process of its own, from the assembly beside the tests: what a user runs. Or a
/// program that starts such processes.</summary>
public sealed class ReparamProcess : IDisposable
{
    private const int NotFound = 2; // ENOENT, and ERROR_FILE_NOT_FOUND of Windows

    private readonly Process _process;
    private readonly Task<string> _output, _errors;

    private ReparamProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Starts <c>reparam</c> with arguments and, on top of the test's own, environment variables written
    /// NAME=VALUE.</summary>
    public static ReparamProcess Start(IEnumerable<string> arguments, params string[] environment) =>
        StartProgram("Reparam.Cli.dll", arguments, environment);

    /// <summary>The same of another program beside the tests.</summary>
    public static ReparamProcess StartProgram(
        string assembly, IEnumerable<string> arguments, params string[] environment) =>
        StartCommand("dotnet", [PathOf(assembly), .. arguments], environment)
            ?? throw new InvalidOperationException("The command 'dotnet' is not installed.");

    /// <summary>The same of a command of the system; null if it is not installed.</summary>
    public static ReparamProcess? StartCommand(
        string command, IEnumerable<string> arguments, params string[] environment)
    {
        ProcessStartInfo start = new(command, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (string variable in environment)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            start.Environment[variable[..equals]] = variable[(equals + 1)..];
        }

        try
        {
            return new ReparamProcess(Process.Start(start)!);
        }
        catch (Win32Exception failure) when (failure.NativeErrorCode == NotFound)
        {
            return null;
        }
    }

    /// <summary>The path of an assembly beside the tests.</summary>
    public static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly);

    /// <summary>Runs to the end and returns exit code, standard output and standard error.</summary>
    public static (int ExitCode, string Output, string Errors) Run(
        IEnumerable<string> arguments, params string[] environment)
    {
        using ReparamProcess process = Start(arguments, environment);
        return process.Finish();
    }

    /// <summary>Runs <c>train --json</c>, requires success, and returns the result object.</summary>
    public static JsonElement Train(IEnumerable<string> arguments, params string[] environment)
    {
        (int code, string output, string errors) = Run(["train", "--json", "--quiet", .. arguments], environment);
        Assert.True(code == 0, $"exit code {code}: {errors}");
        using JsonDocument document = JsonDocument.Parse(output.Trim().Split('\n')[^1]);
        return document.RootElement.Clone();
    }

    public (int ExitCode, string Output, string Errors) Finish()
    {
        _process.WaitForExit();
        return (_process.ExitCode, _output.Result, _errors.Result);
    }

    /// <summary>Waits at most so long; whether the process has ended.</summary>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>Asks the process to stop, as Ctrl-C does. A shell's children in the background ignore SIGINT; SIGTERM
    /// asks for the same.</summary>
    public void Interrupt()
    {
        // The shell's own kill: the program of that name is not everywhere.
        using Process shell = Process.Start("sh", ["-c", $"kill -TERM {Id}"]);
        shell.WaitForExit();
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends the process, and the processes that it started.</summary>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}

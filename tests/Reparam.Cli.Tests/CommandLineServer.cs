using System.Diagnostics;
using System.Text.Json;
using Reparam.Tensors;

namespace Reparam.Cli.Tests;

/// <summary>
/// The command line's program, kept alive to run one command line after the other: most of the time of a short command
/// goes into starting a process and compiling the program. Current folder, variables and threads are set anew for each
/// line. A line that ends the process shows as the process's exit code.
/// </summary>
internal sealed class CommandLineServer : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _fatal;

    public CommandLineServer()
    {
        _process = CommandLine.Start(
            Path.GetTempPath(),
            new Dictionary<string, string>
            {
                ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
                [StartupHook.Variable] = StartupHook.Serve,
                ["DOTNET_TieredPGO"] = "0", // Counting calls costs more than short commands gain by it.
            });
        _fatal = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Whether it can take another line.</summary>
    public bool IsAlive => !_process.HasExited;

    public CommandLine.Outcome Run(
        string folder, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(new Request(folder, environment, arguments)));
        _process.StandardInput.Flush();
        if (_process.StandardOutput.ReadLine() is { } answer)
            return JsonSerializer.Deserialize<CommandLine.Outcome>(answer)!;
        _process.WaitForExit();
        return new CommandLine.Outcome(_process.ExitCode, "", _fatal.Result);
    }

    public void Dispose()
    {
        if (IsAlive) _process.Kill();
        _process.Dispose();
    }

    /// <summary>The other side: reads lines until there are no more.</summary>
    public static void Serve()
    {
        TextReader requests = Console.In;
        TextWriter answers = Console.Out;
        int threads = Execution.Threads;
        while (requests.ReadLine() is { } line)
        {
            Request request = JsonSerializer.Deserialize<Request>(line)!;
            Environment.CurrentDirectory = request.Folder;
            foreach ((string name, string value) in request.Environment)
                Environment.SetEnvironmentVariable(name, value);
            CommandLine.Outcome outcome = InProcess.Run(request.Arguments);
            foreach (string name in request.Environment.Keys) Environment.SetEnvironmentVariable(name, null);
            Execution.Threads = threads;
            // Several of these are alive at a time: none keeps the memory of the largest line it has run.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            // The folder of the line can be removed now.
            Environment.CurrentDirectory = Path.GetTempPath();
            answers.WriteLine(JsonSerializer.Serialize(outcome));
            answers.Flush();
        }
    }

    private sealed record Request(
        string Folder, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Arguments);
}

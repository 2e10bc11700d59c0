using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Reparam.Testing;

namespace Reparam.Cli.Tests;

/// <summary>Runs the built command line as a person would.</summary>
internal static class CommandLine
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Reparam.Cli.dll");
    private static readonly ConcurrentBag<CommandLineServer> Idle = [];

    public static Outcome Run(string folder, params string[] arguments) =>
        Run(folder, new Dictionary<string, string>(), arguments);

    /// <summary>In a process that has run other lines before and will run others after.</summary>
    public static Outcome Run(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string? foreign = environment.Keys.FirstOrDefault(k => !k.StartsWith("REPARAM_", StringComparison.Ordinal));
        Assert.True(foreign is null, $"{foreign} has an effect in a process of its own only: RunAlone.");
        CommandLineServer server = Idle.TryTake(out CommandLineServer? idle) ? idle : new CommandLineServer();
        Outcome outcome = server.Run(folder, EnvironmentOf(folder, environment), arguments);
        if (server.IsAlive) Idle.Add(server);
        else server.Dispose();
        return outcome;
    }

    /// <summary>In a process of its own.</summary>
    public static Outcome RunAlone(
        string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Start(folder, environment, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error.Result);
    }

    public static Process Start(
        string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string inherited in start.Environment.Keys.Where(
            k => k.StartsWith("REPARAM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(inherited);
        foreach ((string name, string value) in EnvironmentOf(folder, environment)) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>No known data set is there unless a test says where, and decoded pictures are kept in the test's
    /// folder.</summary>
    private static Dictionary<string, string> EnvironmentOf(
        string folder, IReadOnlyDictionary<string, string> environment) =>
        new(environment)
        {
            ["REPARAM_DATA"] = environment.GetValueOrDefault("REPARAM_DATA", Path.Combine(folder, "no-data")),
            ["REPARAM_CACHE"] = environment.GetValueOrDefault("REPARAM_CACHE", Path.Combine(folder, "cache")),
        };

    /// <summary>Stops a process as Ctrl-C does.</summary>
    public static void Interrupt(Process process)
    {
        // A job that a shell started in the background ignores SIGINT, and so do its children; SIGTERM asks for the
        // same. The shell's own kill: the program of that name is not everywhere.
        OutsideTool.Run(
            "sh", "-c", FormattableString.Invariant($"kill -{(IgnoresInterrupts() ? "TERM" : "INT")} {process.Id}"));
    }

    /// <summary>Whether bit 2 of the mask of ignored signals is set.</summary>
    private static bool IgnoresInterrupts()
    {
        string mask = File.ReadLines("/proc/self/status").First(
            line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim();
        return (Convert.ToUInt64(mask, 16) & 0b10) != 0;
    }

    internal sealed record Outcome(int Code, string Output, string Error)
    {
        /// <summary>The JSON object on the last line of standard output.</summary>
        [JsonIgnore]
        public JsonElement Json => JsonDocument.Parse(Output.TrimEnd('\n').Split('\n')[^1]).RootElement;

        public Outcome Exits(int code)
        {
            Assert.True(Code == code, $"Exit code {Code}, not {code}.\n{Output}\n{Error}");
            return this;
        }

        /// <summary>Lines that were broken to the width of a terminal, whole again.</summary>
        public static string Joined(string text) => Regex.Replace(text, "\n {2,}(?=\\S)", " ");

        /// <summary>An error in a sentence: no stack trace, nothing on standard output.</summary>
        public Outcome Says(params string[] words)
        {
            string sentences = Joined(Error);
            foreach (string word in words) Assert.Contains(word, sentences, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
            return this;
        }
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace Reparam.Cli.Tests;

/// <summary>Runs the built command line as a process of its own, as a person would.</summary>
internal static class CommandLine
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Reparam.Cli.dll");

    public static Outcome Run(string folder, params string[] arguments) => Run(folder, new Dictionary<string, string>(), arguments);

    public static Outcome Run(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Start(folder, environment, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error.Result);
    }

    public static Process Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string inherited in start.Environment.Keys.Where(k => k.StartsWith("REPARAM_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(inherited);
        start.Environment["REPARAM_DATA"] = Path.Combine(folder, "no-data");
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    internal sealed record Outcome(int Code, string Output, string Error)
    {
        /// <summary>The JSON object on the last line of standard output.</summary>
        public JsonElement Json => JsonDocument.Parse(Output.TrimEnd('\n').Split('\n')[^1]).RootElement;

        public Outcome Exits(int code)
        {
            Assert.True(Code == code, $"Exit code {Code}, not {code}.\n{Output}\n{Error}");
            return this;
        }

        /// <summary>An error in a sentence: no stack trace, nothing on standard output.</summary>
        public Outcome Says(params string[] words)
        {
            foreach (string word in words) Assert.Contains(word, Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
            return this;
        }
    }
}

using System.Diagnostics;

namespace Reparam.Testing;

/// <summary>Reparam.Testing.Host in a process of its own, where the JIT chooses another vector width.</summary>
public static class TestingHost
{
    /// <summary>Starts the host with arguments and, on top of the test's own, environment variables written NAME=VALUE;
    /// returns its lines once it has ended with exit code 0.</summary>
    public static string[] Run(string assembly, IEnumerable<string> arguments, params string[] environment)
    {
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [assembly, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (string variable in environment)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            start.Environment[variable[..equals]] = variable[(equals + 1)..];
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {errors.Result}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}

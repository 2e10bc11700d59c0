using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Mpi.Tests;

/// <summary>The command line under <c>mpirun</c>, as a user starts it.</summary>
internal sealed class MpiJob : IDisposable
{
    private readonly ReparamProcess _launcher;

    private MpiJob(ReparamProcess launcher) => _launcher = launcher;

    /// <summary>The name of an MPI in the names of its programs.</summary>
    public static TheoryData<string> Libraries => ["openmpi", "mpich"];

    /// <summary>Starts processes; skips or fails the running test where the MPI is not installed.</summary>
    /// <param name="library">The MPI.</param>
    /// <param name="processes">Number of processes.</param>
    /// <param name="arguments">The arguments of <c>reparam</c>.</param>
    /// <param name="other">The arguments of one more process; null for no such process.</param>
    /// <param name="choice">The value of REPARAM_MPI; null to leave it unset.</param>
    public static MpiJob Start(string library, int processes, IEnumerable<string> arguments,
        IEnumerable<string>? other = null, string? choice = null)
    {
        // More processes than processors; root may start them in a container.
        string[] options = library == "openmpi" ? ["--oversubscribe", "--allow-run-as-root"] : [];
        string[] program = ["dotnet", ReparamProcess.PathOf("Reparam.Cli.dll")];
        string[] more = other is null ? [] : [":", "-n", "1", .. program, .. other];
        string[] environment = choice is null ? [] : [$"REPARAM_MPI={choice}"];
        ReparamProcess? launcher = ReparamProcess.StartCommand(
            $"mpirun.{library}", [.. options, "-n", $"{processes}", .. program, .. arguments, .. more], environment);
        RealData.Need(launcher is not null, $"mpirun.{library} is not installed.");
        return new MpiJob(launcher!);
    }

    /// <summary>Runs <c>train --json</c> to its end, and returns the SHA-256 of the weights.</summary>
    public static string Train(string library, int processes, params IEnumerable<string> arguments)
    {
        using MpiJob job = Start(library, processes, ["train", "--json", "--quiet", .. arguments]);
        (int code, string output, string errors) = job.Finish();
        Assert.True(code == 0, $"exit code {code}: {errors}");
        using var document = JsonDocument.Parse(output.Trim());
        return document.RootElement.GetProperty("weights_sha256").GetString()!;
    }

    /// <summary>The numbers of the processes of the job on this machine, of those that train.</summary>
    public int[] Processes() => [.. Directory.GetDirectories("/proc").Select(d => Path.GetFileName(d))
        .Where(name => int.TryParse(name, out _)).Select(int.Parse).Where(IsOurs)];

    public (int ExitCode, string Output, string Errors) Finish() => _launcher.Finish();

    public bool EndsWithin(TimeSpan time) => _launcher.EndsWithin(time);

    public void Dispose() => _launcher.Dispose();

    /// <summary>Whether a process is <c>dotnet</c> and descends from the launcher.</summary>
    private bool IsOurs(int process)
    {
        if (Status(process) is not ("dotnet", int parent)) return false;
        while (parent > 1)
        {
            if (parent == _launcher.Id) return true;
            parent = Status(parent)?.Parent ?? 0;
        }

        return false;
    }

    /// <summary>The name and the parent of a process; null if it has ended.</summary>
    private static (string Name, int Parent)? Status(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            int open = stat.IndexOf('(', StringComparison.Ordinal), close = stat.LastIndexOf(')');
            return (stat[(open + 1)..close], int.Parse(stat[(close + 2)..].Split(' ')[1],
                System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}

using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Reparam.Cli.Benchmarks;
using Reparam.Cli.Display;
using Reparam.Data;
using Reparam.Tensors;
using Reparam.Runs;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam doctor</c>: the properties of this machine. The command never fails because something is
/// missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command(
            "doctor", "Show the properties of this machine: processors, vector width, speed, memory, data sets.");
        SharedOptions.AddTo(command, SharedOptions.DataDirectory, SharedOptions.Threads, SharedOptions.Json);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        SharedOptions.Apply(parsed);
        var result = new Result(parsed);
        string version = typeof(DoctorCommand).Assembly.GetName().Version?.ToString(3) ?? "";
        result.Add("version", version, "reparam", version);
        result.Add("os", RuntimeInformation.OSDescription, "system",
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        result.Add("architecture", RuntimeInformation.ProcessArchitecture.ToString());
        result.Add(
            "runtime", RuntimeInformation.FrameworkDescription, "runtime", RuntimeInformation.FrameworkDescription);
        result.Add("processors", Environment.ProcessorCount, "processors",
            FormattableString.Invariant($"{Environment.ProcessorCount}, of which {Execution.Threads} are used"));
        result.Add("threads", Execution.Threads);
        result.Add("vector_bits", Execution.VectorBits,
            "vectors", string.Create(CultureInfo.InvariantCulture, $"{Execution.VectorBits} bits, fused multiply-add " +
            $"{(Execution.HasFma ? "yes" : "no: results are the same, but computed slowly")}"));
        result.Add("fma", Execution.HasFma);
        double speed = ProductSpeed.Measure();
        result.Add("gflops", Math.Round(speed, 1),
            "products", string.Create(CultureInfo.InvariantCulture, $"{speed:F1} GFLOP/s, {ProductSpeed.Edge} x " +
            $"{ProductSpeed.Edge} x {ProductSpeed.Edge} in Float32, median of {ProductSpeed.Repetitions}"));
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        // Weights, gradients and the two moments of Adam in Float32, and the same amount again for the intermediate
        // results of a step.
        double parameters = Math.Min(memory / (4 * 4 * 2), RunFactory.LargestModel);
        result.Add("memory_bytes", memory, "memory", FormattableString.Invariant(
            $"{memory / 1e9:F1} GB for this process, enough to train about {parameters / 1e6:N0} million parameters"));
        AddData(result, parsed.GetValue(SharedOptions.DataDirectory));
        return result.Print();
    }

    private static void AddData(Result result, string? option)
    {
        string directory = DataDirectory.Resolve(option);
        result.Add("data_directory", directory, "data",
            $"{directory}{(Directory.Exists(directory) ? "" : " (does not exist yet)")}");
        var sets = new JsonObject();
        foreach (DatasetEntry entry in DatasetCatalog.Entries)
        {
            string state = DataPresence.Of(entry, directory);
            sets[entry.Name] = state;
            result.Line("", $"{entry.Name}: {state}");
        }

        result.Add("data_sets", sets);
    }
}

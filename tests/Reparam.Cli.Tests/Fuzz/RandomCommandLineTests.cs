using System.Globalization;
using System.Text.RegularExpressions;
using Reparam.Data;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Fuzz;

/// <summary>
/// Whatever is typed ends with an exit code that says what it was, and a sentence. A few hundred lines by default;
/// REPARAM_COMMAND_LINES=10000 tries as many, REPARAM_COMMAND_LINES_FROM=300 others, and
/// REPARAM_COMMAND_LINES_LOG=FILE writes each line with its exit code.
/// </summary>
[Collection(AloneInTheProcess.Name)]
public sealed partial class RandomCommandLineTests(ITestOutputHelper log) : IDisposable
{
    private const int Lines = 300;

    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Environment.CurrentDirectory;
    private readonly int _threads = Execution.Threads;
    private readonly string? _data = Environment.GetEnvironmentVariable("REPARAM_DATA");

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        Environment.SetEnvironmentVariable("REPARAM_DATA", _data);
        Execution.Threads = _threads;
        _folder.Dispose();
    }

    [Fact]
    public void Every_command_line_ends_with_a_sentence_and_a_known_exit_code()
    {
        Furnish();
        var lines = new RandomCommandLine(InProcess.Root, 20_260_101);
        int from = Number("REPARAM_COMMAND_LINES_FROM", 0), count = Number("REPARAM_COMMAND_LINES", Lines);
        string? file = Environment.GetEnvironmentVariable("REPARAM_COMMAND_LINES_LOG");
        using StreamWriter? trace = file is null ? null : new StreamWriter(file);
        SortedDictionary<int, int> codes = [];
        List<string> faults = [];
        for (int i = from; i < from + count; i++)
        {
            IReadOnlyList<string> line = lines.At(i);
            // that would ask the network
            if (line.Take(2).SequenceEqual(["data", "fetch"]) && line.Count > 2
                && DatasetCatalog.Entries.Any(e => line.Contains(e.Name)))
                continue;
            string spelt = $"{i}: {string.Join(' ', line.Select(word => $"'{word}'"))}";
            trace?.WriteLine(spelt);
            trace?.Flush();
            // As Ctrl-C does, a little after the start.
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
            CommandLine.Outcome outcome = InProcess.Until(InProcess.Root, line, stop.Token);
            trace?.WriteLine($"  {outcome.Code} {outcome.Error.ReplaceLineEndings(" | ")}");
            codes[outcome.Code] = codes.GetValueOrDefault(outcome.Code) + 1;
            if (Fault(outcome) is { } fault) faults.Add($"{spelt}\n  {fault}: exit {outcome.Code}: {outcome.Error}");
        }

        string counts = string.Join(
            ", ", codes.Select(c => string.Create(CultureInfo.InvariantCulture, $"exit {c.Key}: {c.Value}")));
        log.WriteLine(counts);
        trace?.WriteLine(counts);
        Assert.True(faults.Count == 0,
            $"{faults.Count} of {count} command lines ({counts}):\n{string.Join("\n", faults.Take(40))}");
    }

    /// <summary>What is wrong with how a command ended; null for nothing.</summary>
    private static string? Fault(CommandLine.Outcome outcome)
    {
        if (outcome.Code is not (0 or 2 or 3 or 4 or 130)) return "an exit code of nothing that a person did";
        if (StackTrace().IsMatch(outcome.Error) || StackTrace().IsMatch(outcome.Output)) return "a stack trace";
        if (outcome.Code != 0 && !Sentence().IsMatch(outcome.Error)) return "no sentence";
        return DotNetWords().IsMatch(outcome.Error) ? "words of .NET" : null;
    }

    /// <summary>What the lines speak of: a small run, data, and files that are none.</summary>
    private void Furnish()
    {
        Environment.CurrentDirectory = _folder.Path;
        Environment.SetEnvironmentVariable("REPARAM_DATA", _folder.File("no-data"));
        float[] values = [.. Enumerable.Range(0, 60 * 64).Select(i => i * 37 % 101 / 101f)];
        NpzFile.Write("data.npz", ("x", NumericArray.FromFloat32([60, 8, 8], values)),
            ("labels", NumericArray.FromInt32([60], [.. Enumerable.Range(0, 60).Select(i => i % 3)])));
        Directory.CreateDirectory("folder");
        File.WriteAllText("text.txt", "text");
        File.WriteAllText("empty", "");
        File.WriteAllText("c.json", """{ "training": { "epochs": 1 } }""");
        File.WriteAllText("damaged.json", """{ "training": """);
        NpyFile.Write("whole.npy", NumericArray.FromFloat32([60, 8, 8], values));
        File.WriteAllBytes("damaged.npy", File.ReadAllBytes("whole.npy")[..1000]);
        InProcess.Run(["train", "--data", "data.npz", "--epochs", "2", "--hidden", "4", "--latent", "2", "--batch",
            "10", "--out", "run"]).Exits(0);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture,
            out int value) ? value : otherwise;

    /// <summary>Of the program, or of a training that was stopped and says how to go on.</summary>
    [GeneratedRegex(@"^(reparam: .{10,}|interrupted at step .{10,})", RegexOptions.Multiline)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"^\s+at \S+\(", RegexOptions.Multiline)]
    private static partial Regex StackTrace();

    [GeneratedRegex(@"System\.\w+|Exception\b|\(Parameter '|Object reference|Index was out")]
    private static partial Regex DotNetWords();
}

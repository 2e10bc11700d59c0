using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Reparam.Tensors;

namespace Reparam.Cli.Failures;

/// <summary>Writes the report of a bug: version, command line, system, and the exception with its stack
/// trace.</summary>
internal static class CrashReport
{
    /// <summary>
    /// The folders to try for a report: the current folder, then the folder of temporary files. They are functions,
    /// because the current folder may no longer exist.
    /// </summary>
    public static IEnumerable<Func<string>> Folders => [() => Environment.CurrentDirectory, Path.GetTempPath];

    /// <summary>Writes the report into the first folder that can be written to, and returns the message for the
    /// user.</summary>
    public static string Write(Exception failure, IReadOnlyList<string> commandLine, IEnumerable<Func<string>> folders)
    {
        string thrown = $"{failure.GetType().Name}: {failure.Message.TrimEnd('.', ' ')}";
        string what = $"this is a bug of reparam, not an error in your command: {thrown}.";
        string name = FormattableString.Invariant(
            $"reparam-report-{DateTime.UtcNow:yyyyMMdd-HHmmss-fff}-{Environment.ProcessId}.txt");
        string text = Text(failure, commandLine), obstacle = "";
        foreach (Func<string> folder in folders)
        {
            try
            {
                string path = Path.Combine(folder(), name);
                File.WriteAllText(path, text);
                return $"{what} The report is in '{path}'; please send it to the authors.";
            }
            catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
            {
                obstacle = reason.Message.TrimEnd('.');
            }
        }

        return $"{what} No report could be written: {obstacle}.";
    }

    private static string Text(Exception failure, IReadOnlyList<string> commandLine)
    {
        var text = new StringBuilder();
        void Line(string label, string value) => text.Append(CultureInfo.InvariantCulture, $"{label,-14}{value}\n");
        Line("version", typeof(CrashReport).Assembly.GetName().Version?.ToString(3) ?? "unknown");
        Line("command line", string.Join(' ', commandLine.Prepend("reparam").Select(Quoted)));
        Line("time", DateTime.UtcNow.ToString("u", CultureInfo.InvariantCulture));
        Line("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        Line("runtime", RuntimeInformation.FrameworkDescription);
        Line("processors", string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount}, of which {Execution.Threads} are used; vectors of " +
                $"{Execution.VectorBits} bits"));
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, used = Environment.WorkingSet / 1e9;
        Line("memory", FormattableString.Invariant($"{available:F1} GB, {used:F2} GB in use"));
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is not string name || !name.StartsWith("REPARAM_", StringComparison.Ordinal)) continue;
            Line(name, variable.Value as string ?? "");
        }

        return text.Append('\n').Append(failure).Append('\n').ToString();
    }

    /// <summary>A word as it must be typed in a shell, in quotes where needed.</summary>
    private static string Quoted(string word)
    {
        bool plain = word.Length > 0 && !word.Any(c => char.IsWhiteSpace(c) || c is '\'' or '"');
        return plain ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}

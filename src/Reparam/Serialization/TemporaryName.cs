using System.Diagnostics;
using System.Globalization;

namespace Reparam.Serialization;

/// <summary>The names of temporary files: <c>NAME.tmp-PID-RANDOM</c>. A later start can tell by the process id which
/// files belong to processes that no longer exist.</summary>
internal static class TemporaryName
{
    private const string Mark = ".tmp-";

    internal static string Suffix() => string.Create(
        CultureInfo.InvariantCulture, $"{Mark}{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>Whether a name is the name of a temporary file whose process no longer exists.</summary>
    internal static bool IsStale(string name)
    {
        int mark = name.LastIndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0) return false;
        string[] parts = name[(mark + Mark.Length)..].Split('-');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            && !IsAlive(pid);
    }

    private static bool IsAlive(int pid)
    {
        if (pid == Environment.ProcessId) return true;
        try
        {
            using Process process = Process.GetProcessById(pid);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

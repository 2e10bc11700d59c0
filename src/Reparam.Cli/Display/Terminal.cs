namespace Reparam.Cli.Display;

/// <summary>What the other end of a stream can show.</summary>
internal static class Terminal
{
    /// <summary>Whether to draw (tables, a live line) rather than print plain lines: a terminal, and NO_COLOR not set.</summary>
    public static bool CanDraw(bool redirected) =>
        !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>The path to paste into a shell: relative, and in quotes where a space or another special character needs them.</summary>
    public static string Quoted(string path)
    {
        string relative = Relative(path);
        return relative.All(c => char.IsLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or ':') ? relative : $"\"{relative}\"";
    }

    /// <summary>The path as a person in this folder would type it.</summary>
    public static string Relative(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(path) : relative;
    }
}

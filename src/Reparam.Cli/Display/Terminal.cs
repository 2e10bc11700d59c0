using Spectre.Console;

namespace Reparam.Cli.Display;

/// <summary>What the terminal behind an output stream can show.</summary>
internal static class Terminal
{
    // The width where it is unknown. Files and pipes are read on terminals too, and most terminals are at least as
    // wide.
    private const int UsualWidth = 80;

    /// <summary>Whether to draw tables and a live progress line instead of plain lines. This needs a terminal, without
    /// the environment variable NO_COLOR.</summary>
    public static bool CanDraw(bool redirected) =>
        !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>The width of a line, in characters.</summary>
    public static int Width(bool redirected)
    {
        if (redirected) return UsualWidth;
        try
        {
            return Console.WindowWidth > 1 ? Console.WindowWidth : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth; // the terminal does not tell its width
        }
    }

    /// <summary>The text in its colour, where the stream shows colours (https://no-color.org).</summary>
    public static string Painted(string text, Paint paint, bool redirected)
    {
        // Older consoles of Windows print the colour codes as text.
        bool paints = CanDraw(redirected) && (!OperatingSystem.IsWindows() || AnsiConsole.Profile.Capabilities.Ansi);
        return paints ? Coloured(text, paint) : text;
    }

    /// <summary>The text in a colour, for a terminal.</summary>
    internal static string Coloured(string text, Paint paint) => paint switch
    {
        Paint.Severe => $"\e[31m{text}\e[0m",
        Paint.Warning => $"\e[33m{text}\e[0m",
        _ => text,
    };

    /// <summary>The path as it is pasted into a shell: relative, and in quotes where a space or another special
    /// character needs quotes.</summary>
    public static string Quoted(string path)
    {
        string relative = Relative(path);
        return relative.All(c => char.IsLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or ':') ? relative
            : $"\"{relative}\"";
    }

    /// <summary>The path relative to the current folder; a path outside this folder is a full path.</summary>
    public static string Relative(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        if (relative == Runs.LatestRun.Word) return $"./{relative}"; // the word alone means the newest run
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(path) : relative;
    }
}

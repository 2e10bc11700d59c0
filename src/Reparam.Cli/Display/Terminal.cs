using Spectre.Console;

namespace Reparam.Cli.Display;

/// <summary>What the other end of a stream can show.</summary>
internal static class Terminal
{
    // Where the width is unknown: files and pipes are read on terminals too, most of them at least as wide.
    private const int UsualWidth = 80;

    /// <summary>Whether to draw (tables, a live line) rather than print plain lines: a terminal, and NO_COLOR not
    /// set.</summary>
    public static bool CanDraw(bool redirected) =>
        !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>The letters of a line.</summary>
    public static int Width(bool redirected)
    {
        if (redirected) return UsualWidth;
        try
        {
            return Console.WindowWidth > 1 ? Console.WindowWidth : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth; // a terminal that does not say
        }
    }

    /// <summary>The text in the colour of its weight, where the stream shows colours (https://no-color.org).</summary>
    public static string Painted(string text, Paint paint, bool redirected)
    {
        // Older consoles of Windows print the codes as they are.
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

    /// <summary>The path to paste into a shell: relative, and in quotes where a space or another special character
    /// needs them.</summary>
    public static string Quoted(string path)
    {
        string relative = Relative(path);
        return relative.All(c => char.IsLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or ':') ? relative
            : $"\"{relative}\"";
    }

    /// <summary>The path as a person in this folder would type it.</summary>
    public static string Relative(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        if (relative == Runs.LatestRun.Word) return $"./{relative}"; // the bare word is the newest run
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(path) : relative;
    }
}

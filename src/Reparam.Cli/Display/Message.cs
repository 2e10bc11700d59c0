namespace Reparam.Cli.Display;

/// <summary>Writes messages to standard error. Lines break at spaces, to the width of the terminal.</summary>
internal static class Message
{
    private const string Indent = "  ";

    /// <summary>The name of this process in a job of several; null if it is the one that speaks to the user. The others
    /// write only errors.</summary>
    public static string? Speaker { get; set; }

    private static int Width => Terminal.Width(Console.IsErrorRedirected);

    /// <summary>Writes a note for the user.</summary>
    public static void Note(string text) => Line($"reparam: note: {text}");

    /// <summary>Writes a warning, which the user should look at.</summary>
    public static void Warn(string text) => Write($"reparam: warning: {text}", Paint.Warning, Width);

    /// <summary>Writes an error. If standard error is redirected, it is a single line, which programs can
    /// read.</summary>
    public static void Error(string text) =>
        Write($"reparam: {(Speaker is null ? "" : $"{Speaker}: ")}{text}", Paint.None,
            Console.IsErrorRedirected ? int.MaxValue : Width);

    /// <summary>Writes a line of a report.</summary>
    public static void Line(string text) => Write(text, Paint.None, Width);

    /// <summary>The lines of a message. All lines after the first are indented.</summary>
    internal static IEnumerable<string> Lines(string text, int width)
    {
        if (VisibleText.Width(text) <= width) return [text];
        // Leading spaces are the indent of the message.
        string margin = text[..^text.TrimStart(' ').Length], hanging = margin + Indent;
        return TableLayout.Wrap(text.TrimStart(' '), Math.Max(width - hanging.Length, 1), width - margin.Length)
            .Select((line, i) => (i == 0 ? margin : hanging) + line);
    }

    private static void Write(string text, Paint paint, int width)
    {
        foreach (string line in Lines(VisibleText.Of(text), width))
            Console.Error.WriteLine(Terminal.Painted(line, paint, Console.IsErrorRedirected));
    }
}

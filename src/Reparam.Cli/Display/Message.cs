namespace Reparam.Cli.Display;

/// <summary>Sentences on standard error, broken at blanks to the width of the terminal.</summary>
internal static class Message
{
    private const string Indent = "  ";

    private static int Width => Terminal.Width(Console.IsErrorRedirected);

    /// <summary>What a person should know.</summary>
    public static void Note(string text) => Line($"reparam: note: {text}");

    /// <summary>What a person should look at.</summary>
    public static void Warn(string text) => Write($"reparam: warning: {text}", Paint.Warning, Width);

    /// <summary>What went wrong: in one line where a program reads it.</summary>
    public static void Error(string text) =>
        Write($"reparam: {text}", Paint.None, Console.IsErrorRedirected ? int.MaxValue : Width);

    /// <summary>A line of a report.</summary>
    public static void Line(string text) => Write(text, Paint.None, Width);

    /// <summary>The lines of a sentence, all but the first indented.</summary>
    internal static IEnumerable<string> Lines(string text, int width)
    {
        if (text.Length <= width) return [text];
        // Leading blanks are the sentence's own indent.
        string margin = text[..^text.TrimStart(' ').Length], hanging = margin + Indent;
        return TableLayout.Wrap(text.TrimStart(' '), Math.Max(width - hanging.Length, 1), width - margin.Length)
            .Select((line, i) => (i == 0 ? margin : hanging) + line);
    }

    private static void Write(string text, Paint paint, int width)
    {
        foreach (string line in Lines(text, width))
            Console.Error.WriteLine(Terminal.Painted(line, paint, Console.IsErrorRedirected));
    }
}

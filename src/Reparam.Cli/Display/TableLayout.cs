using System.Globalization;

namespace Reparam.Cli.Display;

/// <summary>
/// Computes the widths of the columns of a table, and breaks text into lines. Text breaks at spaces only.
/// </summary>
internal static class TableLayout
{
    /// <summary>
    /// The widths of the columns, at most <paramref name="room"/> together; null where their longest words need more.
    /// </summary>
    public static int[]? Widths(IReadOnlyList<string> headings, IReadOnlyList<string[]> rows, int room)
    {
        int[] widths = new int[headings.Count], wanted = new int[headings.Count];
        for (int i = 0; i < widths.Length; i++)
        {
            string[] cells = [headings[i], .. rows.Select(row => row[i])];
            widths[i] = cells.Max(cell => cell.Split(' ').Max(VisibleText.Width));
            wanted[i] = cells.Max(VisibleText.Width);
        }

        int left = room - widths.Sum();
        if (left < 0) return null;
        // The rest of the room goes to the columns that need it, one character at a time.
        for (bool given = true; given && left > 0;)
        {
            given = false;
            for (int i = 0; i < widths.Length && left > 0; i++)
            {
                if (widths[i] >= wanted[i]) continue;
                widths[i]++;
                left--;
                given = true;
            }
        }

        return widths;
    }

    /// <summary>Lines of at most <paramref name="width"/> columns of the terminal. A longer word gets a longer
    /// line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width of a line, in columns.</param>
    /// <param name="first">The width of the first line; null where it is the same.</param>
    public static IEnumerable<string> Wrap(string text, int width, int? first = null)
    {
        string line = "";
        int room = first ?? width, taken = 0;
        foreach (string word in text.Split(' '))
        {
            int length = VisibleText.Width(word);
            if (line.Length > 0 && taken + 1 + length > room)
            {
                yield return line;
                (line, taken) = (word, length);
                room = width;
            }
            else
            {
                (line, taken) = line.Length == 0 ? (word, length) : ($"{line} {word}", taken + 1 + length);
            }
        }

        yield return line;
    }

    /// <summary>A text of at most <paramref name="width"/> columns of the terminal. Of a longer text, the middle is
    /// left out.</summary>
    public static string Shorten(string text, int width)
    {
        const string gap = "...";
        text = VisibleText.Of(text);
        if (VisibleText.Width(text) <= width) return text;
        // A character with its marks is not cut.
        int[] starts = StringInfo.ParseCombiningCharacters(text);
        int head = (width - gap.Length) / 2, tail = width - gap.Length - head;
        int end = starts.Last(at => VisibleText.Width(text[..at]) <= head);
        int start = starts.Append(text.Length).First(at => VisibleText.Width(text[at..]) <= tail);
        return $"{text[..end]}{gap}{text[start..]}";
    }
}

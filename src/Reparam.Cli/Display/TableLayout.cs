namespace Reparam.Cli.Display;

/// <summary>
/// How wide the columns of a table are, and where text breaks: at blanks, never within a word that fits its line.
/// </summary>
internal static class TableLayout
{
    /// <summary>
    /// Widths of columns that together take at most <paramref name="room"/>; null where their longest words take more.
    /// </summary>
    public static int[]? Widths(IReadOnlyList<string> headings, IReadOnlyList<string[]> rows, int room)
    {
        int[] widths = new int[headings.Count], wanted = new int[headings.Count];
        for (int i = 0; i < widths.Length; i++)
        {
            string[] cells = [headings[i], .. rows.Select(row => row[i])];
            widths[i] = cells.Max(cell => cell.Split(' ').Max(word => word.Length));
            wanted[i] = cells.Max(cell => cell.Length);
        }

        int left = room - widths.Sum();
        if (left < 0) return null;
        // What is left goes to the columns that want it, a letter at a time.
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

    /// <summary>Lines of at most <paramref name="width"/> letters, but for words that are longer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The letters of a line.</param>
    /// <param name="first">Those of the first line, where it has others.</param>
    public static IEnumerable<string> Wrap(string text, int width, int? first = null)
    {
        string line = "";
        int room = first ?? width;
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > room)
            {
                yield return line;
                line = word;
                room = width;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}

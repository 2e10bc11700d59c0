using Spectre.Console;

namespace Reparam.Cli.Display;

/// <summary>
/// Rows under headings. On a terminal it is a drawn table; where the table is too wide, columns are omitted or each
/// field gets a line. Elsewhere it is aligned plain columns, which other programs can read.
/// </summary>
internal sealed class ResultTable(params string[] headings)
{
    private const int PlainGap = 2;

    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    /// <summary>Headings of columns that a narrow terminal omits, in the order in which they are omitted.</summary>
    public IReadOnlyList<string> Spare { get; init; } = [];

    public void Add(params string[] cells) => _rows.Add(Array.ConvertAll(cells, VisibleText.Of));

    public void Write()
    {
        bool redirected = Console.IsOutputRedirected;
        if (Terminal.CanDraw(redirected)) Draw(AnsiConsole.Console);
        else WritePlain(Console.Out.WriteLine, redirected ? int.MaxValue : Terminal.Width(redirected));
    }

    /// <summary>Draws the table for a terminal with the width of the console.</summary>
    internal void Draw(IAnsiConsole console)
    {
        int width = console.Profile.Width;
        // One border for each column and one more, and a space on each side of a column.
        foreach (int[] columns in Choices())
        {
            int[]? widths = TableLayout.Widths(
                Of(headings, columns), [.. _rows.Select(row => Of(row, columns))], width - 3 * columns.Length - 1);
            if (widths is null) continue;
            var table = new Table { Border = TableBorder.Rounded };
            foreach ((int i, int c) in columns.Index())
            {
                var column = new TableColumn(Markup.Escape(headings[c])) { Width = widths[i] };
                table.AddColumn(IsNumeric(c) ? column.RightAligned() : column);
            }

            foreach (string[] row in _rows) table.AddRow([.. Of(row, columns).Select(Markup.Escape)]);
            console.Write(table);
            SayLeftOut(line => console.WriteLine(line), columns, width);
            return;
        }

        WriteFields(line => console.WriteLine(line), width);
    }

    /// <summary>Writes aligned columns if they fit, else a line for each field.</summary>
    internal void WritePlain(Action<string> write, int width)
    {
        int[] widths =
            [.. headings.Select((heading, i) => _rows.Select(row => row[i]).Append(heading).Max(VisibleText.Width))];
        foreach (int[] columns in Choices())
        {
            if (columns.Sum(c => (long)widths[c] + PlainGap) - PlainGap > width) continue;
            foreach (string[] row in (string[][])[headings, .. _rows])
                write(string.Join(new string(' ', PlainGap), columns.Select(c => Padded(row[c], c))).TrimEnd());
            SayLeftOut(write, columns, width);
            return;
        }

        WriteFields(write, width);

        string Padded(string cell, int column) => IsNumeric(column) ? VisibleText.PadLeft(cell, widths[column])
            : VisibleText.PadRight(cell, widths[column]);
    }

    /// <summary>All columns, then fewer columns in each further choice.</summary>
    private IEnumerable<int[]> Choices() => Enumerable.Range(0, Spare.Count + 1)
        .Select(gone => Spare.Take(gone))
        .Select(gone => Enumerable.Range(0, headings.Length).Where(c => !gone.Contains(headings[c])).ToArray());

    private void SayLeftOut(Action<string> write, int[] columns, int width)
    {
        string[] missing = [.. headings.Where((_, c) => !columns.Contains(c))];
        if (missing.Length == 0) return;
        string sentence = $"(not shown here: {string.Join(", ", missing)}; use a wider terminal or --json to see them)";
        foreach (string line in TableLayout.Wrap(sentence, width)) write(line);
    }

    /// <summary>Writes each row as lines, one line or more for each field.</summary>
    private void WriteFields(Action<string> write, int width)
    {
        int label = headings.Max(h => h.Length) + 2, room = Math.Max(width - label, 1);
        foreach (string[] row in _rows)
        {
            for (int i = 0; i < headings.Length; i++)
            {
                string name = headings[i];
                foreach (string line in TableLayout.Wrap(row[i], room))
                {
                    write((name.PadRight(label) + line).TrimEnd());
                    name = "";
                }
            }

            write("");
        }
    }

    private static string[] Of(string[] row, int[] columns) => [.. columns.Select(c => row[c])];

    private bool IsNumeric(int column) => _rows.Count > 0 && _rows.All(row => row[column].Length == 0
        || char.IsAsciiDigit(row[column][^1]) && row[column][0] is '-' or '+' or (>= '0' and <= '9'));
}

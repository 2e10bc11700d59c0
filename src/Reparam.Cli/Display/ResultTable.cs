using Spectre.Console;

namespace Reparam.Cli.Display;

/// <summary>Rows under headings: on a terminal a drawn table, or one line a field where the columns do not fit; elsewhere aligned plain columns, so that other programs can read them.</summary>
internal sealed class ResultTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write()
    {
        if (Terminal.CanDraw(Console.IsOutputRedirected)) Draw(AnsiConsole.Console);
        else WritePlain();
    }

    /// <summary>Draws for a terminal of the console's width.</summary>
    internal void Draw(IAnsiConsole console)
    {
        // A border beside each column and one more, and a blank on either side of each.
        int[]? widths = TableLayout.Widths(headings, _rows, console.Profile.Width - 3 * headings.Length - 1);
        if (widths is null)
        {
            DrawFields(console);
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        for (int i = 0; i < headings.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(headings[i])) { Width = widths[i] };
            table.AddColumn(IsNumeric(i) ? column.RightAligned() : column);
        }

        foreach (string[] row in _rows) table.AddRow([.. row.Select(Markup.Escape)]);
        console.Write(table);
    }

    /// <summary>Each row as lines of its fields.</summary>
    private void DrawFields(IAnsiConsole console)
    {
        int label = headings.Max(h => h.Length) + 2, room = Math.Max(console.Profile.Width - label, 1);
        foreach (string[] row in _rows)
        {
            for (int i = 0; i < headings.Length; i++)
            {
                string name = headings[i];
                foreach (string line in TableLayout.Wrap(row[i], room))
                {
                    console.WriteLine((name.PadRight(label) + line).TrimEnd());
                    name = "";
                }
            }

            console.WriteLine();
        }
    }

    private void WritePlain()
    {
        int[] widths = [.. headings.Select((heading, i) => _rows.Select(row => row[i].Length).Append(heading.Length).Max())];
        Console.Out.WriteLine(Join(headings));
        foreach (string[] row in _rows) Console.Out.WriteLine(Join(row));

        string Join(string[] cells) =>
            string.Join("  ", cells.Select((cell, i) => IsNumeric(i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd();
    }

    private bool IsNumeric(int column) => _rows.Count > 0 && _rows.All(row => row[column].Length == 0 || char.IsAsciiDigit(row[column][^1]) && row[column][0] is '-' or '+' or (>= '0' and <= '9'));
}

using Spectre.Console;

namespace Reparam.Cli.Display;

/// <summary>Rows under headings: a drawn table on a terminal, aligned plain columns elsewhere, so that other programs can read it.</summary>
internal sealed class ResultTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write()
    {
        if (Terminal.CanDraw(Console.IsOutputRedirected)) Draw();
        else WritePlain();
    }

    private void Draw()
    {
        var table = new Table { Border = TableBorder.Rounded };
        for (int i = 0; i < headings.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(headings[i])) { NoWrap = i == 0 };
            table.AddColumn(IsNumeric(i) ? column.RightAligned() : column);
        }

        foreach (string[] row in _rows) table.AddRow([.. row.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
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

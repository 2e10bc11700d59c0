using System.Globalization;
using Reparam.Data;

namespace Reparam.Tests.Data.Tables;

/// <summary>A table in memory.</summary>
internal sealed class MemoryTable(string[] columns, params string[][] rows) : TableSource
{
    public override string Name => "memory";

    public override IReadOnlyList<string> Columns => columns;

    public override TableFormat Format => Form;

    public TableFormat Form { get; init; } = new(',', '.', true);

    /// <summary>A table of one column.</summary>
    public static MemoryTable Of(params string[] cells) => new(["x"], [.. cells.Select(c => (string[])[c])]);

    /// <summary>200 cells.</summary>
    public static string[] Many(Func<int, string> cell) => [.. Enumerable.Range(0, 200).Select(cell)];

    /// <summary>A number with all its digits.</summary>
    public static string Text(double x) => x.ToString("R", CultureInfo.InvariantCulture);

    public override void Read(ITableSink sink)
    {
        foreach (string[] row in rows)
        {
            for (int c = 0; c < row.Length; c++) sink.Cell(c, row[c]);
            sink.EndRow();
        }
    }
}

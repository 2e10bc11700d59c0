using Reparam.Data;

namespace Reparam.Formats;

/// <summary>A column of a file that is written.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Type">The type of its cells.</param>
public readonly record struct WrittenColumn(string Name, CellType Type = CellType.Text)
{
    // The largest whole number up to which doubles have all whole numbers.
    private const double LargestWhole = 1L << 53;

    /// <summary>The order in which the cells write dates.</summary>
    public DateOrder Order { get; init; }

    /// <summary>A column of a table: categories and levels are texts, counts and truth values are whole numbers, and so
    /// are other numbers without decimals.</summary>
    public static WrittenColumn Of(TableColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return new(column.Name, column.Kind switch
        {
            ColumnKind.Date => CellType.Time,
            ColumnKind.Count or ColumnKind.Boolean => CellType.Whole,
            ColumnKind.Real or ColumnKind.Positive => column.Decimals == 0 && column.Minimum >= -LargestWhole
                && column.Maximum <= LargestWhole ? CellType.Whole : CellType.Number,
            _ => CellType.Text,
        }) { Order = column.DateOrder };
    }
}

using System.Globalization;
using Reparam.Data;

namespace Reparam.Tabular;

/// <summary>Finds whether a table has the windows that <see cref="RowSampler"/> draws: a column with the number of the
/// window, 1, 2, ..., of which each has the same number of rows, more than one.</summary>
internal sealed class WindowedRows : ITableSink
{
    /// <summary>The name of the column.</summary>
    public const string Column = "window";

    private readonly int _column;
    private readonly List<int> _sizes = [];
    private bool _isWindowed = true;

    private WindowedRows(int column) => _column = column;

    /// <summary>The number of rows of a window; null if the rows of the table are no windows.</summary>
    public static int? SizeOf(TableSource source)
    {
        int column = source.Columns.ToList().IndexOf(Column);
        if (column < 0) return null;
        var rows = new WindowedRows(column);
        source.Read(rows);
        return rows._isWindowed && rows._sizes is [> 1 and var size, ..] && rows._sizes.All(s => s == size)
            ? size : null;
    }

    public void Cell(int column, ReadOnlySpan<char> text)
    {
        if (column != _column || !_isWindowed) return;
        _isWindowed = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int window)
            && (window == _sizes.Count + 1 || (window == _sizes.Count && window > 0));
        if (!_isWindowed) return;
        if (window > _sizes.Count) _sizes.Add(0);
        _sizes[^1]++;
    }

    public void EndRow()
    {
    }
}

namespace Reparam.Data;

/// <summary>Rows of a table whose columns are stored separately. Parts of a table share the columns.</summary>
/// <param name="Schema">The schema with which the table was read.</param>
/// <param name="Columns">The numbers of the used columns: those that are modelled, then the conditions.</param>
/// <param name="Order">The row of the columns for each data point, for a window its first row; null for all rows in
/// order.</param>
/// <param name="Impossible">The cells of the columns whose text is a value that their column cannot have, as row and
/// column; such a cell is missing for the model.</param>
/// <param name="Encoder">The schema whose columns encode the numbers; null for the numbers of the source.</param>
internal sealed record TableRows(TableSchema Schema, ColumnCells[] Columns, int[]? Order,
    IReadOnlySet<(int Row, int Column)> Impossible, TableSchema? Encoder)
{
    /// <summary>The number of a cell of a data point, encoded if there is an encoder. The cells of a window are those
    /// of its first row, then those of its second row, and so on.</summary>
    public double this[int row, int cell]
    {
        get
        {
            double value = Source(row, cell);
            return Encoder is null ? value : Encoder.Modelled[cell % Schema.Modelled.Count].Encode(value);
        }
    }

    /// <summary>The number of a cell in the source.</summary>
    public double Source(int row, int cell)
    {
        (int later, int column) = Math.DivRem(cell, Schema.Modelled.Count);
        return Columns[column][FirstRow(row) + later];
    }

    /// <summary>The number of rows of a data point.</summary>
    public int Length => Schema.Window?.Size ?? 1;

    /// <summary>The number of cells of a data point.</summary>
    public int Width => Schema.Cells.Count;

    /// <summary>The conditions of a data point as numbers of the source: those of its first row, then those of its
    /// second row, and so on.</summary>
    public double[] Conditions(int row)
    {
        (int first, int modelled) = (FirstRow(row), Schema.Modelled.Count);
        int each = Columns.Length - modelled;
        double[] cells = new double[Length * each];
        for (int i = 0; i < cells.Length; i++) cells[i] = Columns[modelled + i % each][first + i / each];
        return cells;
    }

    /// <summary>The first row of a data point in the table, from 0.</summary>
    public int FirstRow(int row) => Order is null ? row : Order[row];

    /// <summary>The rows of the columns that the first data points cover, each once.</summary>
    public int[] CoveredRows(int count)
    {
        int size = Length;
        if (size == 1) return [.. Enumerable.Range(0, count).Select(FirstRow)];
        int last = Enumerable.Range(0, count).Max(FirstRow) + size;
        var isCovered = new System.Collections.BitArray(last);
        for (int i = 0; i < count; i++)
        {
            for (int row = FirstRow(i); row < FirstRow(i) + size; row++) isCovered[row] = true;
        }

        return [.. Enumerable.Range(0, last).Where(row => isCovered[row])];
    }

    /// <summary>The modelled columns in which a data point has a value that they cannot have.</summary>
    public IEnumerable<int> ImpossibleColumns(int row)
    {
        int first = FirstRow(row);
        return Impossible.Count == 0 ? [] : Enumerable.Range(0, Schema.Modelled.Count).Where(
            c => Enumerable.Range(first, Length).Any(r => Impossible.Contains((r, c))));
    }

    /// <summary>Copies a row.</summary>
    public void Copy(int row, Span<float> destination)
    {
        for (int c = 0; c < destination.Length; c++) destination[c] = (float)this[row, c];
    }

    /// <summary>The rows at the indices, without a copy of the cells.</summary>
    public TableRows Select(ReadOnlySpan<int> indices)
    {
        int[] order = new int[indices.Length];
        for (int i = 0; i < order.Length; i++) order[i] = Order is null ? indices[i] : Order[indices[i]];
        return this with { Order = order };
    }
}

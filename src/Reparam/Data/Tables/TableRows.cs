namespace Reparam.Data;

/// <summary>Rows of a table whose columns are stored separately. Parts of a table share the columns.</summary>
/// <param name="Schema">The schema with which the table was read.</param>
/// <param name="Columns">The numbers of the modelled columns.</param>
/// <param name="Order">The row of the columns for each row; null for all rows in order.</param>
/// <param name="Encoder">The schema whose columns encode the numbers; null for the numbers of the source.</param>
internal sealed record TableRows(TableSchema Schema, ColumnCells[] Columns, int[]? Order, TableSchema? Encoder)
{
    /// <summary>The number of a cell, encoded if there is an encoder.</summary>
    public double this[int row, int column]
    {
        get
        {
            double value = Columns[column][Order is null ? row : Order[row]];
            return Encoder is null ? value : Encoder.Modelled[column].Encode(value);
        }
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

namespace Reparam.Data;

/// <summary>Receives the cells of a table, row by row.</summary>
public interface ITableSink
{
    /// <summary>Receives the cell of a column in the present row.</summary>
    void Cell(int column, ReadOnlySpan<char> text);

    /// <summary>Ends the present row.</summary>
    void EndRow();
}

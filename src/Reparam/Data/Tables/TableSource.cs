namespace Reparam.Data;

/// <summary>A table that can be read several times, such as a CSV file.</summary>
public abstract class TableSource
{
    /// <summary>The path or the name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>The names of the columns, in order. Names are distinct.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>How the source is written.</summary>
    public abstract TableFormat Format { get; }

    /// <summary>Passes all cells to <paramref name="sink"/>, row by row.</summary>
    /// <exception cref="InvalidDataFileException">A row has another number of cells than the first, or the file is
    /// damaged.</exception>
    public abstract void Read(ITableSink sink);
}

using Reparam.Data;

namespace Reparam.Formats;

/// <summary>Writes a table to a file, row by row. The file appears under its name when it is complete.</summary>
public abstract class TableWriter : IDisposable
{
    private const string Parquet = ".parquet";

    private bool _isDone;

    /// <summary>Writes to <see cref="Temporary"/>, which <see cref="Dispose()"/> moves to
    /// <paramref name="path"/>.</summary>
    /// <param name="path">The path of the file.</param>
    protected TableWriter(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (Target, Temporary) = (path, path + ".tmp");
    }

    /// <summary>The path of the table.</summary>
    protected string Target { get; }

    /// <summary>The path of the file that is written, beside that of the table.</summary>
    protected string Temporary { get; }

    /// <summary>A writer of the format that the name of the file names: <c>.parquet</c>, else separated text.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="columns">The columns; separated text takes their names.</param>
    /// <param name="decimalMark">The decimal mark of the cells that are numbers.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static TableWriter Create(string path, IReadOnlyList<WrittenColumn> columns, char decimalMark = '.')
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(columns);
        return path.EndsWith(Parquet, StringComparison.OrdinalIgnoreCase)
            ? new ParquetTableWriter(path, columns, decimalMark)
            : new SeparatedWriter(path, [.. columns.Select(c => c.Name)]);
    }

    /// <summary>Whether the name of a file names a format that a writer writes: <c>.csv</c> or
    /// <c>.parquet</c>.</summary>
    public static bool Writes(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(Parquet, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Writes one row, one text for each column.</summary>
    /// <exception cref="InvalidDataFileException">A text is no value of the type of its column.</exception>
    public abstract void Row(IReadOnlyList<string> cells);

    /// <summary>Says that all rows are written, so that <see cref="Dispose()"/> keeps the file.</summary>
    public void Complete()
    {
        Finish();
        _isDone = true;
    }

    /// <summary>Closes the file: in place if it is complete, else it is deleted.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes the rows that are not yet in the file.</summary>
    protected virtual void Finish()
    {
    }

    /// <summary>Closes what writes to <see cref="Temporary"/>; an override then calls this method, which moves or
    /// deletes the file.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> calls.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        if (_isDone) File.Move(Temporary, Target, overwrite: true);
        else File.Delete(Temporary);
    }
}

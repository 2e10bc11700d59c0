using nietras.SeparatedValues;

namespace Reparam.Formats;

/// <summary>Writes a table as separated text. Cells that need quotes are quoted. The file is complete after
/// <see cref="Dispose"/>.</summary>
public sealed class SeparatedWriter : IDisposable
{
    private readonly SepWriter _writer;
    private readonly string _path, _temporary;
    private bool _isDone;

    /// <summary>Writes to a temporary file beside <paramref name="path"/>, which <see cref="Dispose"/> moves
    /// there.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="separator">The character between cells.</param>
    public SeparatedWriter(string path, IReadOnlyList<string> columns, char separator = ',')
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(columns);
        (_path, _temporary) = (path, path + ".tmp");
        _writer = Sep.New(separator).Writer(o => o with { WriteHeader = false, Escape = true }).ToFile(_temporary);
        Row(columns);
    }

    /// <summary>Writes one row.</summary>
    public void Row(IReadOnlyList<string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        using SepWriter.Row row = _writer.NewRow();
        for (int c = 0; c < cells.Count; c++) row[c].Set(cells[c]);
    }

    /// <summary>Says that all rows are written, so that <see cref="Dispose"/> keeps the file.</summary>
    public void Complete() => _isDone = true;

    /// <summary>Closes the file: in place if it is complete, else it is deleted.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        if (_isDone) File.Move(_temporary, _path, overwrite: true);
        else File.Delete(_temporary);
    }
}

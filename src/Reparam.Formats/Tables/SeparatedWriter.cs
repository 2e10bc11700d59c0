using nietras.SeparatedValues;

namespace Reparam.Formats;

/// <summary>Writes a table as separated text. Cells that need quotes are quoted. The file is complete after
/// <see cref="TableWriter.Complete"/> and <see cref="TableWriter.Dispose()"/>.</summary>
public sealed class SeparatedWriter : TableWriter
{
    private readonly SepWriter _writer;

    /// <summary>Creates a file beside <paramref name="path"/>.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="separator">The character between cells.</param>
    public SeparatedWriter(string path, IReadOnlyList<string> columns, char separator = ',')
        : base(path)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _writer = Sep.New(separator).Writer(o => o with { WriteHeader = false, Escape = true }).ToFile(Temporary);
        Row(columns);
    }

    /// <inheritdoc/>
    public override void Row(IReadOnlyList<string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        using SepWriter.Row row = _writer.NewRow();
        for (int c = 0; c < cells.Count; c++) row[c].Set(cells[c]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _writer.Dispose();
        base.Dispose(disposing);
    }
}

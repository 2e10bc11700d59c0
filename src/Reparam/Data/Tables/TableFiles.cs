using System.Text;

namespace Reparam.Data;

/// <summary>Recognises and opens files with tables. The library reads no format of a table by itself; the readers are
/// in <see cref="DataFormats.Tables"/>.</summary>
public static class TableFiles
{
    private static readonly string[] Extensions = [".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet"];

    /// <summary>
    /// Whether a file is a table by its name (.csv, .tsv, also with .gz, and .parquet) or by its content: a text file
    /// whose first line has a cell that is not a number.
    /// </summary>
    public static bool IsTable(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Extensions.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase))) return true;
        if (!File.Exists(path) || !UnpackedFile.HasContent(path)) return false;
        byte[] head = new byte[4096];
        using FileStream file = File.OpenRead(path);
        int length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> text = head.AsSpan(0, length);
        if (length == 0 || text.IndexOfAnyInRange((byte)0, (byte)8) >= 0) return false;
        int end = text.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0) return false;
        string[] cells = Encoding.UTF8.GetString(text[..end]).Split(
            (char[])[' ', '\t', ',', ';', '|'], StringSplitOptions.RemoveEmptyEntries);
        return cells.Length > 1 && cells.Any(c => !double.TryParse(c, System.Globalization.NumberStyles.Float,
            System.Globalization.CultureInfo.InvariantCulture, out _));
    }

    /// <summary>Opens a table.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="formats">The formats that the program reads, such as <c>FileFormats.All</c> of
    /// Reparam.Formats.</param>
    /// <param name="format">How the file is written; parts that are null are detected.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataFileException">The file is empty or damaged, its header names a column twice, or no
    /// reader of tables is among the formats.</exception>
    public static TableSource Open(string path, DataFormats formats, TableFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(formats);
        UnpackedFile.RequireContent(path);
        return (formats.Tables ?? throw new InvalidDataFileException(
            path, "it is a table; give a reader of tables, such as FileFormats.All of Reparam.Formats, to " +
                "RunContext.Formats and Run.Open."))(path, format ?? new TableFormat());
    }
}

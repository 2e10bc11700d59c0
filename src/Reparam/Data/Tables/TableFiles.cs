using System.Text;
using Reparam.Configuration;

namespace Reparam.Data;

/// <summary>
/// Opens files with tables. The library reads no format of a table by itself; a program registers readers, such as
/// those of the package Reparam.Formats, once before it opens a table.
/// </summary>
public static class TableFiles
{
    private static readonly string[] Extensions = [".csv", ".tsv", ".csv.gz", ".tsv.gz"];

    private static Func<string, TableFormat, TableSource>? _reader;

    /// <summary>Registers the reader of text files with separated cells. A later reader replaces an earlier
    /// one.</summary>
    /// <param name="open">Opens a file. It detects what the format leaves open.</param>
    public static void Register(Func<string, TableFormat, TableSource> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        _reader = open;
    }

    /// <summary>
    /// Whether a file is a table by its name (.csv, .tsv, also with .gz) or by its content: a text file whose first
    /// line has a cell that is not a number.
    /// </summary>
    public static bool IsTable(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Extensions.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase))) return true;
        if (!File.Exists(path)) return false;
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
    /// <param name="format">How the file is written; parts that are null are detected.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataFileException">The file is empty or damaged, or its header names a column
    /// twice.</exception>
    /// <exception cref="InvalidConfigException">No reader of tables is registered.</exception>
    public static TableSource Open(string path, TableFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'; check the path.", path);
        return (_reader ?? throw new InvalidConfigException(
            $"'{path}' is a table, and no reader of tables is registered; add the package Reparam.Formats and call " +
            "Reparam.Formats.FileFormats.Register() once at the start of the program."))(path, format ?? new());
    }
}

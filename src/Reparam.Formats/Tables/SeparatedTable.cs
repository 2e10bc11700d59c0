using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using nietras.SeparatedValues;
using Reparam.Data;

namespace Reparam.Formats;

/// <summary>
/// A table in a text file with separated cells (CSV, TSV), in UTF-8, with or without gzip compression. Cells may be in
/// quotes; lines end with LF or CRLF.
/// </summary>
public sealed partial class SeparatedTable : TableSource
{
    /// <summary>The largest number of columns.</summary>
    public const int MostColumns = 10_000;

    private const int MostLinesInCell = 100;

    // Buffers below 85,000 bytes are collected soon; larger ones live until a full collection.
    private const int BufferSize = 1 << 14, HeadSize = 1 << 16;

    private static readonly char[] Separators = ['\t', ';', '|', ',', ' '];

    private readonly string _path;
    private readonly string[] _columns;
    private readonly TableFormat _format;

    /// <summary>Opens a file, and detects the separator and the header where <paramref name="format"/> leaves them
    /// open.</summary>
    /// <exception cref="InvalidDataFileException">The file is empty or damaged, has too many columns or a row that is
    /// too long, or its header names a column twice.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public SeparatedTable(string path, TableFormat format)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(format);
        _path = path;
        List<string> lines = FirstLines();
        char separator = format.Separator ?? SeparatorOf(lines);
        bool hasCommas = format.DetectsDecimal && separator != ',' && HasDecimalCommas(lines, separator);
        _format = format with { Separator = separator, Decimal = hasCommas ? ',' : format.Decimal };
        string[] first = First(out string[]? second);
        if (first.Length > MostColumns)
        {
            throw new InvalidDataFileException(path, FormattableString.Invariant(
                $"its first row has {first.Length:N0} cells; at most {MostColumns:N0} columns are supported. ") +
                $"If '{Shown(separator)}' is not the separator of the file, name it with data.separator.");
        }

        bool hasHeader = format.HasHeader ?? IsHeader(first, second);
        _format = _format with { HasHeader = hasHeader };
        _columns = hasHeader ? [.. first.Select(c => c.Trim())]
            : [.. Enumerable.Range(1, first.Length).Select(c => FormattableString.Invariant($"column{c}"))];
        if (!hasHeader) return;
        if (Array.FindIndex(_columns, c => c.Length == 0) is >= 0 and int unnamed)
        {
            // The first column of a table that pandas wrote has no name: it is the index.
            if (unnamed > 0 || _columns.Count(c => c.Length == 0) > 1)
                throw new InvalidDataFileException(path, $"column {unnamed + 1} has no name in the header; name it.");
            _columns[0] = "index";
        }

        if (_columns.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InvalidDataFileException(
                path, $"its header names the column '{twice.Key}' {twice.Count()} times; rename one of them.");
        }
    }

    /// <inheritdoc/>
    public override string Name => _path;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => _columns;

    /// <inheritdoc/>
    public override TableFormat Format => _format;

    /// <inheritdoc/>
    public override void Read(ITableSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        bool isHeader = _format.HasHeader == true;
        Rows(row =>
        {
            if (isHeader)
            {
                isHeader = false;
                return true;
            }

            // Spreadsheets end a file with empty lines.
            if (row.ColCount == 1 && _columns.Length > 1 && row.Span.Trim().IsEmpty) return true;
            if (row.ColCount != _columns.Length)
            {
                throw new InvalidDataFileException(_path, FormattableString.Invariant($"line {row.LineNumberFrom} ") +
                    FormattableString.Invariant($"has {row.ColCount} cells, and the first row has ") +
                    FormattableString.Invariant($"{_columns.Length}; ") +
                    "correct the line, or put cells that contain the separator in quotes.");
            }

            if (IsHeaderAgain(row))
            {
                throw new InvalidDataFileException(_path, FormattableString.Invariant(
                    $"line {row.LineNumberFrom} repeats the header; remove the line."));
            }

            for (int c = 0; c < _columns.Length; c++)
            {
                ReadOnlySpan<char> cell = row[c].Span;
                // An open quote takes in the lines that follow it.
                if (cell.Length > 1000 && cell.Count('\n') > MostLinesInCell)
                {
                    throw new InvalidDataFileException(_path, FormattableString.Invariant(
                        $"the cell of column '{_columns[c]}' in line {row.LineNumberFrom} spans more than ") +
                        FormattableString.Invariant($"{MostLinesInCell} lines; close its quotes."));
                }

                sink.Cell(c, cell);
            }

            sink.EndRow();
            return true;
        });
    }

    private delegate bool RowAction(SepReader.Row row);

    private void Rows(RowAction action)
    {
        try
        {
            using StreamReader text = Text();
            using SepReader reader = Sep.New(_format.Separator!.Value).Reader(options => options with
            {
                HasHeader = false, DisableColCountCheck = true, Unescape = true,
            }).From(text);
            foreach (SepReader.Row row in reader)
            {
                if (!action(row)) return;
            }
        }
        catch (DecoderFallbackException failure)
        {
            throw NotUtf8(failure);
        }
        catch (InvalidDataException failure)
        {
            throw Damaged(failure);
        }
        catch (Exception failure) when (failure is NotSupportedException or IndexOutOfRangeException
            or OverflowException)
        {
            // Sep refuses rows longer than 16 M characters, which an open quote makes.
            throw new InvalidDataFileException(
                _path, $"it cannot be read as rows of cells: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    private InvalidDataFileException Damaged(Exception failure) =>
        new(_path, "its gzip compression is cut off or damaged; fetch or copy it again.", failure);

    private InvalidDataFileException NotUtf8(Exception failure) =>
        new(_path, "it holds bytes that are no UTF-8 text; save the table as CSV in UTF-8.", failure);

    [GeneratedRegex(@"^-?\d+,\d+$")]
    private static partial Regex Commas();

    [GeneratedRegex(@"^-?\d+\.\d+$")]
    private static partial Regex Points();

    /// <summary>The file as text, unpacked.</summary>
    private StreamReader Text()
    {
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        return new StreamReader(
            GzipFile.OpenRead(_path, BufferSize), strict, detectEncodingFromByteOrderMarks: true, BufferSize);
    }

    private string[] First(out string[]? second)
    {
        string[]? one = null, two = null;
        Rows(row =>
        {
            string[] cells = [.. Enumerable.Range(0, row.ColCount).Select(_ => "")];
            for (int c = 0; c < cells.Length; c++) cells[c] = row[c].ToString();
            if (one is null) one = cells;
            else two = cells;
            return two is null;
        });
        second = two;
        return one ?? throw new InvalidDataFileException(_path, "it is empty; a table needs at least one row.");
    }

    /// <summary>
    /// The first of tab, semicolon, bar, comma and blank that splits each of the first lines into the same number of
    /// cells, at least two. A file with one column has no separator, and a comma is taken.
    /// </summary>
    private static char SeparatorOf(List<string> lines)
    {
        if (lines.Count == 0) return ',';
        foreach (char separator in Separators)
        {
            int cells = Cells(lines[0], separator);
            if (cells > 1 && lines.Take(20).All(l => Cells(l, separator) == cells)) return separator;
        }

        if (Separators.Take(4).All(s => Cells(lines[0], s) == 1)) return ',';
        // Ragged lines: the character of the first line decides, and the reader names the line that is wrong.
        return Separators.Take(4).MaxBy(s => Cells(lines[0], s));
    }

    /// <summary>The first lines of the file.</summary>
    private List<string> FirstLines()
    {
        using StreamReader text = Text();
        char[] buffer = ArrayPool<char>.Shared.Rent(HeadSize);
        int length = ReadText(text, buffer);
        string head = new(buffer, 0, length);
        ArrayPool<char>.Shared.Return(buffer);
        if (head.Contains('\0', StringComparison.Ordinal))
            throw new InvalidDataFileException(_path, "it is not a text file; save the table as CSV in UTF-8.");
        List<string> lines = [.. head.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0)];
        // The last line of the head may be cut.
        if (length == HeadSize && lines.Count > 1) lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>Whether cells are numbers with a decimal comma, and none has a decimal point.</summary>
    private static bool HasDecimalCommas(List<string> lines, char separator)
    {
        string[] cells = [.. lines.Skip(1).SelectMany(l => l.Split(separator)).Select(c => c.Trim().Trim('"'))];
        return cells.Any(c => Commas().IsMatch(c)) && !cells.Any(c => Points().IsMatch(c));
    }

    private int ReadText(StreamReader text, char[] buffer)
    {
        try
        {
            return text.ReadBlock(buffer, 0, HeadSize);
        }
        catch (Exception failure) when (failure is DecoderFallbackException)
        {
            throw NotUtf8(failure);
        }
        catch (InvalidDataException failure)
        {
            throw Damaged(failure);
        }
    }

    /// <summary>The number of cells of a line. Separators in quotes are part of a cell.</summary>
    private static int Cells(string line, char separator)
    {
        int cells = 1;
        bool isQuoted = false;
        foreach (char c in line)
        {
            if (c == '"') isQuoted = !isQuoted;
            else if (c == separator && !isQuoted) cells++;
        }

        return cells;
    }

    /// <summary>
    /// Whether the first row names columns: it has a text above a number, or none of its cells is a number or missing,
    /// and either all cells of the
    /// second row differ from it, or there is no second row.
    /// </summary>
    private bool IsHeader(string[] first, string[]? second)
    {
        bool isAbove = second?.Length == first.Length && first.Zip(second).Any(p => !TableFormat.IsMissing(p.First)
            && !_format.TryNumber(p.First, out _) && !TableFormat.TryDate(p.First, out _)
            && _format.TryNumber(p.Second, out _));
        if (isAbove) return true;
        bool isNames = first.Select((c, i) => i == 0 && c.Length == 0 && first.Length > 1
            || !TableFormat.IsMissing(c) && !_format.TryNumber(c, out _)).All(named => named);
        return isNames && (second is null || first.Length != second.Length
            || !first.Zip(second).All(p => p.First == p.Second));
    }

    private bool IsHeaderAgain(SepReader.Row row)
    {
        if (_format.HasHeader != true) return false;
        for (int c = 0; c < _columns.Length; c++)
        {
            if (!row[c].Span.Trim().SequenceEqual(_columns[c])) return false;
        }

        return true;
    }

    private static string Shown(char separator) => separator switch
    {
        '\t' => "tab", ' ' => "blank", _ => $"{separator}",
    };
}

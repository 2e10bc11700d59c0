using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Commands;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Runs;

namespace Reparam.Cli.Runs;

/// <summary>Where data points stand in their source: the row from 1, the name of a picture, the last row of a window,
/// and the cells of the table's identifiers and of its column of time.</summary>
internal sealed class SourcePlaces
{
    private readonly Dataset _data;
    private readonly TableWindow? _window;
    private readonly Identifiers? _identifiers;

    private SourcePlaces(Dataset data, TableWindow? window, Identifiers? identifiers)
    {
        (_data, _window, _identifiers) = (data, window, identifiers);
        WrittenColumn[] name = data.Names is null ? [] : [new("name")];
        WrittenColumn[] last = window is null ? [] : [new("last_row", CellType.Whole)];
        Columns = [new("row", CellType.Whole), .. name, .. last,
            .. (identifiers?.Names ?? []).Select(column => new WrittenColumn(column))];
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<WrittenColumn> Columns { get; }

    /// <summary>The same as columns before those of a table.</summary>
    public IReadOnlyList<LeadColumn> Lead => [.. Columns.Select(
        (column, c) => new LeadColumn(column.Name, i => Cells(i)[c], column.Type))];

    /// <summary>The places of the data that the command line names. Identifiers and times are read from the file once
    /// more.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="run">The run.</param>
    /// <param name="data">The data.</param>
    /// <param name="spans">Whether the places of windows have their last row and the time of their first row. A file
    /// with a line for each row of a window leaves both out, because they do not differ between its lines.</param>
    public static SourcePlaces Of(ParseResult parsed, TrainedRun run, Dataset data, bool spans = false)
    {
        if (run.Folder.Table is not { } schema) return new SourcePlaces(data, null, null);
        TableWindow? window = spans ? schema.Window : null;
        string[] names = [.. schema.Columns.Where(
            c => c.Kind == ColumnKind.Identifier || c.Name == window?.Time).Select(c => c.Name)];
        if (names.Length == 0) return new SourcePlaces(data, window, null);
        TableSource source = parsed.GetValue(RunOptions.Data) is { } path && !RunData.IsKnown(path)
            ? TableFiles.Open(path, FileFormats.All, new TableFormat(null, schema.Format.Decimal))
            : TableFiles.Open(run.Config.Data.Name, FileFormats.All, run.Config.Data.Format);
        var identifiers = new Identifiers(source, names);
        source.Read(identifiers);
        return new SourcePlaces(data, window, identifiers);
    }

    /// <summary>The cells of a data point; of a window, the identifiers and the time of its first row.</summary>
    public IReadOnlyList<string> Cells(int index)
    {
        int row = _data.FirstRow(index);
        string[] name = _data.Names is { } names ? [names.Span[index]] : [];
        string[] last = _window is { } window ? [Number(row + window.Size)] : [];
        return [Number(row + 1), .. name, .. last, .. _identifiers?.Cells(row) ?? []];
    }

    private static string Number(int row) => row.ToString(CultureInfo.InvariantCulture);

    private sealed class Identifiers(TableSource source, string[] known) : ITableSink
    {
        // Another file may lack an identifier, which no model takes. The columns keep the order of the file.
        private readonly int[] _places = [.. Enumerable.Range(0, source.Columns.Count).Where(
            place => known.Contains(source.Columns[place]))];

        private readonly List<string> _cells = [];

        public IEnumerable<string> Names => _places.Select(place => source.Columns[place]);

        public List<string> Cells(int row) => _cells.GetRange(row * _places.Length, _places.Length);

        public void Cell(int column, ReadOnlySpan<char> text)
        {
            if (_places.Contains(column)) _cells.Add(text.ToString());
        }

        public void EndRow()
        {
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Commands;
using Reparam.Data;
using Reparam.Formats;
using Reparam.Runs;

namespace Reparam.Cli.Runs;

/// <summary>Where data points stand in their source: the row from 1, the name of a picture, and the cells of the
/// identifiers of a table.</summary>
internal sealed class SourcePlaces
{
    private readonly Dataset _data;
    private readonly Identifiers? _identifiers;

    private SourcePlaces(Dataset data, Identifiers? identifiers)
    {
        (_data, _identifiers) = (data, identifiers);
        string[] names = [.. data.Names is null ? (string[])[] : ["name"], .. identifiers?.Names ?? []];
        Columns = [new("row", CellType.Whole), .. names.Select(name => new WrittenColumn(name))];
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<WrittenColumn> Columns { get; }

    /// <summary>The same as columns before those of a table.</summary>
    public IReadOnlyList<LeadColumn> Lead => [.. Columns.Select(
        (column, c) => new LeadColumn(column.Name, i => Cells(i)[c], column.Type))];

    /// <summary>The places of the data that the command line names. Identifiers are read from the file once
    /// more.</summary>
    public static SourcePlaces Of(ParseResult parsed, TrainedRun run, Dataset data)
    {
        if (run.Folder.Table is not { } schema) return new SourcePlaces(data, null);
        string[] names = [.. schema.Columns.Where(c => c.Kind == ColumnKind.Identifier).Select(c => c.Name)];
        if (names.Length == 0) return new SourcePlaces(data, null);
        TableSource source = parsed.GetValue(RunOptions.Data) is { } path && !RunData.IsKnown(path)
            ? TableFiles.Open(path, FileFormats.All, new TableFormat(null, schema.Format.Decimal))
            : TableFiles.Open(run.Config.Data.Name, FileFormats.All, run.Config.Data.Format);
        var identifiers = new Identifiers(source, names);
        source.Read(identifiers);
        return new SourcePlaces(data, identifiers);
    }

    /// <summary>The cells of a data point; of a window, those of its first row.</summary>
    public IReadOnlyList<string> Cells(int index)
    {
        int row = _data.FirstRow(index);
        string[] name = _data.Names is { } names ? [names.Span[index]] : [];
        return [(row + 1).ToString(CultureInfo.InvariantCulture), .. name, .. _identifiers?.Cells(row) ?? []];
    }

    private sealed class Identifiers(TableSource source, string[] known) : ITableSink
    {
        // Another file may lack an identifier, which no model takes.
        private readonly int[] _places = [.. known.Select(name => source.Columns.ToList().IndexOf(name)).Where(
            place => place >= 0)];

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

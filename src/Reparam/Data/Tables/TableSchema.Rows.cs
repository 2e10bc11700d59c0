using Reparam.Configuration;

namespace Reparam.Data;

public sealed partial class TableSchema
{
    /// <summary>
    /// Reads the rows of a table as data: the cells of the modelled columns as numbers of the source, with NaN for
    /// missing cells, and a label for each row. Columns are matched by name, in any order; other columns are ignored.
    /// </summary>
    /// <param name="source">The table.</param>
    /// <param name="notes">Receives sentences about cells that are no values of their column.</param>
    /// <exception cref="InvalidDataFileException">A modelled column is missing, there are no rows, or the source is
    /// damaged.</exception>
    public Dataset Read(TableSource source, Action<string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var reader = new RowReader(this, source);
        source.Read(reader);
        return reader.Finish(notes);
    }

    /// <summary>The text of a model's number in the source's form.</summary>
    /// <param name="column">The position of the cell among <see cref="Cells"/>.</param>
    /// <param name="value">The encoded number; NaN gives an empty text.</param>
    public string Text(int column, double value) =>
        Cells[column].Text(Cells[column].Decode(value), Format.Decimal);

    /// <summary>The text of a label; empty for a label that is unknown or missing.</summary>
    public string LabelText(int label) => label >= 0 && label < Labels.Count ? Labels[label] : "";

    /// <summary>The label with a text, or with its number where all labels are numbers; -1 if there is none.</summary>
    public int LabelOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new LevelPositions(Labels, Format).Of(text, Format);
    }

    /// <summary>The position of a level of a used column by its text; -1 if there is none.</summary>
    internal int LevelOf(int column, string text) => _positions.Value[column].Of(text, Format);

    /// <summary>The encoded cells of one row, given as texts by column. A column that is not given is
    /// missing.</summary>
    /// <exception cref="ArgumentException">A name is not a modelled column.</exception>
    /// <exception cref="InvalidOperationException">A data point is a window of several rows.</exception>
    public float[] Row(IReadOnlyDictionary<string, string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (Window is { } window)
        {
            throw new InvalidOperationException(
                $"The model takes windows of {window.Size} rows; give the rows of a window.");
        }

        return Encoded(cells, []);
    }

    /// <summary>The encoded cells of the rows of a window, in the order of time. Each row is given as texts by
    /// column.</summary>
    /// <exception cref="ArgumentException">A name is not a modelled column, or there are more or fewer rows than the
    /// window has.</exception>
    public float[] Row(IReadOnlyList<IReadOnlyDictionary<string, string>> rows)
    {
        return Row(rows, []);
    }

    /// <summary>The encoded cells, and the columns with a value that they cannot have.</summary>
    internal float[] Row(IReadOnlyList<IReadOnlyDictionary<string, string>> rows, HashSet<int> impossible)
    {
        int size = Window?.Size ?? 1;
        return rows.Count == size ? [.. rows.SelectMany(row => Encoded(row, impossible))] : throw new ArgumentException(
            $"The model takes {size} rows, not {rows.Count}.", nameof(rows));
    }

    private float[] Encoded(IReadOnlyDictionary<string, string> cells, HashSet<int> impossible)
    {
        foreach (string name in cells.Keys)
        {
            if (Columns.All(c => c.Name != name))
            {
                throw new ArgumentException(
                    $"'{name}' is not a column of the table.{Suggestion.For(name, Columns.Select(c => c.Name))}");
            }
        }

        float[] row = new float[Modelled.Count];
        for (int m = 0; m < row.Length; m++)
        {
            TableColumn column = Modelled[m];
            row[m] = float.NaN;
            if (!cells.TryGetValue(column.Name, out string? text)) continue;
            double value = column.Parse(text, Format, _positions.Value[m], out _, out bool isImpossible);
            row[m] = (float)column.Encode(value);
            if (isImpossible) impossible.Add(m);
        }

        return row;
    }

    private sealed class RowReader : ITableSink
    {
        private readonly TableSchema _schema;
        private readonly TableSource _source;
        private readonly int[] _targets;
        private readonly int _label = -1, _time = -1;
        private readonly DateOrder _timeOrder;
        private readonly ColumnCells[] _cells;
        private readonly LevelPositions[] _levels;
        private readonly LevelPositions _labelLevels;
        private readonly (long Count, string? First, int Row)[] _unknown;
        private readonly long[] _given;
        private readonly HashSet<(int Row, int Column)> _impossible = [];
        private readonly List<int> _labels = [];
        private readonly List<double> _times = [];
        private (long Count, string? First, int Row) _unreadable;
        private Dictionary<int, int>? _counts;
        private int _row, _present = -1;

        public RowReader(TableSchema schema, TableSource source)
        {
            (_schema, _source) = (schema, source);
            _targets = new int[source.Columns.Count];
            Array.Fill(_targets, -1);
            for (int m = 0; m < schema.Used.Count; m++)
            {
                string name = schema.Used[m].Name;
                int at = IndexOf(source, name);
                if (at < 0)
                {
                    throw new InvalidDataFileException(source.Name, $"it has no column '{name}', which the model " +
                        $"takes.{Suggestion.For(name, source.Columns)}");
                }

                _targets[at] = m;
            }

            if (schema.Label is { } label) _label = IndexOf(source, label);
            if (schema.Window?.Time is { } time && (_time = IndexOf(source, time)) < 0)
            {
                throw new InvalidDataFileException(source.Name, $"it has no column '{time}', the time of each " +
                    $"row.{Suggestion.For(time, source.Columns)}");
            }

            _timeOrder = schema.Columns.FirstOrDefault(c => c.Name == schema.Window?.Time)?.DateOrder ?? default;
            _labelLevels = new LevelPositions(schema.Labels, schema.Format);
            _levels = schema._positions.Value;
            _cells = [.. schema.Used.Select(_ => new ColumnCells())];
            _unknown = new (long, string?, int)[schema.Used.Count];
            _given = new long[schema.Used.Count];
        }

        public void Cell(int column, ReadOnlySpan<char> text)
        {
            if (column == _label)
            {
                _present = TableFormat.IsMissing(text) ? -1 : _labelLevels.Of(text, _source.Format);
            }

            if (column == _time)
            {
                bool isTime = TableFormat.TryDate(text, _timeOrder, out double time)
                    || _source.Format.TryNumber(text, out time);
                _times.Add(isTime ? time : double.NaN);
                if (!isTime && !TableFormat.IsMissing(text) && _unreadable.Count++ == 0)
                    (_unreadable.First, _unreadable.Row) = (Shown(text), _row + 1);
            }

            int target = _targets[column];
            if (target < 0) return;
            double value = _schema.Used[target].Parse(
                text, _source.Format, _levels[target], out bool isUnknown, out bool isImpossible);
            _cells[target].Add(value);
            if (!TableFormat.IsMissing(text)) _given[target]++;
            if (isImpossible) _impossible.Add((_row, target));
            if (!isUnknown) return;
            ref (long Count, string? First, int Row) unknown = ref _unknown[target];
            if (unknown.Count++ == 0) (unknown.First, unknown.Row) = (Shown(text), _row + 1);
        }

        public void EndRow()
        {
            _row++;
            if (_label >= 0) _labels.Add(_present);
            _present = -1;
        }

        public Dataset Finish(Action<string>? notes)
        {
            if (_row == 0)
                throw new InvalidDataFileException(_source.Name, "it has no rows; a table needs at least one.");
            for (int m = _schema.Modelled.Count; m < _given.Length; m++)
            {
                if (_row == _given[m] || _schema.Used[m].Missing > 0) continue;
                notes?.Invoke(FormattableString.Invariant($"column '{_schema.Used[m].Name}' is a condition of the ") +
                    FormattableString.Invariant($"model and has {_row - _given[m]:N0} missing cells, which no ") +
                    $"training row had: {Unfounded}");
            }

            for (int m = 0; m < _unknown.Length; m++)
            {
                (long count, string? first, int row) = _unknown[m];
                if (count == 0) continue;
                TableColumn column = _schema.Used[m];
                if (column.Kind != ColumnKind.Category && count == _given[m])
                {
                    throw new InvalidDataFileException(_source.Name, $"no cell of column '{column.Name}' is a " +
                        $"{Noun(column.Kind)}, first '{first}'; choose its kind with data.columns, or the decimal " +
                        "mark with data.decimal.");
                }

                notes?.Invoke(FormattableString.Invariant($"column '{column.Name}': {count:N0} ") +
                    (column.Kind == ColumnKind.Category ? "cells have a category that is not known and count as other"
                    : $"cells are no {Noun(column.Kind)} and count as missing") +
                    FormattableString.Invariant($", first '{first}' in row {row:N0}"));
            }

            string name = Path.GetFileNameWithoutExtension(_source.Name);
            var rows = new TableRows(_schema, _cells, null, _impossible, null);
            if (_schema.Window is { } window) return Windows(name, rows, window, notes);
            return Dataset.OfTable(name, rows, _row, _labels.Count > 0 ? _labels.ToArray() : null);
        }

        private Dataset Windows(string name, TableRows rows, TableWindow window, Action<string>? notes)
        {
            if (_unreadable.Count > 0)
            {
                string what = FormattableString.Invariant($"'{_unreadable.First}' in row {_unreadable.Row:N0} of ") +
                    $"column '{window.Time}' is no time; write times as 2026-11-30T12:00:00, or as numbers, " +
                    $"or {ColumnInference.ChoiceOfOrder(window.Time!)}";
                if (_unreadable.Count == _row) throw new InvalidDataFileException(_source.Name, what + ".");
                notes?.Invoke(FormattableString.Invariant(
                    $"{what}: {_unreadable.Count:N0} such cells cut the rows"));
            }

            int[] starts = window.Starts(_times, _row, out int gaps);
            if (starts.Length == 0)
            {
                throw new InvalidDataFileException(_source.Name, FormattableString.Invariant(
                    $"it has no {window.Size} rows without a gap of time, and a window has {window.Size} rows; ") +
                    "choose a shorter data.window, or sort the rows by time.");
            }

            if (gaps > 0)
                notes?.Invoke(FormattableString.Invariant(
                    $"{gaps:N0} gap{(gaps == 1 ? "" : "s")} of '{window.Time}' cut the rows"));
            return Dataset.OfTable(name, rows with { Order = starts }, starts.Length, _labels.Count == 0 ? null
                : Array.ConvertAll(starts, start => LabelOf(_labels.GetRange(start, window.Size), window)));
        }

        /// <summary>The label of a window. A row without a label decides only where no other label is there.</summary>
        private int LabelOf(List<int> rows, TableWindow window)
        {
            if (window.Usual is { } usual)
            {
                int known = _schema.LabelOf(usual);
                int other = rows.FirstOrDefault(label => label >= 0 && label != known, -1);
                return other >= 0 ? other : rows.Min();
            }

            _counts ??= _labels.CountBy(label => label).ToDictionary();
            return rows.Where(label => label >= 0).DefaultIfEmpty(-1).MinBy(label => _counts.GetValueOrDefault(label));
        }

        private static int IndexOf(TableSource source, string name)
        {
            for (int i = 0; i < source.Columns.Count; i++)
            {
                if (source.Columns[i] == name) return i;
            }

            return -1;
        }

        private static string Noun(ColumnKind kind) => kind switch
        {
            ColumnKind.Date => "date",
            ColumnKind.Count => "count",
            ColumnKind.Boolean => "0 or 1",
            ColumnKind.Ordinal => "level",
            _ => "number",
        };

        private static string Shown(ReadOnlySpan<char> text) =>
            text.Length > 40 ? string.Concat(text[..40], "...") : text.ToString();
    }
}

using Reparam.Configuration;

namespace Reparam.Data;

public sealed partial class TableSchema
{
    /// <summary>Infers the columns from all rows in one pass over a table. A run infers them from its training rows
    /// alone.</summary>
    /// <param name="source">The table.</param>
    /// <param name="choices">The user's choices; null for none.</param>
    /// <exception cref="InvalidDataFileException">The table has no row or is damaged, or a chosen column is not
    /// there.</exception>
    public static TableSchema Infer(TableSource source, TableChoices? choices = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Inferred(source, choices ?? new TableChoices(), null);
    }

    /// <summary>The schema as it is inferred from some rows of its table, so that the other rows change no fact of a
    /// column. The texts of the labels and the column of time stay as they are.</summary>
    /// <param name="source">The table.</param>
    /// <param name="choices">The user's choices.</param>
    /// <param name="rows">The rows, from 0, in ascending order.</param>
    /// <exception cref="InvalidDataFileException">A choice does not fit the rows, or no column varies in
    /// them.</exception>
    internal TableSchema InferFrom(TableSource source, TableChoices choices, int[] rows)
    {
        // Without a column of time by all rows, windows have none, whatever is a date in these rows.
        TableWindow? window = Window?.Time is null ? null : Window;
        TableSchema inferred = Inferred(source, choices with { Window = window }, rows);
        return new TableSchema([.. inferred.Columns.Select((column, c) => column.Name == Window?.Time
            ? column with { DatePattern = Columns[c].DatePattern } : column)], Format, Label, Labels, Window);
    }

    /// <summary>The labels and the column of time of a table, without a column to model: what it takes to cut the rows
    /// into parts. Only the cells of these two are profiled or, where the column of time has to be found, all
    /// cells.</summary>
    /// <inheritdoc cref="Infer" path="/param"/>
    /// <inheritdoc cref="Infer" path="/exception"/>
    internal static TableSchema Outline(TableSource source, TableChoices choices)
    {
        RequireColumns(source, choices);
        string[] labels = [];
        string pattern = "";
        TableWindow? window = choices.Window;
        if (window is { Time: null })
        {
            TableSchema inferred = Inferred(source, choices, null);
            (labels, window) = ([.. inferred.Labels], inferred.Window);
            pattern = inferred.Columns.FirstOrDefault(c => c.Name == window?.Time)?.DatePattern ?? "";
        }
        else if ((choices.Label ?? window?.Time) is not null)
        {
            List<string> columns = [.. source.Columns];
            int label = columns.IndexOf(choices.Label ?? ""), time = columns.IndexOf(window?.Time ?? "");
            var profiler = new Profiler(source, null, [label, time]);
            source.Read(profiler);
            if (label >= 0) labels = LabelsOf(source, columns[label], profiler.Profiles[label]);
            if (time >= 0)
            {
                pattern = profiler.Profiles[time].PatternOf(
                    choices.DateOrders.TryGetValue(columns[time], out DateOrder chosen) ? chosen
                    : profiler.Profiles[time].Order ?? DateOrder.YearFirst);
            }
        }

        return new TableSchema([.. source.Columns.Select(name => new TableColumn
        {
            Name = name, Kind = ColumnKind.Ignored, DatePattern = name == window?.Time ? pattern : "",
        })], source.Format, choices.Label, labels, window);
    }

    private static void RequireColumns(TableSource source, TableChoices choices)
    {
        foreach (string name in (string[])[.. choices.Ignore, .. choices.Kinds.Keys, .. choices.Conditions,
            .. Named(choices.Label), .. Named(choices.Window?.Time)])
        {
            if (!source.Columns.Contains(name))
            {
                throw new InvalidDataFileException(
                    source.Name, $"it has no column '{name}'.{Suggestion.For(name, source.Columns)}");
            }
        }
    }

    private static string[] LabelsOf(TableSource source, string label, ColumnProfile profile) =>
        profile.Levels.Length <= 1000
            ? [.. ColumnInference.As(ColumnInference.Infer(label, profile), ColumnKind.Category, profile).Levels]
            : throw new InvalidDataFileException(source.Name, $"the label '{label}' has more than 1,000 different " +
                "values; a label is the class of a row.");

    private static TableSchema Inferred(TableSource source, TableChoices choices, int[]? rows)
    {
        RequireColumns(source, choices);
        var profiler = new Profiler(source, rows);
        source.Read(profiler);
        if (profiler.Profiles[0].Count == 0)
            throw new InvalidDataFileException(source.Name, "it has no rows; a table needs at least one.");
        string[] labels = [];
        TableColumn[] columns = new TableColumn[source.Columns.Count];
        for (int c = 0; c < columns.Length; c++)
        {
            (string name, ColumnProfile profile) = (source.Columns[c], profiler.Profiles[c]);
            TableColumn column = ColumnInference.Infer(name, profile);
            if (name == choices.Label)
            {
                labels = LabelsOf(source, name, profile);
                column = column with { Kind = ColumnKind.Ignored, Levels = [], Reason = "the label" };
            }
            else if (choices.Ignore.Contains(name))
                column = column with { Kind = ColumnKind.Ignored, Reason = "left out by the user" };
            else if (choices.Kinds.TryGetValue(name, out ColumnKind kind))
            {
                DateOrder? order = choices.DateOrders.TryGetValue(name, out DateOrder chosen) ? chosen : null;
                column = ColumnInference.As(column, kind, profile, order);
                if (kind == ColumnKind.Date && order is null && profile.HasOpenOrder)
                {
                    throw new InvalidDataFileException(source.Name, $"no cell of column '{name}' tells the day from " +
                        $"the month, first '{profile.FirstText}'; {ColumnInference.ChoiceOfOrder(name)}.");
                }

                if (kind == ColumnKind.Ordinal) column = Ordered(column, profile, choices, source);
                if (kind == ColumnKind.Positive && !(column.Minimum > 0))
                {
                    throw new InvalidDataFileException(source.Name, FormattableString.Invariant(
                        $"column '{name}' cannot be positive: its smallest number is {column.Minimum:G6}; choose ") +
                        $"{name}=real.");
                }
            }
            columns[c] = column;
        }

        TableWindow? window = WithTime(choices.Window, columns);
        foreach (string name in choices.Conditions)
        {
            int at = Array.FindIndex(columns, c => c.Name == name);
            columns[at] = columns[at] with { IsCondition = true };
            if (!columns[at].IsUsed)
            {
                throw new InvalidDataFileException(source.Name, $"column '{name}' cannot be a condition, because " +
                    $"it is left out: {columns[at].Reason}; omit it from model.condition" +
                    (columns[at].Kind == ColumnKind.Ignored ? "." : ", or choose its kind with data.columns."));
            }
        }

        if (!columns.Any(c => c.IsModelled))
        {
            throw new InvalidDataFileException(source.Name, "no column is left to model: all are constant, " +
                "identifiers, conditions or left out; choose the kind of a column with data.columns.");
        }

        return new TableSchema(columns, source.Format, choices.Label, labels, window);
    }

    /// <summary>The ordinal column with the levels that the user chose.</summary>
    private static TableColumn Ordered(
        TableColumn column, ColumnProfile profile, TableChoices choices, TableSource source)
    {
        if (choices.Levels.TryGetValue(column.Name, out IReadOnlyList<string>? levels))
        {
            column = column with { Levels = [.. levels] };
            if (levels.Distinct().Count() < levels.Count)
                throw new InvalidDataFileException(source.Name, $"a level of column '{column.Name}' is named twice.");
            var known = new LevelPositions(levels, source.Format);
            if (profile.Levels.FirstOrDefault(text => known.Of(text, source.Format) < 0) is { } other)
            {
                throw new InvalidDataFileException(
                    source.Name, $"column '{column.Name}' has the text '{other}', which is not among its levels " +
                    $"{string.Join('<', levels)}; name all levels.");
            }
        }

        return column.Levels.Count is >= 2 and <= TableColumn.MostOrdered ? column
            : throw new InvalidDataFileException(source.Name, $"column '{column.Name}' cannot be ordinal with " +
                $"{column.Levels.Count} levels; an ordinal column has 2 to {TableColumn.MostOrdered}.");
    }

    /// <summary>The window with its column of time: the column that is chosen, or the only column of dates. That column
    /// is then not modelled.</summary>
    private static TableWindow? WithTime(TableWindow? window, TableColumn[] columns)
    {
        if (window is null) return null;
        int[] dates = [.. Enumerable.Range(0, columns.Length).Where(c => columns[c].Kind == ColumnKind.Date)];
        int time = window.Time is { } name ? Array.FindIndex(columns, c => c.Name == name)
            : dates.Length == 1 ? dates[0] : -1;
        if (time < 0) return window;
        columns[time] = columns[time] with
        {
            Kind = ColumnKind.Ignored, Levels = [], Reason = "the time of each row",
        };
        return window with { Time = columns[time].Name };
    }

    private static IEnumerable<string> Named(string? name) => name is null ? [] : [name];

    /// <summary>Profiles some rows and columns, or all where they are null.</summary>
    private sealed class Profiler(TableSource source, int[]? rows, int[]? only = null) : ITableSink
    {
        private int _row, _next;

        public ColumnProfile[] Profiles { get; } = [.. source.Columns.Select(_ => new ColumnProfile())];

        public void Cell(int column, ReadOnlySpan<char> text)
        {
            if (IsWanted && only?.Contains(column) != false) Profiles[column].Add(text, source.Format);
        }

        public void EndRow()
        {
            if (IsWanted) _next++;
            _row++;
        }

        private bool IsWanted => rows is null || (_next < rows.Length && rows[_next] == _row);
    }
}

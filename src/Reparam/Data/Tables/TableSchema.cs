using Reparam.Configuration;

namespace Reparam.Data;

/// <summary>
/// The columns of a table: what each of them means, and how its cells become numbers for a model and back. It is
/// inferred from a table (<see cref="Infer"/>), then fitted to the training rows (<see cref="Fit"/>), and saved with a
/// run as <c>table.json</c>.
/// </summary>
public sealed partial class TableSchema
{
    // In more rows than this, a level that occurs once in the training rows is rare.
    private const int ManyRows = 100;

    private const int MostQuantiles = 257;

    // The columns that are read: those that are modelled, then the conditions.
    private readonly int[] _used;

    // The levels of each used column.
    private readonly Lazy<LevelPositions[]> _positions;

    /// <summary>A schema with the given columns.</summary>
    /// <exception cref="ArgumentException">Two columns have one name, or the label or the column of time is not a
    /// column.</exception>
    public TableSchema(IReadOnlyList<TableColumn> columns, TableFormat format, string? label = null,
        IReadOnlyList<string>? labels = null, TableWindow? window = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(format);
        (Columns, Format, Label, Labels, Window) = ([.. columns], format, label, labels ?? [], window);
        if (columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two columns are called '{twice.Key}'; rename one.", nameof(columns));
        if (label is not null && columns.All(c => c.Name != label))
            throw new ArgumentException($"The label '{label}' is not a column.", nameof(label));
        if (window?.Time is { } time && columns.All(c => c.Name != time))
            throw new ArgumentException($"The column of time '{time}' is not a column.", nameof(window));
        _used = [.. Enumerable.Range(0, columns.Count).Where(c => columns[c].IsUsed)
            .OrderBy(c => columns[c].IsCondition)];
        Used = [.. _used.Select(c => columns[c])];
        Modelled = [.. Used.Where(c => c.IsModelled)];
        Conditions = [.. Used.Where(c => c.IsCondition)];
        Cells = [.. Enumerable.Repeat(Modelled, window?.Size ?? 1).SelectMany(row => row)];
        _positions = new(() => [.. Used.Select(c => new LevelPositions(c.Levels, format))]);
    }

    /// <summary>All columns of the source, in order.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>The columns whose distribution is modelled, in order: the cells of a row.</summary>
    public IReadOnlyList<TableColumn> Modelled { get; }

    /// <summary>The columns that the model is conditioned on, in order; empty for none.</summary>
    public IReadOnlyList<TableColumn> Conditions { get; }

    /// <summary>The columns that are read: <see cref="Modelled"/>, then <see cref="Conditions"/>.</summary>
    internal IReadOnlyList<TableColumn> Used { get; }

    /// <summary>The column of each cell of a data point: those of a row or, for a window, those of its first row, then
    /// those of its second row, and so on.</summary>
    public IReadOnlyList<TableColumn> Cells { get; }

    /// <summary>How rows make a data point; null for one data point for each row.</summary>
    public TableWindow? Window { get; }

    /// <summary>How the source is written.</summary>
    public TableFormat Format { get; }

    /// <summary>The column with the label of each row; null for none.</summary>
    public string? Label { get; }

    /// <summary>The texts of the labels 0, 1, ...</summary>
    public IReadOnlyList<string> Labels { get; }

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
        return new TableSchema(inferred.Columns, Format, Label, Labels, Window);
    }

    /// <summary>The labels and the times of this schema, without a column to model.</summary>
    internal TableSchema WithoutCells() => new([.. Columns.Select(
        c => c with { Kind = ColumnKind.Ignored, Levels = [] })], Format, Label, Labels, Window);

    private static TableSchema Inferred(TableSource source, TableChoices choices, int[]? rows)
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
                if (profile.Levels.Length > 1000)
                {
                    throw new InvalidDataFileException(source.Name, $"the label '{name}' has more than 1,000 " +
                        "different values; a label is the class of a row.");
                }

                labels = [.. ColumnInference.As(column, ColumnKind.Category, profile).Levels];
                column = column with { Kind = ColumnKind.Ignored, Levels = [], Reason = "the label" };
            }
            else if (choices.Ignore.Contains(name))
                column = column with { Kind = ColumnKind.Ignored, Reason = "left out by the user" };
            else if (choices.Kinds.TryGetValue(name, out ColumnKind kind))
            {
                column = ColumnInference.As(column, kind, profile);
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
                    $"it is left out: {columns[at].Reason}; omit it from model.condition, or choose its kind with " +
                    "data.columns.");
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

    /// <summary>
    /// Fits the transforms to training rows: centres and scales of numbers, and the levels of categories that are too
    /// rare (absent or, in more than 100 rows, present once).
    /// </summary>
    /// <exception cref="ArgumentException">The data are not rows of this schema's table.</exception>
    public TableSchema Fit(Dataset train)
    {
        TableRows rows = RowsOf(train);
        int[] covered = rows.CoveredRows(train.Count);
        TableColumn[] columns = [.. Columns];
        for (int c = 0; c < _used.Length; c++)
        {
            int column = c;
            columns[_used[c]] = Fitted(Used[c], row => rows.Columns[column][covered[row]], covered.Length);
        }

        return new TableSchema(columns, Format, Label, Labels, Window) { Given = GivenIn(rows, train.Count) };
    }

    /// <summary>The rows as a model takes them: encoded by this schema, in columns of their own width.</summary>
    /// <exception cref="ArgumentException">The data are not rows of this schema's table.</exception>
    public Dataset Apply(Dataset data) => Dataset.OfTable(data.Name, RowsOf(data) with { Encoder = this }, data.Count,
        data.Labels);

    private static IEnumerable<string> Named(string? name) => name is null ? [] : [name];

    private TableRows RowsOf(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Rows is { } rows && rows.Columns.Length == _used.Length
            ? rows
            : throw new ArgumentException(
                $"Data set '{data.Name}' does not hold rows of a table with {_used.Length} columns.", nameof(data));
    }

    private static TableColumn Fitted(TableColumn column, Func<int, double> cell, int count)
    {
        if (column.Kind == ColumnKind.Category)
        {
            long[] counts = new long[column.Levels.Count + 1];
            for (int row = 0; row < count; row++)
            {
                if (cell(row) is var level && !double.IsNaN(level)) counts[(int)level]++;
            }

            int least = count > ManyRows ? 2 : 1;
            // The most frequent level is never rare, so that a category has at least one level besides "other".
            long most = counts.AsSpan(0, column.Levels.Count).ToArray().Max();
            return column with
            {
                Rare = [.. Enumerable.Range(0, column.Levels.Count).Where(
                    level => counts[level] < least && counts[level] < most)],
                Missing = 1 - (double)counts.Sum() / count,
            };
        }

        int observed = Enumerable.Range(0, count).Count(row => !double.IsNaN(column.Encode(cell(row))));
        column = column with { Missing = 1 - (double)observed / count };

        if (column.IsContinuous || column.Kind == ColumnKind.Count)
            column = column with { Quantiles = Spread(cell, count) };
        if (column.Transform == ColumnTransform.None) return column;
        List<double> values = [];
        for (int row = 0; row < count; row++)
        {
            if (column.Transformed(cell(row)) is var value && !double.IsNaN(value)) values.Add(value);
        }

        if (values.Count == 0) return column;
        (double centre, double scale) = column.Transform == ColumnTransform.Robust
            ? Quartiles(values) : Moments(values);
        // A column that is constant in the training rows keeps a scale of 1.
        bool isConstant = !(scale > 1e-12 * Math.Abs(centre)) || !double.IsNormal(scale);
        return column with { Center = centre, Scale = isConstant ? 1 : scale };
    }

    /// <summary>The numbers of the rows in order; of many rows, evenly spaced ones.</summary>
    private static double[] Spread(Func<int, double> cell, int count)
    {
        double[] sorted = [.. Enumerable.Range(0, count).Select(cell).Where(v => !double.IsNaN(v)).Order()];
        return sorted.Length <= MostQuantiles ? sorted : [.. Enumerable.Range(0, MostQuantiles).Select(
            i => sorted[(int)((long)i * (sorted.Length - 1) / (MostQuantiles - 1))])];
    }

    private static (double Center, double Scale) Moments(List<double> values)
    {
        double mean = values.Average(), square = 0;
        foreach (double value in values) square += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(square / values.Count));
    }

    private static (double Center, double Scale) Quartiles(List<double> values)
    {
        values.Sort();
        double At(double share) => values[(int)Math.Round(share * (values.Count - 1))];
        // The distance of the quartiles of a normal is 1.349 standard deviations.
        double scale = 0.7413 * (At(0.75) - At(0.25));
        return (At(0.5), scale > 0 ? scale : Moments(values).Scale);
    }

    private sealed class Profiler(TableSource source, int[]? rows) : ITableSink
    {
        private int _row, _next;

        public ColumnProfile[] Profiles { get; } = [.. source.Columns.Select(_ => new ColumnProfile())];

        public void Cell(int column, ReadOnlySpan<char> text)
        {
            if (IsWanted) Profiles[column].Add(text, source.Format);
        }

        public void EndRow()
        {
            if (IsWanted) _next++;
            _row++;
        }

        private bool IsWanted => rows is null || (_next < rows.Length && rows[_next] == _row);
    }
}

namespace Reparam.Data;

/// <summary>
/// The columns of a table: what each of them means, and how its cells become numbers for a model and back. It is
/// inferred from a table (<see cref="Infer"/>), then fitted to the training rows (<see cref="Fit"/>), and saved with a
/// run as <c>table.json</c>.
/// </summary>
public sealed partial class TableSchema
{
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
}

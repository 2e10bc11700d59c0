using Reparam.Configuration;
using Reparam.Data;

namespace Reparam.Tabular;

/// <summary>
/// Rows of a real and of a synthetic table, read by the schema of the real one, for <see cref="TableComparison"/>.
/// Columns are matched by name. Identifiers, and columns that one of the tables does not have, are left out. A constant
/// column counts as a category with one level. Windows that <see cref="RowSampler"/> draws are compared row by row: the
/// number of the window is left out, and so is a column of dates that only the real table has.
/// </summary>
public sealed class ComparedTables
{
    private const int LeastRows = 10;

    private ComparedTables(TableSchema schema, Dataset real, Dataset synthetic, Dataset? heldOut,
        IReadOnlyList<(string, string)> leftOut, IReadOnlyList<string> missing) =>
        (Schema, Real, Synthetic, HeldOut, LeftOut, Missing) = (schema, real, synthetic, heldOut, leftOut, missing);

    /// <summary>The columns that are compared, inferred from the real table.</summary>
    public TableSchema Schema { get; }

    /// <summary>The real rows.</summary>
    public Dataset Real { get; }

    /// <summary>The synthetic rows.</summary>
    public Dataset Synthetic { get; }

    /// <summary>Real rows that the maker of the synthetic rows has not seen; null for none.</summary>
    public Dataset? HeldOut { get; }

    /// <summary>The columns of either table that are not compared, each with the reason.</summary>
    public IReadOnlyList<(string Column, string Reason)> LeftOut { get; }

    /// <summary>The columns of the real table that could be compared and that the synthetic table does not have. They
    /// are left out, too.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Reads the tables.</summary>
    /// <param name="real">The real table.</param>
    /// <param name="synthetic">The synthetic table.</param>
    /// <param name="heldOut">Real rows that the maker of the synthetic rows has not seen; null for none.</param>
    /// <param name="choices">The user's choices about the columns of the real table; null for none.</param>
    /// <param name="notes">Receives sentences about cells that are no values of their column.</param>
    /// <exception cref="InvalidDataFileException">A table has fewer than 10 rows or is damaged, no
    /// column is in both tables, or
    /// the held-out rows lack a column that is compared.</exception>
    public static ComparedTables Read(TableSource real, TableSource synthetic, TableSource? heldOut = null,
        TableChoices? choices = null, Action<string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(synthetic);
        var inferred = TableSchema.Infer(real, choices);
        int? window = real.Columns.Contains(WindowedRows.Column) ? null : WindowedRows.SizeOf(synthetic);
        if (window is { } size)
        {
            notes?.Invoke(FormattableString.Invariant($"synthetic table: its windows of {size} rows are compared ") +
                "row by row. How rows follow each other is not compared, and as the rows of a window are alike, " +
                "distances by chance, standard errors and p-values are too small");
        }

        List<(string, string)> leftOut = [];
        List<string> missing = [];
        List<TableColumn> columns = [];
        foreach (TableColumn column in inferred.Columns)
        {
            bool isConstant = column.Kind == ColumnKind.Constant && column.Levels.Count == 1;
            if (!column.IsModelled && !isConstant)
                leftOut.Add((column.Name, $"{Word(column.Kind)}: {column.Reason}"));
            else if (!synthetic.Columns.Contains(column.Name) && column.Kind == ColumnKind.Date && window is not null)
                leftOut.Add((column.Name, "a date, which rows of windows do not have"));
            else if (!synthetic.Columns.Contains(column.Name)) missing.Add(column.Name);
            else columns.Add(isConstant ? column with { Kind = ColumnKind.Category } : column);
        }

        leftOut.AddRange(missing.Select(name => (name, "not in the synthetic table")));
        foreach (string name in synthetic.Columns.Except(inferred.Columns.Select(c => c.Name)))
        {
            leftOut.Add((name, window is not null && name == WindowedRows.Column
                ? "the number of the window: windows are compared row by row" : "only in the synthetic table"));
        }

        if (columns.Count == 0)
        {
            throw new InvalidDataFileException(synthetic.Name, "it has none of the columns of the real table " +
                $"'{real.Name}': {string.Join(", ", inferred.Modelled.Take(5).Select(c => c.Name))}; the columns are " +
                "matched by the names in the first row.");
        }

        if (heldOut is not null && columns.FirstOrDefault(c => !heldOut.Columns.Contains(c.Name)) is { } lacking)
        {
            throw new InvalidDataFileException(heldOut.Name, $"it has no column '{lacking.Name}', which " +
                $"'{real.Name}' and '{synthetic.Name}' have.{Suggestion.For(lacking.Name, heldOut.Columns)}");
        }

        var schema = new TableSchema(columns, inferred.Format);
        return new ComparedTables(schema, Long(schema.Read(real, Named("real")), real),
            Long(schema.Read(synthetic, Named("synthetic")), synthetic),
            heldOut is null ? null : Long(schema.Read(heldOut, Named("held-out")), heldOut), leftOut, missing);

        Action<string>? Named(string table) => notes is null ? null : note => notes($"{table} table: {note}");
    }

    private static Dataset Long(Dataset rows, TableSource source) => rows.Count >= LeastRows ? rows
        : throw new InvalidDataFileException(
            source.Name, $"it has only {rows.Count} rows; a comparison needs at least {LeastRows}.");

    private static string Word(ColumnKind kind) => kind.ToString().ToLowerInvariant();
}

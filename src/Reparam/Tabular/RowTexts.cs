using Reparam.Data;

namespace Reparam.Tabular;

/// <summary>Rows in the form of the source: the columns that a model has, as cells or as conditions, and those that are
/// constant, in the order of the source, with its categories, units and decimals.</summary>
internal sealed class RowTexts
{
    private readonly TableSchema _schema;
    private readonly TableColumn[] _columns;

    public RowTexts(TableSchema schema)
    {
        _schema = schema;
        _columns = [.. schema.Columns.Where(c => c.IsUsed || c.Kind == ColumnKind.Constant)];
        Columns = [.. _columns.Select(c => c.Name)];
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows of a data point, each as the texts of its cells.</summary>
    /// <param name="values">The numbers of the source, NaN for missing cells.</param>
    /// <param name="given">The conditions, as in <see cref="TableSchema.Given"/>; empty without conditions.</param>
    public IEnumerable<string[]> Of(double[] values, IReadOnlyList<double> given)
    {
        int cell = 0, condition = 0;
        while (cell < values.Length)
        {
            yield return [.. _columns.Select(column => !column.IsUsed ? column.Levels[0]
                : Text(column, column.IsCondition ? given[condition++] : values[cell++]))];
        }
    }

    /// <summary>The text of a number of the source. A rare category has its own name here.</summary>
    private string Text(TableColumn column, double value) =>
        column.HasLevels && value >= 0 && value < column.Levels.Count ? column.Levels[(int)value]
            : column.Text(value, _schema.Format.Decimal);
}

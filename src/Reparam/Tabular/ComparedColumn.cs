using Reparam.Data;

namespace Reparam.Tabular;

/// <summary>The cells of a column in the tables that are compared: numbers of the source, or the positions of levels.
/// NaN is a missing cell.</summary>
internal sealed class ComparedColumn
{
    private ComparedColumn(TableColumn column, double[] real, double[] synthetic, double[] heldOut)
    {
        (Column, Real, Synthetic, HeldOut) = (column, real, synthetic, heldOut);
        double[] known = Known(real);
        (Low, High) = known.Length == 0 ? (double.NaN, double.NaN) : (known.Min(), known.Max());
    }

    public TableColumn Column { get; }

    public double[] Real { get; }

    public double[] Synthetic { get; }

    /// <summary>The cells of the held-out rows; empty without such rows.</summary>
    public double[] HeldOut { get; }

    /// <summary>The smallest real number.</summary>
    public double Low { get; }

    /// <summary>The largest real number.</summary>
    public double High { get; }

    /// <summary>Whether the cells are positions of levels and not numbers.</summary>
    public bool HasLevels => Column.HasLevels || Column.Kind == ColumnKind.Boolean;

    /// <summary>Whether the levels have an order.</summary>
    public bool IsOrdered => Column.Kind == ColumnKind.Ordinal;

    /// <summary>The number of levels, of which the last one, except that of a boolean column, stands for all texts that
    /// the real table does not have.</summary>
    public int Levels => Column.Kind == ColumnKind.Boolean ? 2 : Column.Levels.Count + 1;

    /// <summary>Whether the column can depend on another one: a category has at least two levels.</summary>
    public bool Varies => !HasLevels || Levels > 2 || Column.Kind == ColumnKind.Boolean;

    /// <summary>The cells of all columns of the given rows.</summary>
    public static ComparedColumn[] Of(ComparedTables tables, int[] real, int[] synthetic, int[] heldOut) =>
        [.. tables.Schema.Modelled.Select((column, c) => new ComparedColumn(column, Cells(tables.Real, c, real),
            Cells(tables.Synthetic, c, synthetic), Cells(tables.HeldOut, c, heldOut)))];

    /// <summary>Whether a cell is a text that the real table does not have.</summary>
    public bool IsUnseen(double cell) => Column.HasLevels && cell == Column.Levels.Count;

    /// <summary>The text of a level.</summary>
    public string LevelText(int level) => Column.Kind == ColumnKind.Boolean ? level == 1 ? "1" : "0"
        : level < Column.Levels.Count ? Column.Levels[level] : "(never seen)";

    /// <summary>The cells that are not missing.</summary>
    public static double[] Known(double[] cells) => Array.FindAll(cells, cell => !double.IsNaN(cell));

    /// <summary>The number of cells of each level.</summary>
    public int[] Counts(double[] cells)
    {
        int[] counts = new int[Levels];
        foreach (double cell in Known(cells)) counts[(int)cell]++;
        return counts;
    }

    private static double[] Cells(Dataset? data, int column, int[] rows) =>
        data is null ? [] : Array.ConvertAll(rows, row => data.Rows![row, column]);
}

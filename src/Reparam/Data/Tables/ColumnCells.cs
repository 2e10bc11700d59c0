namespace Reparam.Data;

/// <summary>The numbers of a column, stored in the narrowest type that holds them. NaN is a missing cell.</summary>
internal abstract class ColumnCells
{
    /// <summary>The number in a row.</summary>
    public abstract double this[int row] { get; }

    /// <summary>Appends the number of the next row.</summary>
    public abstract void Add(double value);

    /// <summary>Cells of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="areKnown">Whether the schema was inferred from these cells. Other cells may lie outside the range
    /// of the column.</param>
    public static ColumnCells For(TableColumn column, bool areKnown)
    {
        bool isCategory = column.HasLevels;
        (double low, double high) = isCategory ? (0, column.Levels.Count) : (column.Minimum, column.Maximum);
        bool areWhole = isCategory || (areKnown && column is { Decimals: 0, Kind: not ColumnKind.Date });
        if (areWhole && low >= 0 && high < byte.MaxValue) return new ByteCells();
        if (areWhole && low > short.MinValue && high <= short.MaxValue) return new ShortCells();
        return column.IsNarrow ? new FloatCells() : new DoubleCells();
    }

    private sealed class ByteCells : ColumnCells
    {
        private readonly List<byte> _cells = [];

        public override double this[int row] => _cells[row] is var cell && cell == byte.MaxValue ? double.NaN : cell;

        public override void Add(double value) => _cells.Add(double.IsNaN(value) ? byte.MaxValue : (byte)value);
    }

    private sealed class ShortCells : ColumnCells
    {
        private readonly List<short> _cells = [];

        public override double this[int row] => _cells[row] is var cell && cell == short.MinValue ? double.NaN : cell;

        public override void Add(double value) => _cells.Add(double.IsNaN(value) ? short.MinValue : (short)value);
    }

    private sealed class FloatCells : ColumnCells
    {
        private readonly List<float> _cells = [];

        public override double this[int row] => _cells[row];

        public override void Add(double value) => _cells.Add((float)value);
    }

    private sealed class DoubleCells : ColumnCells
    {
        private readonly List<double> _cells = [];

        public override double this[int row] => _cells[row];

        public override void Add(double value) => _cells.Add(value);
    }
}

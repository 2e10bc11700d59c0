namespace Reparam.Data;

/// <summary>The numbers of a column, stored in the narrowest type that holds them. NaN is a missing cell.</summary>
internal abstract class ColumnCells
{
    /// <summary>The number in a row.</summary>
    public abstract double this[int row] { get; }

    /// <summary>Appends the number of the next row.</summary>
    public abstract void Add(double value);

    /// <summary>Cells for whole numbers between two ends, or for any numbers.</summary>
    /// <param name="low">The smallest number.</param>
    /// <param name="high">The largest number.</param>
    /// <param name="areWhole">Whether all numbers are whole.</param>
    public static ColumnCells For(double low, double high, bool areWhole)
    {
        if (areWhole && low >= 0 && high < byte.MaxValue) return new ByteCells();
        if (areWhole && low > short.MinValue && high <= short.MaxValue) return new ShortCells();
        // A float has 24 bits: enough where the numbers spread over most of their distance from 0.
        bool isNarrow = !areWhole && high - low > 1e-3 * Math.Max(Math.Abs(low), Math.Abs(high))
            && Math.Max(Math.Abs(low), Math.Abs(high)) < float.MaxValue;
        return isNarrow ? new FloatCells() : new DoubleCells();
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

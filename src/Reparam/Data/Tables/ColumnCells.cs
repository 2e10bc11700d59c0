using System.Numerics;

namespace Reparam.Data;

/// <summary>The numbers of a column, stored in the narrowest type that holds all of them exactly: bytes, 16-bit whole
/// numbers, floats or doubles. NaN is a missing cell.</summary>
internal sealed class ColumnCells
{
    // A value of a whole type marks missing cells.
    private Store _store = new Store<byte>(byte.MaxValue,
        () => new Store<short>(short.MinValue, () => new Store<float>(float.NaN, () => new Store<double>(double.NaN))));

    /// <summary>The number in a row.</summary>
    public double this[int row] => _store[row];

    /// <summary>The bytes of a cell.</summary>
    public int Width => _store.Width;

    /// <summary>Appends the number of the next row. A number that the type does not hold moves all cells to a wider
    /// one.</summary>
    public void Add(double value)
    {
        while (!_store.TryAdd(value)) _store = _store.Widened();
    }

    private abstract class Store
    {
        public abstract double this[int row] { get; }

        public abstract int Width { get; }

        public abstract bool TryAdd(double value);

        public abstract Store Widened();
    }

    private sealed class Store<T>(T missing, Func<Store>? wider = null) : Store
        where T : unmanaged, INumber<T>
    {
        private readonly List<T> _cells = [];

        public override double this[int row] =>
            _cells[row] is var cell && cell == missing ? double.NaN : double.CreateTruncating(cell);

        public override int Width => System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

        public override bool TryAdd(double value)
        {
            T cell = double.IsNaN(value) ? missing : T.CreateSaturating(value);
            if (!double.IsNaN(value) && (cell == missing || double.CreateTruncating(cell) != value)) return false;
            _cells.Add(cell);
            return true;
        }

        public override Store Widened()
        {
            Store store = wider!();
            for (int row = 0; row < _cells.Count; row++)
            {
                if (!store.TryAdd(this[row])) return store.Widened();
            }

            return store;
        }
    }
}

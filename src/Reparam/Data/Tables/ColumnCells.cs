using System.Numerics;

namespace Reparam.Data;

/// <summary>
/// The numbers of a column, stored in the narrowest type that holds all of them exactly: whole numbers of 10^-d in 8,
/// 16 or 32 bits, floats, or doubles. NaN is a missing cell.
/// </summary>
/// <remarks>A decimal i / 10^d of a text is read as the double that is nearest to it. The quotient of the doubles i and
/// 10^d, which are exact, is the same double, because IEEE 754 rounds a quotient to the nearest.</remarks>
internal sealed class ColumnCells
{
    // 10^9 is the largest power of ten below 2^31.
    private const int MostDecimals = 9;

    private static readonly Func<Store>[] s_types =
    [
        .. Decimals(d => new Scaled<byte>(byte.MaxValue, d)), .. Decimals(d => new Scaled<short>(short.MinValue, d)),
        .. Decimals(d => new Scaled<int>(int.MinValue, d)), () => new Scaled<float>(float.NaN, 0),
        () => new Scaled<double>(double.NaN, 0),
    ];

    private Store _store = s_types[0]();
    private int _type;

    /// <summary>The number in a row.</summary>
    public double this[int row] => _store[row];

    /// <summary>The bytes of a cell.</summary>
    public int Width => _store.Width;

    /// <summary>Appends the number of the next row. A number that the type does not hold moves all cells to the next
    /// type that holds it and them.</summary>
    public void Add(double value)
    {
        if (_store.TryAdd(value)) return;
        Store old = _store;
        do
        {
            _store = s_types[++_type]();
        }
        while (!_store.Holds(value) || !_store.TryAddAll(old));

        _store.TryAdd(value);
    }

    private static IEnumerable<Func<Store>> Decimals(Func<int, Store> store) =>
        Enumerable.Range(0, MostDecimals + 1).Select(d => (Func<Store>)(() => store(d)));

    private abstract class Store
    {
        public abstract double this[int row] { get; }

        public abstract int Width { get; }

        protected abstract int Count { get; }

        public abstract bool Holds(double value);

        public abstract bool TryAdd(double value);

        public bool TryAddAll(Store other)
        {
            for (int row = 0; row < other.Count; row++)
            {
                if (!TryAdd(other[row])) return false;
            }

            return true;
        }
    }

    /// <summary>Numbers of a type, each divided by 10^d; one of them marks missing cells.</summary>
    private sealed class Scaled<T>(T missing, int decimals) : Store
        where T : unmanaged, INumber<T>
    {
        private readonly List<T> _cells = [];
        private readonly double _unit = Enumerable.Repeat(10.0, decimals).Aggregate(1.0, (a, b) => a * b);

        public override double this[int row] => _cells[row] is var cell && IsMissing(cell) ? double.NaN : Number(cell);

        public override int Width => System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

        protected override int Count => _cells.Count;

        public override bool Holds(double value) => TryCell(value, out _);

        public override bool TryAdd(double value)
        {
            if (!TryCell(value, out T cell)) return false;
            _cells.Add(cell);
            return true;
        }

        private bool TryCell(double value, out T cell)
        {
            cell = missing;
            if (double.IsNaN(value)) return true;
            cell = T.CreateSaturating(decimals == 0 ? value : Math.Round(value * _unit));
            return !IsMissing(cell) && Number(cell) == value;
        }

        private double Number(T cell) => double.CreateTruncating(cell) / _unit;

        // NaN is not equal to itself.
        private bool IsMissing(T cell) => cell == missing || T.IsNaN(cell);
    }
}

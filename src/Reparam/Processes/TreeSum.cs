using System.Numerics;

namespace Reparam.Processes;

/// <summary>
/// The sum of a power of two of vectors in a fixed binary tree: neighbours first, then pairs of neighbours. It keeps at
/// most one vector for each level of the tree.
/// </summary>
internal sealed class TreeSum<T>(int length) where T : unmanaged, INumber<T>
{
    private readonly List<T[]> _partial = [];
    private readonly Stack<T[]> _free = [];
    private int _count;

    /// <summary>Adds the next vector.</summary>
    /// <param name="add">Adds the vector to its argument, element by element.</param>
    public void Add(Action<T[]> add)
    {
        // The second of two neighbours is added to the first where it is, so it needs no vector of its own.
        if (_count % 2 == 0) _partial.Add(Empty());
        add(_partial[^1]);
        _count++;
        for (int pairs = _count; pairs % 4 == 0; pairs /= 2)
        {
            T[] right = _partial[^1];
            _partial.RemoveAt(_partial.Count - 1);
            TreeSum.Add(_partial[^1], right);
            _free.Push(right);
        }
    }

    /// <summary>The sum of all vectors. The next <see cref="Add"/> starts a new sum; call <see cref="Clear"/>
    /// first.</summary>
    public T[] Total => _partial.Count == 1 ? _partial[0]
        : throw new InvalidOperationException($"{_count} vectors make no complete tree.");

    /// <summary>Starts a new sum.</summary>
    public void Clear()
    {
        foreach (T[] vector in _partial) _free.Push(vector);
        _partial.Clear();
        _count = 0;
    }

    private T[] Empty()
    {
        if (!_free.TryPop(out T[]? vector)) return new T[length];
        Array.Clear(vector);
        return vector;
    }
}

/// <summary>Sums of elements.</summary>
internal static class TreeSum
{
    /// <summary>left += right.</summary>
    public static void Add<T>(Span<T> left, ReadOnlySpan<T> right) where T : unmanaged, INumber<T>
    {
        int i = 0;
        for (; i <= left.Length - Vector<T>.Count; i += Vector<T>.Count)
            (new Vector<T>(left[i..]) + new Vector<T>(right[i..])).CopyTo(left[i..]);
        for (; i < left.Length; i++) left[i] += right[i];
    }

    /// <summary>left += factor * right, where each product is rounded before it is added.</summary>
    public static void Add<T>(Span<T> left, ReadOnlySpan<T> right, T factor) where T : unmanaged, INumber<T>
    {
        int i = 0;
        var factors = new Vector<T>(factor);
        for (; i <= left.Length - Vector<T>.Count; i += Vector<T>.Count)
            (new Vector<T>(left[i..]) + new Vector<T>(right[i..]) * factors).CopyTo(left[i..]);
        for (; i < left.Length; i++) left[i] += right[i] * factor;
    }
}

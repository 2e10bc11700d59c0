using System.Collections;
using System.Runtime.CompilerServices;

namespace Reparam.Tensors;

/// <summary>
/// The extents of a tensor, outermost axis first. It is written as a collection expression:
/// <c>Shape s = [60, 28, 28];</c>. The empty shape <c>[]</c> is a scalar. An extent may be 0. At most
/// <see cref="MaxRank"/> axes.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IEnumerable<int>
{
    /// <summary>The largest number of axes a shape may have.</summary>
    public const int MaxRank = 8;

    private readonly int[]? _extents;

    private Shape(int[] extents) => _extents = extents;

    /// <summary>The shape of a scalar: no axes, one element.</summary>
    public static Shape Scalar => default;

    /// <summary>Number of axes.</summary>
    public int Rank => _extents?.Length ?? 0;

    /// <summary>Number of elements: the product of the extents; 1 for a scalar.</summary>
    public int Size
    {
        get
        {
            int size = 1;
            foreach (int extent in AsSpan()) size *= extent;
            return size;
        }
    }

    /// <summary>Extent of one axis; <c>^1</c> is the innermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape has no such axis.</exception>
    public int this[Index axis] => AsSpan()[AxisOf(axis)];

    /// <summary>The extents as a span.</summary>
    public ReadOnlySpan<int> AsSpan() => _extents;

    /// <summary>Builds a shape from its extents (the target of collection expressions).</summary>
    /// <exception cref="ArgumentException">An extent is negative, or there are more than
    /// <see cref="MaxRank"/>.</exception>
    /// <exception cref="TensorSizeException">The number of elements exceeds <see cref="int.MaxValue"/>.</exception>
    public static Shape Create(ReadOnlySpan<int> extents)
    {
        Require(extents);
        return extents.IsEmpty ? default : new Shape(extents.ToArray());
    }

    /// <summary>The shape of extents in an array that nothing else writes to.</summary>
    internal static Shape Adopt(int[] extents)
    {
        Require(extents);
        return extents.Length == 0 ? default : new Shape(extents);
    }

    /// <summary>The extents, which nothing may write to.</summary>
    internal int[] Extents => _extents ?? [];

    private static void Require(ReadOnlySpan<int> extents)
    {
        if (extents.Length > MaxRank)
            throw new ArgumentException($"A shape has at most {MaxRank} axes, got {extents.Length}.", nameof(extents));
        long size = 1;
        foreach (int extent in extents)
        {
            if (extent < 0)
            {
                throw new ArgumentException(
                    $"An extent cannot be negative: [{string.Join(", ", extents.ToArray())}].", nameof(extents));
            }

            // Bound the product after each factor, so that it stays inside a long. A later extent of 0 still makes it
            // 0.
            size = Math.Min(size * extent, (long)int.MaxValue + 1);
        }

        if (size > int.MaxValue) throw new TensorSizeException(extents, int.MaxValue, null);
    }

    /// <summary>The product of several extents, for an extent that is such a product.</summary>
    /// <exception cref="ArgumentException">An extent is negative, or there are more than
    /// <see cref="MaxRank"/>.</exception>
    /// <exception cref="TensorSizeException">The product exceeds <see cref="int.MaxValue"/>.</exception>
    public static int SizeOf(params ReadOnlySpan<int> extents) => Create(extents).Size;

    /// <summary>The axes of <paramref name="left"/> followed by those of <paramref name="right"/>.</summary>
    public static Shape operator +(Shape left, Shape right)
    {
        int[] extents = new int[left.Rank + right.Rank];
        left.AsSpan().CopyTo(extents);
        right.AsSpan().CopyTo(extents.AsSpan(left.Rank));
        return Adopt(extents);
    }

    /// <summary>Whether the two shapes have the same extents.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether the two shapes differ in some extent.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>A range of axes as a new shape: <c>shape[1..]</c>.</summary>
    public Shape Slice(int start, int length) => Create(AsSpan().Slice(start, length));

    /// <summary>Number of axes. Ranges such as <c>shape[1..]</c> need a member of this name.</summary>
    public int Length => Rank;

    /// <summary>The shape with one axis replaced.</summary>
    public Shape With(Index axis, int extent)
    {
        int[] extents = AsSpan().ToArray();
        extents[AxisOf(axis)] = extent;
        return Adopt(extents);
    }

    /// <summary>The shape without one axis.</summary>
    public Shape Without(Index axis)
    {
        int at = AxisOf(axis);
        int[] extents = new int[Rank - 1];
        AsSpan()[..at].CopyTo(extents);
        AsSpan()[(at + 1)..].CopyTo(extents.AsSpan(at));
        return Adopt(extents);
    }

    /// <summary>The zero-based number of an axis.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape has no such axis.</exception>
    public int AxisOf(Index axis)
    {
        int at = axis.GetOffset(Rank);
        return (uint)at < (uint)Rank
            ? at
            : throw new ArgumentOutOfRangeException(
                nameof(axis), $"Axis {axis} does not exist in shape {this} of rank {Rank}.");
    }

    /// <summary>Whether the two shapes have the same extents outside one axis.</summary>
    internal bool EqualsOutside(int axis, Shape other) => Rank == other.Rank
        && AsSpan()[..axis].SequenceEqual(other.AsSpan()[..axis])
        && AsSpan()[(axis + 1)..].SequenceEqual(other.AsSpan()[(axis + 1)..]);

    /// <inheritdoc/>
    public bool Equals(Shape other) => AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int extent in AsSpan()) hash.Add(extent);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", AsSpan().ToArray())}]";

    /// <summary>Enumerates the extents.</summary>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_extents ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

namespace Reparam.Tensors;

/// <summary>
/// The part of one axis of a <see cref="Tensor"/> that an index selects: a range of positions, which keeps the axis, or
/// one position, which removes the axis. It converts from <c>int</c>, <c>Index</c> and <c>Range</c>, so an index is
/// written <c>t[2..5, ^1]</c>.
/// </summary>
public readonly record struct AxisSlice
{
    private readonly Range _run;
    private readonly Index _position;

    /// <summary>One position.</summary>
    public AxisSlice(Index position) => (_position, IsPosition) = (position, true);

    /// <summary>A range of positions.</summary>
    public AxisSlice(Range run) => _run = run;

    /// <summary>Whether this is one position, so that the axis is removed.</summary>
    public bool IsPosition { get; }

    /// <summary>One position, counted from the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is negative.</exception>
    public static implicit operator AxisSlice(int position) => position >= 0
        ? new(new Index(position))
        : throw new ArgumentOutOfRangeException(
            nameof(position), $"Position {position} is negative. To count from the end, write ^{-(long)position}.");

    /// <summary>One position, from the start or with <c>^1</c> from the end.</summary>
    public static implicit operator AxisSlice(Index position) => new(position);

    /// <summary>A range of positions; <c>..</c> is the whole axis.</summary>
    public static implicit operator AxisSlice(Range run) => new(run);

    /// <inheritdoc/>
    public override string ToString() => IsPosition ? _position.ToString() : _run.ToString();

    /// <summary>The first position and the number of positions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The positions do not lie within the axis.</exception>
    internal (int Start, int Length) Within(Shape shape, int axis)
    {
        int extent = shape[axis];
        int start = (IsPosition ? _position : _run.Start).GetOffset(extent);
        int end = IsPosition ? start + 1 : _run.End.GetOffset(extent);
        if (start >= 0 && start <= end && end <= extent) return (start, end - start);
        throw new ArgumentOutOfRangeException(
            null, $"{(IsPosition ? "Position" : "Range")} {this} does not lie within axis {axis} of shape {shape}.");
    }
}

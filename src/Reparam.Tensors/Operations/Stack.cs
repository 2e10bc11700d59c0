namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Joins tensors of one shape along a new axis: N tensors [A, B] give [N, A, B] along axis 0 and [A, B, N]
    /// along axis <c>^1</c>. The gradient of each part is the part of g at its position of the new axis.</summary>
    /// <param name="axis">The position of the new axis in the result.</param>
    /// <param name="parts">The tensors.</param>
    /// <exception cref="ArgumentException">There are no parts, the shapes or element types differ, or the result does
    /// not have the axis.</exception>
    public static Tensor Stack(Index axis, params IReadOnlyList<Tensor> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0) throw new ArgumentException("Stack needs at least one tensor.", nameof(parts));
        Shape shape = parts[0].Shape;
        int at = axis.GetOffset(shape.Rank + 1);
        if ((uint)at > (uint)shape.Rank)
        {
            throw new ArgumentOutOfRangeException(
                nameof(axis), $"Tensors of shape {shape} stack along axis 0 to {shape.Rank}; got axis {axis}.");
        }

        foreach (Tensor part in parts)
        {
            RequireSameType(parts[0], part);
            if (part.Shape == shape) continue;
            throw new ArgumentException(
                $"Stack needs tensors of one shape; got {shape} and {part.Shape}.", nameof(parts));
        }

        Tensor whole = Uninitialized(shape[..at] + [parts.Count] + shape[at..], parts[0].DType);
        int[] strides = RowMajorStrides(whole.Shape);
        int step = strides[at];
        int[] ofPart = [.. strides[..at], .. strides[(at + 1)..]];
        var vjps = new Func<Tensor, Tensor>[parts.Count];
        for (int i = 0; i < parts.Count; i++)
        {
            int offset = i * step;
            whole.Place(parts[i], ofPart, offset);
            vjps[i] = g => g.Strided(shape, ofPart, offset);
        }

        return whole.Recorded([.. parts], vjps);
    }
}

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Joins tensors along one axis. All other extents must be equal. The gradient of each part is the part of
    /// g at its positions.</summary>
    /// <exception cref="ArgumentException">There are no parts, or the shapes or element types do not fit.</exception>
    public static Tensor Concat(Index axis, params IReadOnlyList<Tensor> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0) throw new ArgumentException("Concat needs at least one tensor.", nameof(parts));
        int at = parts[0].Shape.AxisOf(axis);
        int extent = 0;
        foreach (Tensor part in parts)
        {
            RequireSameType(parts[0], part);
            if (!part.Shape.EqualsOutside(at, parts[0].Shape))
            {
                throw new ArgumentException(
                    $"Shapes {parts[0].Shape} and {part.Shape} differ outside axis {at}.", nameof(parts));
            }

            extent += part.Shape[at];
        }

        Tensor whole = Uninitialized(parts[0].Shape.With(at, extent), parts[0].DType);
        int[] strides = RowMajorStrides(whole.Shape);
        var vjps = new Func<Tensor, Tensor>[parts.Count];
        int start = 0;
        for (int i = 0; i < parts.Count; i++)
        {
            (int from, Shape shape) = (start, parts[i].Shape);
            whole.Place(parts[i], strides, from * strides[at]);
            vjps[i] = g => g.Strided(shape, strides, from * strides[at]);
            start += shape[at];
        }

        return whole.Recorded([.. parts], vjps);
    }
}

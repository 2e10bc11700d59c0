using System.Numerics;
using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// Selects elements by their positions along one axis, as <c>gather</c> in PyTorch does: along axis 1 of three
    /// axes, y[i, j, k] = x[i, indices[i, j, k], k]. The result has the shape of <paramref name="indices"/>. The
    /// gradient of an element is the sum of g over the places that selected it, in order. The indices have no gradient.
    /// </summary>
    /// <param name="axis">The axis, <c>^1</c> the innermost.</param>
    /// <param name="indices">Integers from 0 to the extent of the axis - 1, in either element type, such as the result
    /// of <see cref="ArgMax"/>. Float32 represents the integers up to 2^24 exactly. All extents except that of the axis
    /// must equal the extents of this tensor.</param>
    /// <exception cref="ArgumentException">The axis does not exist, the shapes do not fit, or an index is not a
    /// position of the axis.</exception>
    public Tensor Gather(Index axis, Tensor indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        int at = Shape.AxisOf(axis);
        if (indices.Rank != Rank || indices.Shape.With(at, 1) != Shape.With(at, 1))
        {
            throw new ArgumentException(
                $"Indices for axis {at} of shape {Shape} must have the same other extents; got {indices.Shape}.",
                nameof(indices));
        }

        int[] positions = indices.Positions(Shape, at);
        return Picked(positions, indices.Shape, at, perElement: true);
    }

    /// <summary>The elements as positions along an axis of a shape. Inside a <see cref="ShapeScope"/> the result is
    /// empty.</summary>
    private int[] Positions(Shape shape, int axis)
    {
        if (ShapeScope.IsOn) return [];
        return DType == DType.Float32 ? Whole(AsSpan<float>()) : Whole(AsSpan<double>());

        int[] Whole<T>(ReadOnlySpan<T> values) where T : unmanaged, INumber<T>
        {
            int extent = shape[axis];
            int[] positions = new int[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                double value = double.CreateTruncating(values[i]);
                bool isPosition = value >= 0 && value < extent && value == Math.Truncate(value);
                positions[i] = isPosition ? (int)value : throw NoPosition(value, shape, axis);
            }

            return positions;
        }
    }

    private static ArgumentOutOfRangeException NoPosition(double index, Shape shape, int axis)
    {
        string allowed = shape[axis] == 0 ? "the axis is empty" : $"positions are 0 to {shape[axis] - 1}";
        string text = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new ArgumentOutOfRangeException(
            null, $"{text} is not a position of axis {axis} of shape {shape}: {allowed}.");
    }

    /// <summary>Selects the elements at positions along an axis, and records the operation.</summary>
    private Tensor Picked(
        int[] positions, Shape shape, int axis, bool perElement,
        [System.Runtime.CompilerServices.CallerMemberName] string operation = "")
    {
        PickPlan plan = new(Shape[..axis].Size, Shape[axis], shape[axis], Shape[(axis + 1)..].Size, perElement);
        Tensor y = Uninitialized(shape, DType);
        Backend.Current.Pick(Buffer, positions, y.Buffer, plan);
        return y.Recorded(
            this,
            g =>
            {
                Tensor dx = Uninitialized(Shape, DType);
                Backend.Current.PickGradient(g.Buffer, positions, dx.Buffer, plan);
                return dx;
            },
            operation);
    }
}

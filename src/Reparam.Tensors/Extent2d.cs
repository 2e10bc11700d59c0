namespace Reparam.Tensors;

/// <summary>Two numbers for the two axes of an image: the stride, padding or dilation of a convolution, in pixels. An
/// integer converts to the same number for both axes.</summary>
/// <param name="Height">The number for the vertical axis, ^2.</param>
/// <param name="Width">The number for the horizontal axis, ^1.</param>
public readonly record struct Extent2d(int Height, int Width)
{
    /// <summary>The same number for both axes.</summary>
    public static implicit operator Extent2d(int both) => new(both, both);

    /// <summary>A number for the height and one for the width.</summary>
    public static implicit operator Extent2d((int Height, int Width) extent) => new(extent.Height, extent.Width);

    /// <summary>The same number for both axes, for languages without conversion operators.</summary>
    public static Extent2d FromInt32(int both) => both;

    /// <summary>A number for the height and one for the width, for languages without conversion operators.</summary>
    public static Extent2d FromValueTuple((int Height, int Width) extent) => extent;

    /// <inheritdoc/>
    public override string ToString() => $"{Height}x{Width}";
}

namespace Reparam.Tensors;

/// <summary>
/// An extent along the two axes of an image: of a kernel, a stride, a padding. One number stands for both: <c>Extent2d kernel = 3;</c>, and two are
/// written as <c>(height, width)</c>.
/// </summary>
/// <param name="Height">Along the vertical axis, in pixels.</param>
/// <param name="Width">Along the horizontal axis, in pixels.</param>
public readonly record struct Extent2d(int Height, int Width)
{
    /// <summary>The same extent along both axes.</summary>
    public static implicit operator Extent2d(int both) => new(both, both);

    /// <summary>An extent for each axis.</summary>
    public static implicit operator Extent2d((int Height, int Width) extents) => new(extents.Height, extents.Width);
}

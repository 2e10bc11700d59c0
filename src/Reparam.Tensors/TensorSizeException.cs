using System.Numerics;

namespace Reparam.Tensors;

/// <summary>A tensor would have more elements than a tensor can hold.</summary>
public sealed class TensorSizeException : ArgumentException
{
    internal TensorSizeException(ReadOnlySpan<int> extents, long most, DType? dtype)
        : this([.. extents], Product(extents), most, dtype)
    {
    }

    private TensorSizeException(int[] extents, BigInteger elements, long most, DType? dtype)
        : base(
            $"The shape [{string.Join(", ", extents)}] has {elements} elements, but a "
            + $"{(dtype is { } type ? $"{type} " : "")}tensor holds at most {most}"
            + $"{(LayerName.Current.Length == 0 ? "" : $" (in {LayerName.Current})")}.")
    {
        (Extents, Elements, MostElements, Layer) = (extents, (double)elements, most, LayerName.Current);
    }

    /// <summary>The extents, outermost axis first. This is not a <see cref="Shape"/>, because the product of the
    /// extents may exceed <see cref="int.MaxValue"/>.</summary>
    public IReadOnlyList<int> Extents { get; }

    /// <summary>The product of the extents, rounded to a double.</summary>
    public double Elements { get; }

    /// <summary>The largest number of elements that a tensor may have.</summary>
    public long MostElements { get; }

    /// <summary>The layer that needs the tensor (<see cref="LayerName"/>); empty outside a layer.</summary>
    public string Layer { get; }

    private static BigInteger Product(ReadOnlySpan<int> extents)
    {
        BigInteger product = 1;
        foreach (int extent in extents) product *= extent;
        return product;
    }
}

using System.Numerics;

namespace Reparam.Tensors;

/// <summary>A tensor would have more elements than one can hold.</summary>
public sealed class TensorSizeException : ArgumentException
{
    internal TensorSizeException(ReadOnlySpan<int> extents, long most, DType? dtype)
        : this([.. extents], Product(extents), most, dtype)
    {
    }

    private TensorSizeException(int[] extents, BigInteger elements, long most, DType? dtype)
        : base(
            $"The shape [{string.Join(", ", extents)}] has more than {most} elements, the most of a "
            + $"{(dtype is { } type ? $"{type} " : "")}tensor: {elements}"
            + $"{(LayerName.Current.Length == 0 ? "" : $", in {LayerName.Current}")}.")
    {
        (Extents, Elements, MostElements, Layer) = (extents, (double)elements, most, LayerName.Current);
    }

    /// <summary>The extents, outermost axis first. They make no <see cref="Shape"/> where their product is past an
    /// integer.</summary>
    public IReadOnlyList<int> Extents { get; }

    /// <summary>Their product, rounded to a double.</summary>
    public double Elements { get; }

    /// <summary>The most elements that there may be.</summary>
    public long MostElements { get; }

    /// <summary>The layer that asks for the tensor (<see cref="LayerName"/>); empty outside of one.</summary>
    public string Layer { get; }

    private static BigInteger Product(ReadOnlySpan<int> extents)
    {
        BigInteger product = 1;
        foreach (int extent in extents) product *= extent;
        return product;
    }
}

using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// A coupling layer (Dinh, Krueger and Bengio 2015; Dinh, Sohl-Dickstein and Bengio 2017). The first part of a vector
/// is kept, and it determines the map of each element of the rest. Both directions cost one pass of the conditioner.
/// Chain couplings with <see cref="Permute"/>, so that every element is mapped.
/// </summary>
public sealed class Coupling : Bijector
{
    private readonly int _kept;
    private readonly Func<Tensor, Tensor> _conditioner;
    private readonly Transformer _transformer;

    /// <summary>Creates a coupling that keeps the first <paramref name="kept"/> elements.</summary>
    /// <param name="kept">The number of elements that are kept.</param>
    /// <param name="conditioner">A function from the kept elements [..., kept] to the parameters of all other elements,
    /// [..., rest * Parameters], ordered by element.</param>
    /// <param name="transformer">The map of each element.</param>
    public Coupling(int kept, Func<Tensor, Tensor> conditioner, Transformer transformer)
        : base(1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(kept);
        ArgumentNullException.ThrowIfNull(conditioner);
        ArgumentNullException.ThrowIfNull(transformer);
        (_kept, _conditioner, _transformer) = (kept, conditioner, transformer);
    }

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x) => Apply(x, _transformer.Forward);

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y) => Apply(y, _transformer.Inverse);

    private (Tensor, Tensor) Apply(Tensor x, Func<Tensor, Tensor, (Tensor, Tensor)> map)
    {
        int rest = x.Shape[^1] - _kept;
        if (rest < 1)
        {
            throw new ArgumentException(
                $"A coupling that keeps {_kept} elements needs vectors of at least {_kept + 1} elements, but the " +
                $"input has shape {x.Shape}. Keep fewer elements, or give longer vectors.", nameof(x));
        }

        Tensor kept = x.Slice(^1, 0, _kept), moved = x.Slice(^1, _kept, rest);
        Tensor parameters = _conditioner(kept).Reshape(moved.Shape + [_transformer.Parameters]);
        (Tensor y, Tensor logSlope) = map(moved, parameters);
        return (Tensor.Concat(^1, kept, y), logSlope.Sum(^1));
    }
}

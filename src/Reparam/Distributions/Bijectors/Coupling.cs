using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// A coupling layer (Dinh, Krueger and Bengio 2015; Dinh, Sohl-Dickstein and Bengio 2017): the first part of a vector
/// stays, and decides how each element of the rest is mapped. Both directions cost one pass of the conditioner. Chain
/// it with <see cref="Permute"/> so that every element has its turn.
/// </summary>
public sealed class Coupling : Bijector
{
    private readonly int _kept;
    private readonly Func<Tensor, Tensor> _conditioner;
    private readonly Transformer _transformer;

    /// <summary>Keeps the first <paramref name="kept"/> elements.</summary>
    /// <param name="kept">How many elements stay.</param>
    /// <param name="conditioner">From the kept elements [..., kept] to the free numbers of all others, [..., rest *
    /// Parameters], element by element.</param>
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
                $"A coupling that keeps {_kept} elements needs longer vectors, got shape {x.Shape}.", nameof(x));
        }

        Tensor kept = x.Slice(^1, 0, _kept), moved = x.Slice(^1, _kept, rest);
        Tensor parameters = _conditioner(kept).Reshape(moved.Shape + [_transformer.Parameters]);
        (Tensor y, Tensor logSlope) = map(moved, parameters);
        return (Tensor.Concat(^1, kept, y), logSlope.Sum(^1));
    }
}

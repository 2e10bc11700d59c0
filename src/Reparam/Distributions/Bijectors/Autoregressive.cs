using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// An autoregressive map: element i is mapped by numbers that the elements before it decide. As <see cref="OnInputs"/>
/// it is the inverse autoregressive flow (Kingma et al. 2016), fast at drawing; as <see cref="OnOutputs"/> the masked
/// autoregressive flow (Papamakarios, Pavlakou and Murray 2017), fast at scoring. The slow direction takes one pass of
/// the conditioner for each element.
/// </summary>
public sealed class Autoregressive : Bijector
{
    private readonly Func<Tensor, Tensor> _conditioner;
    private readonly Transformer _transformer;
    private readonly bool _onOutputs;

    private Autoregressive(Func<Tensor, Tensor> conditioner, Transformer transformer, bool onOutputs)
        : base(1)
    {
        ArgumentNullException.ThrowIfNull(conditioner);
        ArgumentNullException.ThrowIfNull(transformer);
        (_conditioner, _transformer, _onOutputs) = (conditioner, transformer, onOutputs);
    }

    /// <summary>y_i = f(x_i; numbers from x_1 ... x_(i-1)): forwards in one pass.</summary>
    /// <param name="conditioner">From [..., D] to [..., D * Parameters], element by element, where those of element i
    /// depend on elements before i alone (a MADE).</param>
    /// <param name="transformer">The map of each element.</param>
    public static Autoregressive OnInputs(Func<Tensor, Tensor> conditioner, Transformer transformer) =>
        new(conditioner, transformer, false);

    /// <summary>y_i = f(x_i; numbers from y_1 ... y_(i-1)): backwards in one pass. Arguments as for
    /// <see cref="OnInputs"/>.</summary>
    public static Autoregressive OnOutputs(Func<Tensor, Tensor> conditioner, Transformer transformer) =>
        new(conditioner, transformer, true);

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x) => _onOutputs ? OneByOne(x, _transformer.Forward)
        : AtOnce(x, _transformer.Forward);

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y) => _onOutputs ? AtOnce(y, _transformer.Inverse)
        : OneByOne(y, _transformer.Inverse);

    /// <summary>The conditioner sees the argument itself.</summary>
    private (Tensor, Tensor) AtOnce(Tensor x, Func<Tensor, Tensor, (Tensor Value, Tensor LogSlope)> map)
    {
        (Tensor y, Tensor logSlope) = map(x, Numbers(x));
        return (y, logSlope.Sum(^1));
    }

    /// <summary>The conditioner sees the result, which grows by an element a pass.</summary>
    private (Tensor, Tensor) OneByOne(Tensor x, Func<Tensor, Tensor, (Tensor Value, Tensor LogSlope)> map)
    {
        int size = x.Shape[^1];
        Tensor known = Tensor.Zeros(x.Shape, x.DType);
        Tensor total = Tensor.Zeros(x.Shape[..^1], x.DType);
        for (int i = 0; i < size; i++)
        {
            Tensor numbers = Numbers(known).Slice(^2, i, 1);
            (Tensor value, Tensor logSlope) = map(x.Slice(^1, i, 1), numbers);
            Tensor[] parts = [.. i > 0 ? [known.Slice(^1, 0, i)] : Array.Empty<Tensor>(), value, .. i + 1 < size
                ? [known.Slice(^1, i + 1, size - i - 1)] : Array.Empty<Tensor>()];
            known = Tensor.Concat(^1, parts);
            total += logSlope.Sum(^1);
        }

        return (known, total);
    }

    private Tensor Numbers(Tensor x) => _conditioner(x).Reshape(x.Shape + [_transformer.Parameters]);
}

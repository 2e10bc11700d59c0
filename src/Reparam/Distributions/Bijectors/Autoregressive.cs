using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// An autoregressive map: the parameters of the map of element i depend only on the elements before it.
/// <see cref="OnInputs"/> gives the inverse autoregressive flow (Kingma et al. 2016), which draws fast.
/// <see cref="OnOutputs"/> gives the masked autoregressive flow (Papamakarios, Pavlakou and Murray 2017), which
/// computes densities fast. The slow direction takes one pass of the conditioner for each element.
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

    /// <summary>y_i = f(x_i; parameters from x_1 ... x_(i-1)). The forward direction takes one pass.</summary>
    /// <param name="conditioner">A function from [..., D] to [..., D * Parameters], ordered by element. The parameters
    /// of element i depend only on elements before i (a MADE).</param>
    /// <param name="transformer">The map of each element.</param>
    public static Autoregressive OnInputs(Func<Tensor, Tensor> conditioner, Transformer transformer) =>
        new(conditioner, transformer, false);

    /// <summary>
    /// y_i = f(x_i; parameters from y_1 ... y_(i-1)). The inverse direction takes one pass. The arguments are the same
    /// as for <see cref="OnInputs"/>.
    /// </summary>
    public static Autoregressive OnOutputs(Func<Tensor, Tensor> conditioner, Transformer transformer) =>
        new(conditioner, transformer, true);

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x) => _onOutputs ? OneByOne(x, _transformer.Forward)
        : AtOnce(x, _transformer.Forward);

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y) => _onOutputs ? AtOnce(y, _transformer.Inverse)
        : OneByOne(y, _transformer.Inverse);

    /// <summary>Applies the map in one pass. The conditioner sees the argument.</summary>
    private (Tensor, Tensor) AtOnce(Tensor x, Func<Tensor, Tensor, (Tensor Value, Tensor LogSlope)> map)
    {
        (Tensor y, Tensor logSlope) = map(x, Numbers(x));
        return (y, logSlope.Sum(^1));
    }

    /// <summary>
    /// Applies the map element by element. The conditioner sees the result, which grows by one element in each pass.
    /// </summary>
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

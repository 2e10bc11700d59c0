using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The inputs of elements that all have one likelihood (<see cref="Likelihood.Inputs"/>), such as log(1 + x)
/// for counts.</summary>
public sealed class ElementInput : EncoderInput
{
    private readonly Likelihood _likelihood;
    private readonly Shape _event;

    /// <summary>The inputs for data of shape <paramref name="eventShape"/>.</summary>
    public ElementInput(Likelihood likelihood, Shape eventShape)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        (_likelihood, _event) = (likelihood, eventShape);
    }

    /// <inheritdoc/>
    public override Shape Inputs => _likelihood.InputsPerElement == 1 ? _event
        : [Shape.SizeOf(_likelihood.InputsPerElement, _event.Size)];

    /// <summary>The inputs of data; those of a hidden element, which is NaN, are 0.</summary>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        // A context follows the elements of a vector, or the channels of an image.
        int own = x.Rank == 2 ? _event.Size : x.Rank > _event.Rank + 1 ? 1 : _event[0];
        Tensor data = x.Slice(1, 0, own);
        bool isSame = _likelihood.InputsPerElement == 1;
        if (!isSame) data = data.Reshape([x.Shape[0], _event.Size]);
        Tensor isSeen = Tensor.GreaterOrEqual(data, data);
        Tensor inputs = _likelihood.Inputs(Tensor.Where(isSeen, data, isSame ? 1 : -1));
        if (isSame) inputs = Tensor.Where(isSeen, inputs, 0);
        return x.Shape[1] == own ? inputs : Tensor.Concat(1, inputs, x.Slice(1, own, x.Shape[1] - own));
    }

    /// <summary>Hides independent elements.</summary>
    protected internal override Tensor Hide(Tensor x, double share, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        return Tensor.Where(
            Tensor.Less(rng.Uniform(x.Shape, x.DType), Tensor.Scalar(1 - share, x.DType)), x, double.NaN);
    }
}

using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>A layer before an encoder that makes its inputs from data, in a form that suits a network.</summary>
public abstract class EncoderInput : Module
{
    /// <summary>The shape of the inputs that a datum becomes.</summary>
    public abstract Shape Inputs { get; }

    /// <summary>The inputs, [B] + <see cref="Inputs"/>, of data x, [B] + event. Elements after the datum's own, which
    /// are a context, pass through.</summary>
    public abstract Tensor Forward(Tensor x);

    /// <summary>Data of which a random share of the elements is hidden (<see cref="Encoder.Hide"/>).</summary>
    /// <param name="x">Data.</param>
    /// <param name="share">The probability that an element is hidden.</param>
    /// <param name="rng">Source of the choice.</param>
    protected internal abstract Tensor Hide(Tensor x, double share, Rng rng);
}

using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// An encoder that is a network: h(x), its last hidden layer, then a linear head whose numbers a
/// <see cref="PosteriorFamily"/> reads as q(z|x). A <see cref="FlowEncoder"/> reads h too.
/// </summary>
public abstract class NetworkEncoder : Encoder
{
    private Linear? _head;

    /// <summary>Records what the head's numbers mean.</summary>
    protected NetworkEncoder(int latent, PosteriorFamily? family)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(latent);
        (Latent, Family) = (latent, family ?? PosteriorFamily.Normal);
    }

    /// <summary>Number of latent variables.</summary>
    public int Latent { get; }

    /// <summary>What the head's numbers mean.</summary>
    public PosteriorFamily Family { get; }

    /// <summary>H, the length of h(x).</summary>
    public int Width => _head!.Weight.Shape[1];

    /// <summary>h(x), the last hidden layer for a batch x of shape [B] + event: [B, H], differentiable in x and the
    /// network's parameters.</summary>
    public abstract Tensor Hidden(Tensor x);

    /// <inheritdoc/>
    public sealed override Distribution Given(Tensor x) => GivenHidden(Hidden(x));

    /// <summary>q(z|x) from h(x), [B, H].</summary>
    internal Distribution GivenHidden(Tensor hidden) => Family.Given(_head!.Forward(hidden), Latent);

    /// <summary>Attaches the head, the last of the children.</summary>
    protected void AddHead(int features, Initializer initializer, Rng rng, DType dtype) =>
        _head = Child("head", new Linear(features, Family.Outputs(Latent), initializer, rng.Split("head"), dtype));
}

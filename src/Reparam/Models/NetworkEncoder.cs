using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>An encoder that is a network: features of the datum, then a linear head whose numbers a <see cref="PosteriorFamily"/> reads as q(z|x).</summary>
public abstract class NetworkEncoder : Encoder
{
    private Linear? _head;

    /// <summary>Records what the head's numbers mean.</summary>
    private protected NetworkEncoder(int latent, PosteriorFamily? family)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(latent);
        (Latent, Family) = (latent, family ?? PosteriorFamily.Normal);
    }

    /// <summary>Number of latent variables.</summary>
    public int Latent { get; }

    /// <summary>What the head's numbers mean.</summary>
    public PosteriorFamily Family { get; }

    /// <inheritdoc/>
    public sealed override Distribution Given(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Family.Given(_head!.Forward(Features(x)), Latent);
    }

    /// <summary>What the network makes of a batch before its head: the last hidden layer, [B, width].</summary>
    private protected abstract Tensor Features(Tensor x);

    /// <summary>Attaches the head, the last of the children.</summary>
    private protected void AddHead(int features, Initializer initializer, Rng rng, DType dtype) =>
        _head = Child("head", new Linear(features, Family.Outputs(Latent), initializer, rng.Split("head"), dtype));
}

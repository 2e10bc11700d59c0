using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// An encoder that is a network: hidden layers, then a linear head. A <see cref="PosteriorFamily"/> makes q(z|x) from
/// the head's numbers. h(x) is the last hidden layer; a <see cref="FlowEncoder"/> also uses it.
/// </summary>
public abstract class NetworkEncoder : Encoder
{
    private Linear? _head;

    /// <summary>Sets the number of latent variables and the family of the posterior; normal where
    /// <paramref name="family"/> is null.</summary>
    protected NetworkEncoder(int latent, PosteriorFamily? family)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(latent);
        (Latent, Family) = (latent, family ?? PosteriorFamily.Normal);
    }

    /// <summary>Number of latent variables.</summary>
    public int Latent { get; }

    /// <summary>The family of the posterior, which the head parameterises.</summary>
    public PosteriorFamily Family { get; }

    /// <summary>H, the length of h(x).</summary>
    /// <exception cref="InvalidOperationException">The encoder has no head.</exception>
    public virtual int Width => Head.Weight.Shape[1];

    /// <summary>h(x), the last hidden layer, [B, H], for a batch x of shape [B] + event. It is differentiable with
    /// respect to x and the network's parameters.</summary>
    public abstract Tensor Hidden(Tensor x);

    /// <inheritdoc/>
    public sealed override Distribution Given(Tensor x) => GivenHidden(Hidden(x));

    /// <summary>q(z|x) from h(x), [B, H].</summary>
    internal virtual Distribution GivenHidden(Tensor hidden) => Family.Given(Head.Forward(hidden), Latent);

    private Linear Head => _head ?? throw new InvalidOperationException(
        $"{GetType().Name} has no head. Call AddHead in its constructor, after all other children.");

    /// <summary>Attaches the head. Call it after all other children are attached.</summary>
    protected void AddHead(int features, Initializer initializer, Rng rng, DType dtype) =>
        _head = Child("head", new Linear(features, Family.Outputs(Latent), initializer, rng.Split("head"), dtype));
}

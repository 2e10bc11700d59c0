using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// q(z|x) = N(mu(h), diag sigma(h)^2), where h(x) is the last hidden layer of a network and a linear head [2Z, H] gives mu in its first half and log sigma^2 in its second (Kingma and Welling 2013, appendix C.2). A
/// <see cref="FlowEncoder"/> reads h too.
/// </summary>
public abstract class NormalEncoder : Encoder
{
    /// <summary>H, the length of h(x).</summary>
    public int Width => Head.Weight.Shape[1];

    /// <summary>Z, the length of a latent vector.</summary>
    public int Latent => Head.Weight.Shape[0] / 2;

    /// <summary>The last layer, [2Z, H].</summary>
    protected abstract Linear Head { get; }

    /// <summary>h(x), the last hidden layer for a batch x of shape [B] + event: [B, H], differentiable in x and the network's parameters.</summary>
    public abstract Tensor Hidden(Tensor x);

    /// <inheritdoc/>
    public sealed override DiagonalNormal Given(Tensor x) => GivenHidden(Hidden(x));

    /// <summary>q(z|x) from h(x), [B, H].</summary>
    internal DiagonalNormal GivenHidden(Tensor hidden)
    {
        (Tensor loc, Tensor logVariance) = Head.Forward(hidden).Halves(^1);
        return DiagonalNormal.FromLogVariance(loc, logVariance);
    }
}

using Reparam.Distributions;
using Reparam.Models.Flows;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// q(z|x) as a flow of another encoder's normal posterior (Rezende and Mohamed 2015). Where the flow takes a context,
/// it is that encoder's last hidden layer h(x), [B, H]: the maps read it through linear layers of their own, beside the
/// head (van den Berg et al. 2018).
/// </summary>
public sealed class FlowEncoder : Encoder
{
    private readonly NetworkEncoder _base;
    private readonly Flow _flow;

    /// <summary>The posterior of <paramref name="encoder"/> mapped by <paramref name="flow"/>.</summary>
    /// <param name="encoder">The encoder that the flow starts from.</param>
    /// <param name="flow">Of vectors of length <see cref="NetworkEncoder.Latent"/>; with no context, or one of length
    /// <see cref="NetworkEncoder.Width"/>.</param>
    /// <exception cref="ArgumentException">The encoder's posterior is not normal, or the flow's size or context does
    /// not fit it.</exception>
    public FlowEncoder(NetworkEncoder encoder, Flow flow)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(flow);
        if (encoder.Family != PosteriorFamily.Normal)
        {
            throw new ArgumentException(
                $"A flow starts from a normal posterior; this encoder's is '{encoder.Family.Name}'.", nameof(encoder));
        }

        if (flow.Size != encoder.Latent)
        {
            throw new ArgumentException($"The flow maps vectors of length {flow.Size}; the encoder's latents have " +
                $"{encoder.Latent}.", nameof(flow));
        }

        if (flow.Context != 0 && flow.Context != encoder.Width)
        {
            throw new ArgumentException(
                $"The flow takes a context of length {flow.Context}; the encoder's last hidden layer has " +
                $"{encoder.Width}. Make the flow with that, or with 0 for the same map of every datum.", nameof(flow));
        }

        _base = Child("base", encoder);
        _flow = Child("flow", flow);
    }

    /// <inheritdoc/>
    public override TransformedDistribution Given(Tensor x)
    {
        Tensor hidden = _base.Hidden(x);
        return new TransformedDistribution(
            (DiagonalNormal)_base.GivenHidden(hidden), _flow.Map(_flow.Context == 0 ? null : hidden));
    }
}

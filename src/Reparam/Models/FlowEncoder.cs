using Reparam.Distributions;
using Reparam.Models.Flows;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// q(z|x) as a flow of another encoder's normal posterior (Rezende and Mohamed 2015). If the flow takes a context, the
/// context is the last hidden layer h(x) of that encoder, [B, H]. The maps use it through their own linear layers, in
/// addition to the head (van den Berg et al. 2018).
/// </summary>
public sealed class FlowEncoder : Encoder
{
    private readonly NetworkEncoder _base;
    private readonly Flow _flow;

    /// <summary>The posterior of <paramref name="encoder"/> mapped by <paramref name="flow"/>.</summary>
    /// <param name="encoder">The encoder of the base distribution, which the flow transforms.</param>
    /// <param name="flow">A flow of vectors of length <see cref="NetworkEncoder.Latent"/>, with no context or with a
    /// context of length <see cref="NetworkEncoder.Width"/>.</param>
    /// <exception cref="ArgumentException">The encoder's posterior is not normal, or the flow's size or context does
    /// not fit the encoder.</exception>
    public FlowEncoder(NetworkEncoder encoder, Flow flow)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(flow);
        if (encoder.Family != PosteriorFamily.Normal)
        {
            throw new ArgumentException(
                $"A flow needs an encoder with a normal posterior; this encoder has " +
                $"'{encoder.Family.Name}'.", nameof(encoder));
        }

        if (flow.Size != encoder.Latent)
        {
            throw new ArgumentException($"The flow maps vectors of length {flow.Size}, but the encoder's latents " +
                $"have length {encoder.Latent}. The lengths must be equal.", nameof(flow));
        }

        if (flow.Context != 0 && flow.Context != encoder.Width)
        {
            throw new ArgumentException(
                $"The flow takes a context of length {flow.Context}, but the encoder's last hidden layer has length " +
                $"{encoder.Width}. Make the flow with context {encoder.Width}, or with context 0 to use the same map " +
                $"for every datum.", nameof(flow));
        }

        _base = Child("base", encoder);
        _flow = Child("flow", flow);
    }

    /// <inheritdoc/>
    protected internal override Tensor Hide(Tensor x, double share, Rng rng) => _base.Hide(x, share, rng);

    /// <inheritdoc/>
    public override TransformedDistribution Given(Tensor x)
    {
        Tensor hidden = _base.Hidden(x);
        return new TransformedDistribution(
            (DiagonalNormal)_base.GivenHidden(hidden), _flow.Map(_flow.Context == 0 ? null : hidden));
    }
}

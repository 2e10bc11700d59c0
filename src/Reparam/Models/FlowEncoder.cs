using Reparam.Distributions;
using Reparam.Models.Flows;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// q(z|x) as a flow of another encoder's normal posterior (Rezende and Mohamed 2015). Where the flow takes a context, it is what that encoder says of the datum: locations and log-scales, [B, 2Z].
/// </summary>
public sealed class FlowEncoder : Encoder
{
    private readonly Encoder _base;
    private readonly Flow _flow;

    /// <summary>The posterior of <paramref name="encoder"/>, which has to be a <see cref="DiagonalNormal"/>, mapped by <paramref name="flow"/>.</summary>
    public FlowEncoder(Encoder encoder, Flow flow)
    {
        _base = Child("base", encoder);
        _flow = Child("flow", flow);
    }

    /// <inheritdoc/>
    public override TransformedDistribution Given(Tensor x)
    {
        if (_base.Given(x) is not DiagonalNormal posterior)
            throw new NotSupportedException("A flow starts from a diagonal normal posterior; this encoder gives another.");
        if (posterior.EventShape[0] != _flow.Size)
            throw new ArgumentException($"The flow maps vectors of length {_flow.Size}; the encoder's latents have {posterior.EventShape[0]}.");
        Tensor? context = _flow.Context == 0 ? null : Tensor.Concat(^1, posterior.Loc, posterior.LogScale);
        return new TransformedDistribution(posterior, _flow.Map(context));
    }
}

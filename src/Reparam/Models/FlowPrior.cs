using Reparam.Distributions;
using Reparam.Models.Flows;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>A learned prior: N(0, I) mapped by a flow (Chen et al. 2017; Xu et al. 2019). The flow has to be one whose inverse is cheap, such as <see cref="Flow.Coupling"/>: densities are asked of given latents.</summary>
public sealed class FlowPrior : Prior
{
    private readonly Flow _flow;
    private readonly DiagonalNormal _origin;

    /// <summary>The image of N(0, I) under <paramref name="flow"/>, which takes no context.</summary>
    /// <exception cref="ArgumentException">The flow takes a context.</exception>
    public FlowPrior(Flow flow, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Context != 0) throw new ArgumentException($"A prior has no datum to look at; this flow takes a context of length {flow.Context}.", nameof(flow));
        _flow = Child("flow", flow);
        _origin = DiagonalNormal.Standard(flow.Size, dtype).Keep();
    }

    /// <inheritdoc/>
    public override TransformedDistribution Distribution => new(_origin, _flow.Map());
}

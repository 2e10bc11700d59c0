using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models.Flows;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>A learned prior: N(0, I) mapped by a flow (Chen et al. 2017; Xu et al. 2019). The flow has to be one whose
/// inverse is cheap, such as <see cref="Flow.Coupling"/>: densities are asked of given latents.</summary>
public sealed class FlowPrior : Prior
{
    private readonly Flow _flow;
    private readonly DiagonalNormal _origin;

    /// <summary>The image of N(0, I) under <paramref name="flow"/>, which takes no context.</summary>
    /// <exception cref="ArgumentException">The flow takes a context.</exception>
    public FlowPrior(Flow flow, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Context != 0)
        {
            throw new ArgumentException(
                $"A prior has no datum to look at; this flow takes a context of length {flow.Context}.", nameof(flow));
        }

        _flow = Child("flow", flow);
        _origin = DiagonalNormal.Standard(flow.Size, dtype).Keep();
    }

    /// <inheritdoc/>
    public override TransformedDistribution Distribution => new(_origin, _flow.Map());
}

/// <summary>Settings of a <see cref="FlowPrior"/> of coupling maps.</summary>
public sealed record FlowPriorSettings : PriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<FlowPriorSettings>(
        "flow", "learned coupling maps of N(0, I)",
        Setting.Whole<FlowPriorSettings>(
            "maps", s => s.Maps, (s, v) => s with { Maps = v }, "number of maps", 1, 64).AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The number of maps.</summary>
    public int Maps { get; init; } = 4;

    /// <inheritdoc/>
    public override Prior Make(PriorParts parts)
    {
        RequireRealVectors(parts);
        return parts.Latent < 2
            ? throw new InvalidConfigException($"model.prior '{Word}' needs two latent dimensions or more.")
            : new FlowPrior(Flow.Coupling(parts.Latent, Maps, [FlowSettings.Width], parts.Rng));
    }
}

using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models.Flows;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>A learned prior: N(0, I) mapped by a flow (Chen et al. 2017; Xu et al. 2019). Use a flow with a cheap
/// inverse, such as <see cref="Flow.Coupling"/>, because training needs the density of given latents.</summary>
public sealed class FlowPrior : Prior
{
    private readonly Flow _flow;
    private readonly DiagonalNormal _origin;

    /// <summary>The distribution of <paramref name="flow"/> applied to N(0, I). The flow must take no
    /// context.</summary>
    /// <exception cref="ArgumentException">The flow takes a context.</exception>
    public FlowPrior(Flow flow, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Context != 0)
        {
            throw new ArgumentException(
                $"The flow of a prior must take no context, but this flow takes a context of length " +
                $"{flow.Context}.", nameof(flow));
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
        "flow", "a learned flow of coupling maps of N(0, I)",
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
            ? throw new InvalidConfigException($"model.prior '{Word}' needs at least two latent dimensions; set " +
                $"model.latent to 2 or more.")
            : new FlowPrior(Flow.Coupling(parts.Latent, Maps, [FlowSettings.Width], parts.Rng));
    }
}

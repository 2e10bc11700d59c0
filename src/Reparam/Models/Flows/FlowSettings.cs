using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>Settings of a posterior that is a flow of a normal posterior.</summary>
public abstract record FlowSettings : PosteriorSettings
{
    /// <summary>Hidden units of each autoregressive or coupling network.</summary>
    public const int Width = 128;

    /// <summary>The number of maps.</summary>
    public int Maps { get; init; }

    /// <inheritdoc/>
    public override PosteriorFamily Family => PosteriorFamily.Normal;

    /// <summary>Makes the kind of a flow.</summary>
    protected static Kind Of<T>(string name, string maps)
        where T : FlowSettings, new() => Kind.Of<T>(
            name, $"a flow of {maps}",
            Setting.Whole<FlowSettings>(
                "maps", s => s.Maps, (s, v) => s with { Maps = v }, "number of maps", 1, 64).AfterColon());
}

/// <summary>Settings of a flow of planar maps.</summary>
public sealed record PlanarPosteriorSettings : FlowSettings
{
    /// <summary>Settings with the default number of maps.</summary>
    public PlanarPosteriorSettings() => Maps = 10;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Of<PlanarPosteriorSettings>("planar", "planar maps");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Flow Flow(int latent, int context, Rng rng) => Flows.Flow.Planar(latent, Maps, rng, context);
}

/// <summary>Settings of a flow of Sylvester maps.</summary>
public sealed record SylvesterPosteriorSettings : FlowSettings
{
    // Hidden units and reflections of each map.
    private const int Units = 8;

    /// <summary>Settings with the default number of maps.</summary>
    public SylvesterPosteriorSettings() => Maps = 4;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Of<SylvesterPosteriorSettings>("sylvester", "Sylvester maps");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Flow Flow(int latent, int context, Rng rng) =>
        Flows.Flow.Sylvester(latent, Maps, Math.Min(Units, latent), Units, rng, context);
}

/// <summary>Settings of a flow of inverse autoregressive maps.</summary>
public sealed record InverseAutoregressivePosteriorSettings : FlowSettings
{
    /// <summary>Settings with the default number of maps.</summary>
    public InverseAutoregressivePosteriorSettings() => Maps = 2;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Of<InverseAutoregressivePosteriorSettings>(
        "iaf", "inverse autoregressive maps");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Flow Flow(int latent, int context, Rng rng) =>
        Flows.Flow.InverseAutoregressive(latent, Maps, [FlowSettings.Width], rng, context);
}

/// <summary>Settings of a flow of affine coupling maps.</summary>
public sealed record CouplingPosteriorSettings : FlowSettings
{
    /// <summary>Settings with the default number of maps.</summary>
    public CouplingPosteriorSettings() => Maps = 4;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Of<CouplingPosteriorSettings>("coupling", "affine coupling maps");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override int SmallestLatent => 2;

    /// <inheritdoc/>
    public override Flow Flow(int latent, int context, Rng rng) =>
        Flows.Flow.Coupling(latent, Maps, [FlowSettings.Width], rng, context);
}

/// <summary>Settings of a flow of rational-quadratic spline coupling maps.</summary>
public sealed record SplinePosteriorSettings : FlowSettings
{
    /// <summary>Settings with the default number of maps.</summary>
    public SplinePosteriorSettings() => Maps = 2;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Of<SplinePosteriorSettings>(
        "spline", "rational-quadratic spline coupling maps");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override int SmallestLatent => 2;

    /// <inheritdoc/>
    public override Flow Flow(int latent, int context, Rng rng) =>
        Flows.Flow.Spline(latent, Maps, [FlowSettings.Width], rng, context);
}

/// <summary>Settings of a flow of block neural autoregressive maps.</summary>
public sealed record BlockNeuralPosteriorSettings : FlowSettings
{
    // Hidden units of each element.
    private const int Units = 8;

    /// <summary>Settings with the default number of maps.</summary>
    public BlockNeuralPosteriorSettings() => Maps = 1;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Of<BlockNeuralPosteriorSettings>(
        "bnaf", "block neural autoregressive maps");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Flow Flow(int latent, int context, Rng rng) =>
        Flows.Flow.BlockNeuralAutoregressive(latent, Maps, [Units], rng, context);
}

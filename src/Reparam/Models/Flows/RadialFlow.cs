using Reparam.Configuration;
using Reparam.Distributions.Bijectors;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>
/// A chain of radial maps (<see cref="Radial"/>; Rezende and Mohamed 2015): each moves mass to or from a centre, a
/// vector of the latents' length. Its D + 2 free numbers are parameters, or linear functions of the context.
/// </summary>
public sealed class RadialFlow : Flow
{
    // The map is near the identity where a and b are near each other.
    private const double Start = 0.03;

    private readonly FreeNumbers[] _layers;

    /// <summary>Of vectors of a length.</summary>
    /// <param name="size">D, the length of the vectors.</param>
    /// <param name="layers">The number of maps.</param>
    /// <param name="rng">Source of the first free numbers.</param>
    /// <param name="context">The length of what steers the maps; 0 for nothing.</param>
    /// <param name="dtype">Element type.</param>
    public RadialFlow(int size, int layers, Rng rng, int context = 0, DType dtype = DType.Float32)
        : base(size, context)
    {
        ArgumentNullException.ThrowIfNull(rng);
        RequireLayers(layers);
        _layers = [.. Enumerable.Range(0, layers).Select(i => Child(
            FormattableString.Invariant($"{i}"),
            new FreeNumbers(size + 2, context, rng.Split((uint)i), dtype, Start)))];
    }

    /// <inheritdoc/>
    public override Bijector Map(Tensor? context = null)
    {
        context = Checked(context);
        return new Chain([.. _layers.Select(layer =>
        {
            Tensor free = layer.Given(context);
            Shape leading = free.Shape[..^1];
            return new Radial(free.Slice(^1, 0, Size), free.Slice(^1, Size, 1).Reshape(leading),
                free.Slice(^1, Size + 1, 1).Reshape(leading));
        })]);
    }
}

/// <summary>Settings of a flow of radial maps.</summary>
public sealed record RadialPosteriorSettings : FlowSettings
{
    /// <summary>With the default number of maps.</summary>
    public RadialPosteriorSettings() => Maps = 10;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Of<RadialPosteriorSettings>("radial", "radial maps");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Flow Flow(int latent, int context, Rng rng) => new RadialFlow(latent, Maps, rng, context);
}

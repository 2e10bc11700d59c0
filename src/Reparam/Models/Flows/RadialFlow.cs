using Reparam.Configuration;
using Reparam.Distributions.Bijectors;
using Reparam.Tensors;

namespace Reparam.Models.Flows;

/// <summary>
/// A chain of radial maps (<see cref="Radial"/>; Rezende and Mohamed 2015). Each map moves mass towards a centre or
/// away from it; the centre is a vector of length D. The D + 2 numbers of a map are parameters, or linear functions of
/// the context.
/// </summary>
public sealed class RadialFlow : Flow
{
    // The standard deviation of the initial numbers. The map is near the identity where a and b are nearly equal.
    private const double Start = 0.03;

    private readonly FreeNumbers[] _layers;

    /// <summary>A flow of vectors of length <paramref name="size"/>.</summary>
    /// <param name="size">D, the length of the vectors.</param>
    /// <param name="layers">The number of maps.</param>
    /// <param name="rng">Source of the initial numbers.</param>
    /// <param name="context">C, the length of the context that the maps depend on; 0 for no context.</param>
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
    /// <summary>Settings with the default number of maps.</summary>
    public RadialPosteriorSettings() => Maps = 10;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Of<RadialPosteriorSettings>("radial", "radial maps");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Flow Flow(int latent, int context, Rng rng) => new RadialFlow(latent, Maps, rng, context);
}

using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings that make a <see cref="Likelihood"/>.</summary>
public abstract record LikelihoodSettings : Settings
{
    /// <summary>Makes the likelihood.</summary>
    public abstract Likelihood Make();

    /// <summary>The layer that makes an encoder's inputs from data; null if the encoder takes the data as they
    /// are.</summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="rng">Source of the layer's weights.</param>
    public virtual EncoderInput? Input(Shape eventShape, Rng rng) => null;
}

/// <summary>
/// The default likelihood of the kind of data: Bernoulli for zeros, ones and grey levels, and a Gaussian with a learned
/// scale for other data. Until the data are known, it makes a Bernoulli likelihood.
/// </summary>
public sealed record AutomaticLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AutomaticLikelihoodSettings>(
        "auto", "chosen by the kind of data");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => Likelihood.Bernoulli;
}

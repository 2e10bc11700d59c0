using Reparam.Configuration;

namespace Reparam.Models;

/// <summary>Settings that make a <see cref="Likelihood"/>.</summary>
public abstract record LikelihoodSettings : Settings
{
    /// <summary>Makes the likelihood.</summary>
    public abstract Likelihood Make();
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

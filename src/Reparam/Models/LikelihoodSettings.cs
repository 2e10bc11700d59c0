using Reparam.Configuration;

namespace Reparam.Models;

/// <summary>Settings that make a <see cref="Likelihood"/>.</summary>
public abstract record LikelihoodSettings : Settings
{
    /// <summary>The likelihood.</summary>
    public abstract Likelihood Make();
}

/// <summary>
/// The likelihood that goes with the kind of the data: Bernoulli for zeros, ones and grey levels, a Gaussian of learned
/// scale for others. Before data have settled it, Bernoulli.
/// </summary>
public sealed record AutomaticLikelihoodSettings : LikelihoodSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AutomaticLikelihoodSettings>(
        "auto", "the likelihood that goes with the kind of the data");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Likelihood Make() => Likelihood.Bernoulli;
}

using Reparam.Configuration;

namespace Reparam.Objectives;

/// <summary>Settings that make an <see cref="Objective"/>.</summary>
public abstract record ObjectiveSettings : Settings
{
    /// <summary>Draws of the latents for each data point.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Whether training maximises a bound. Early stopping and diagnostics can then use the bound.</summary>
    public virtual bool MaximizesBound => true;

    /// <summary>How gradients reach discrete latents; null if the objective has no such setting.</summary>
    public virtual DiscreteGradientSettings? DiscreteSettings => null;

    /// <summary>Makes the objective.</summary>
    public abstract Objective Make(ObjectiveParts parts);

    /// <summary>The setting of <see cref="Samples"/>.</summary>
    protected static Setting SamplesSetting { get; } = Setting.Whole<ObjectiveSettings>(
        "samples", s => s.Samples, (s, v) => s with { Samples = v },
        "latent draws for each data point (L of the ELBO, K of the IWAE bound)", 1, 100_000);
}

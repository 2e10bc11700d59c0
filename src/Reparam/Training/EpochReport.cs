using Reparam.Models;

namespace Reparam.Training;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">Steps taken since the start of the run.</param>
/// <param name="Train">Means over the epoch's training steps, while the parameters moved.</param>
/// <param name="Validation">Means over the validation set at the end of the epoch; null without one.</param>
/// <param name="ActiveUnits">Active latent dimensions at the end of the epoch, on the validation set or else on
/// training data.</param>
/// <param name="KLPerDimension">The KL of each latent dimension, on the same data.</param>
/// <param name="IsBest">Whether the validation bound is the best so far.</param>
/// <param name="ImagesPerSecond">Training data a second, validation not counted.</param>
/// <param name="Seconds">Time of the epoch's training steps in this process.</param>
public sealed record EpochReport(
    int Epoch, long Step, BoundMeans Train, BoundMeans? Validation, int ActiveUnits,
    IReadOnlyList<double> KLPerDimension, bool IsBest,
    double ImagesPerSecond, double Seconds)
{
    /// <summary>Where the KL goes, from at most <see cref="AggregatePosterior.MostData"/> of the same data; null where
    /// it cannot be told, as of flow posteriors.</summary>
    public AggregatePosterior? Aggregate { get; init; }

    /// <summary>The KL of each latent of a model, by name, on the same data as <see cref="KLPerDimension"/>.</summary>
    public IReadOnlyList<(string Name, double KL)> KLByLatent { get; init; } = [];

    /// <summary>KL(q || prior) of the model's own weights at the end of the epoch, one training datum's share of it,
    /// which the bound pays beside the latents' KL; null where the weights are points.</summary>
    public double? WeightsKL { get; init; }
}

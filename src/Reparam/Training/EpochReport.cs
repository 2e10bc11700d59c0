using Reparam.Models;

namespace Reparam.Training;

/// <summary>The results of one epoch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">Steps taken since the start of the run.</param>
/// <param name="Train">Means over the training steps of the epoch, during which the parameters change.</param>
/// <param name="Validation">Means over the validation set at the end of the epoch; null without a validation
/// set.</param>
/// <param name="ActiveUnits">Number of active latent dimensions at the end of the epoch, measured on the validation
/// set, or on training data if there is no validation set.</param>
/// <param name="KLPerDimension">The KL of each latent dimension, on the same data.</param>
/// <param name="IsBest">Whether the validation bound is the best so far.</param>
/// <param name="ImagesPerSecond">Training data per second, without the time of validation.</param>
/// <param name="Seconds">Time of the epoch's training steps in this process.</param>
public sealed record EpochReport(
    int Epoch, long Step, BoundMeans Train, BoundMeans? Validation, int ActiveUnits,
    IReadOnlyList<double> KLPerDimension, bool IsBest,
    double ImagesPerSecond, double Seconds)
{
    /// <summary>How the KL divides into its parts, from at most <see cref="AggregatePosterior.MostData"/> of the same
    /// data; null if it cannot be estimated, for example with flow posteriors.</summary>
    public AggregatePosterior? Aggregate { get; init; }

    /// <summary>The KL of each latent of a model, by name, on the same data as <see cref="KLPerDimension"/>.</summary>
    public IReadOnlyList<(string Name, double KL)> KLByLatent { get; init; } = [];

    /// <summary>KL(q || prior) of the model's weights at the end of the epoch, divided by the number of training data.
    /// The bound subtracts it in addition to the KL of the latents. Null if the weights are points.</summary>
    public double? WeightsKL { get; init; }
}

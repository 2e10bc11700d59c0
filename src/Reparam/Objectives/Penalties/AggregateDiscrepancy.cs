using System.Globalization;
using Reparam.Distributions.Divergences;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Penalties;

/// <summary>
/// A weight on the squared maximum mean discrepancy between the codes of a batch, one draw for each datum, and as many draws of the prior. With the KL's weight 0 it is the Wasserstein autoencoder of Tolstikhin et al. (2018); with a KL
/// of weight 1 - alpha and a weight alpha + lambda - 1 here, the InfoVAE of Zhao, Song and Ermon (2019). No gradient reaches a prior through its draws: it is for priors without parameters.
/// </summary>
public sealed class AggregateDiscrepancy : Penalty
{
    private readonly double _weight, _bandwidth;
    private readonly DiscrepancyKernel _kernel;

    /// <summary>With a weight and a kernel.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="kernel">The kernel; the inverse multiquadratic one by default.</param>
    /// <param name="bandwidth">The kernel's width, in standard deviations of the prior.</param>
    public AggregateDiscrepancy(double weight, DiscrepancyKernel kernel = DiscrepancyKernel.InverseMultiquadratic, double bandwidth = 1)
    {
        _weight = Weight(weight, nameof(weight));
        _kernel = kernel;
        _bandwidth = bandwidth > 0 && double.IsFinite(bandwidth) ? bandwidth : throw new ArgumentOutOfRangeException(nameof(bandwidth), bandwidth, "The width of a kernel is positive and finite.");
    }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"MMD x {_weight}, {(_kernel == DiscrepancyKernel.Gaussian ? "Gaussian" : "inverse multiquadratic")} kernel of width {_bandwidth}");

    /// <summary>The discrepancy is not negative; its unbiased estimate on a batch may be.</summary>
    public override bool IsNonNegative => true;

    /// <inheritdoc/>
    public override bool NeedsPath => true;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The draws were made elsewhere than by <see cref="LatentTerm.Draw"/>.</exception>
    public override Tensor Evaluate(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        // A batch of one has no pair to compare.
        if (pass.Count < 2) return Tensor.Zeros([], pass.LogLikelihood.DType);
        Tensor codes = Codes(pass), prior = PriorCodes(pass);
        return (_kernel == DiscrepancyKernel.Gaussian ? MaximumMeanDiscrepancy.Gaussian(codes, prior, _bandwidth) : MaximumMeanDiscrepancy.InverseMultiquadratic(codes, prior, _bandwidth)) * _weight;
    }
}

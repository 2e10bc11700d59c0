using System.Globalization;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Penalties;

/// <summary>
/// A penalty on the difference between the covariance of the aggregate posterior and that of N(0, I) (DIP-VAE: Kumar,
/// Sattigeri and Balakrishnan 2018): off_diagonal sum_{i != j} C_ij^2 + diagonal sum_i (C_ii - 1)^2. In DIP-VAE I, C is
/// the covariance of the posterior means over the batch. In DIP-VAE II, the mean posterior variances are added to the
/// diagonal of C.
/// </summary>
public sealed class DisentangledInferredPrior : Penalty
{
    private readonly double _offDiagonal, _diagonal;
    private readonly bool _wholePosterior;

    /// <summary>The penalty with its two weights.</summary>
    /// <param name="offDiagonal">The weight off the diagonal, lambda_od in the paper.</param>
    /// <param name="diagonal">The weight on the diagonal, lambda_d in the paper.</param>
    /// <param name="wholePosterior">Whether C is the covariance of the draws (DIP-VAE II) instead of the covariance of
    /// the posterior means (DIP-VAE I).</param>
    public DisentangledInferredPrior(double offDiagonal, double diagonal, bool wholePosterior)
    {
        _offDiagonal = Weight(offDiagonal, nameof(offDiagonal));
        _diagonal = Weight(diagonal, nameof(diagonal));
        _wholePosterior = wholePosterior;
    }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture,
        $"DIP-VAE {(_wholePosterior ? "II" : "I")}, off-diagonal x {_offDiagonal}, diagonal x {_diagonal}");

    /// <inheritdoc/>
    public override bool IsNonNegative => true;

    /// <inheritdoc/>
    public override bool ComparesData => true;

    /// <inheritdoc/>
    public override bool NeedsPath => false;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A posterior has no mean or variance in closed form, or its support is
    /// neither an interval nor a point. For DIP-VAE II also: the variables of a posterior are not
    /// independent.</exception>
    public override Tensor Evaluate(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        foreach (LatentTerm latent in pass.Latents)
        {
            latent.RequireUnconditional("the covariance of its means");
            if (latent.Posterior.Support.Kind is not (SupportKind.Interval or SupportKind.Point))
            {
                string codes = latent.Posterior.Support.Kind == SupportKind.Sphere ? "on the unit sphere" : "discrete";
                throw new NotSupportedException("A DIP-VAE pulls the covariance of codes towards that of N(0, I), " +
                    $"and the codes of latent '{latent.Name}' are {codes}: use real latents.");
            }
        }

        if (_wholePosterior && pass.Latents.FirstOrDefault(
            l => l.Posterior is not (DiagonalNormal or Independent or ReparameterizedIndependent)) is { } correlated)
        {
            throw new NotSupportedException(
                "DIP-VAE II adds posterior variances to the covariance of the means, and the variables of latent " +
                $"'{correlated.Name}' are not independent: its posterior is a {correlated.Posterior.GetType().Name}.");
        }

        Tensor mean = Tensor.Concat(^1, [.. pass.Latents.Select(l => l.Flat(l.Posterior.Mean))]);
        int count = mean.Shape[0], size = mean.Shape[1];
        Tensor centred = mean - mean.Mean(0);
        Tensor covariance = Tensor.MatMul(centred, centred, transposeA: true) / count;
        Tensor eye = Tensor.Eye(size, mean.DType);
        if (_wholePosterior)
            covariance += eye * Tensor.Concat(^1, [.. pass.Latents.Select(l => l.Flat(l.Posterior.Variance))]).Mean(0);
        return (covariance * (1 - eye)).Square().Sum() * _offDiagonal + ((covariance - 1) * eye).Square()
            .Sum() * _diagonal;
    }
}

/// <summary>Settings of an ELBO with a <see cref="DisentangledInferredPrior"/> on the covariance of the posterior means
/// (DIP-VAE-I, Kumar et al. 2018).</summary>
public sealed record DipVaeOneSettings : BoundSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<DipVaeOneSettings>(
        "dip-vae-i", "the ELBO with a penalty that pulls the covariance of the codes' means towards I",
        [
            .. OfDraws, BetaSetting, .. OfKL,
            Setting.Real<DipVaeOneSettings>("penalty", s => s.Penalty, (s, v) => s with { Penalty = v },
                "weight off the diagonal; the weight on the diagonal is ten times as large", Bounds.NonNegative),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The weight off the diagonal; the weight on the diagonal is ten times as large.</summary>
    public double Penalty { get; init; } = 10;

    /// <inheritdoc/>
    public override Elbo Make(ObjectiveParts parts) =>
        Bound(parts, new DisentangledInferredPrior(Penalty, 10 * Penalty, wholePosterior: false));
}

/// <summary>Settings of an ELBO with a <see cref="DisentangledInferredPrior"/> on the covariance of the draws
/// (DIP-VAE-II, Kumar et al. 2018).</summary>
public sealed record DipVaeTwoSettings : BoundSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<DipVaeTwoSettings>(
        "dip-vae-ii", "the ELBO with a penalty that pulls the covariance of the codes towards I",
        [
            .. OfDraws, BetaSetting, .. OfKL,
            Setting.Real<DipVaeTwoSettings>("penalty", s => s.Penalty, (s, v) => s with { Penalty = v },
                "weight off the diagonal and on the diagonal", Bounds.NonNegative),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The weight off the diagonal and on the diagonal.</summary>
    public double Penalty { get; init; } = 10;

    /// <inheritdoc/>
    public override Elbo Make(ObjectiveParts parts) =>
        Bound(parts, new DisentangledInferredPrior(Penalty, Penalty, wholePosterior: true));
}

using System.Globalization;
using Reparam.Configuration;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives.Penalties;

/// <summary>
/// A discriminator d distinguishes draws of the prior from codes, and the encoder is trained so that the discriminator
/// takes its codes for draws of the prior. The aggregate posterior then approaches the prior (adversarial autoencoder:
/// Makhzani et al. 2015; WAE-GAN: Tolstikhin et al. 2018). The penalty is weight times the mean of softplus(-d(z)),
/// which is -log of the probability that the discriminator gives to z being a draw of the prior.
/// </summary>
public sealed class AdversarialPrior : Penalty
{
    private readonly Discriminator _discriminator;
    private readonly double _weight;

    /// <summary>The penalty with a weight and a discriminator of codes.</summary>
    public AdversarialPrior(double weight, Discriminator discriminator)
    {
        ArgumentNullException.ThrowIfNull(discriminator);
        (_weight, _discriminator) = (Weight(weight, nameof(weight)), discriminator);
    }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"adversarial prior x {_weight}");

    /// <inheritdoc/>
    public override bool IsNonNegative => true;

    /// <inheritdoc/>
    public override bool SamplesPrior => true;

    /// <inheritdoc/>
    public override bool NeedsPath => true;

    /// <inheritdoc/>
    public override Discriminator Adversary => _discriminator;

    /// <inheritdoc/>
    public override Tensor Evaluate(InferencePass pass) =>
        (-_discriminator.LogOdds(Codes(pass))).SoftPlus().Mean() * _weight;

    /// <inheritdoc/>
    public override Tensor AdversaryLoss(InferencePass pass) => _discriminator.Loss(PriorCodes(pass), Codes(pass));
}

/// <summary>Settings of an adversarial autoencoder (Makhzani et al. 2016): an <see cref="AdversarialPrior"/> instead of
/// the KL.</summary>
public sealed record AdversarialAutoencoderSettings : BoundSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AdversarialAutoencoderSettings>(
        "aae", "a discriminator pulls the distribution of the codes towards the prior, without a KL",
        [
            .. OfDraws,
            Setting.Real<AdversarialAutoencoderSettings>("penalty", s => s.Penalty, (s, v) => s with { Penalty = v },
                "weight of the discriminator", Bounds.NonNegative),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The weight of the discriminator.</summary>
    public double Penalty { get; init; } = 10;

    /// <inheritdoc/>
    public override bool MaximizesBound => false;

    /// <inheritdoc/>
    public override Elbo Make(ObjectiveParts parts) =>
        Bound(parts, 0, new AdversarialPrior(Penalty, parts.Discriminator(parts.CodeSize)));
}

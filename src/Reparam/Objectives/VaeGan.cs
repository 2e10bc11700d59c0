using System.Globalization;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// VAE-GAN (Larsen, Sønderby, Larochelle and Winther 2016): how near a reconstruction is to its datum is measured in the last hidden layer of a discriminator between data and what the decoder makes, instead of in pixels. The encoder
/// minimises KL + L, the decoder gamma L + what it takes to deceive, the discriminator the error of telling data from reconstructions and from decoded draws of the prior. L = |f(x) - f(mean of p(x|z))|^2 / 2 is -log N(f(x); f, I) up to a constant.
/// </summary>
public sealed class VaeGan : Objective
{
    private readonly Discriminator _discriminator;

    /// <summary>With a discriminator of flattened data.</summary>
    public VaeGan(Discriminator discriminator)
    {
        ArgumentNullException.ThrowIfNull(discriminator);
        _discriminator = discriminator;
    }

    /// <summary>gamma, how much the decoder keeps to the datum against how much it deceives; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double Similarity
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A weight is finite and not negative.");
    } = 1;

    /// <summary>The weight of the KL by step; 1 by default.</summary>
    public Schedule Beta { get; init; } = 1;

    /// <inheritdoc/>
    public override int Samples => 1;

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"vae-gan (similarity {Similarity}, beta {Beta})");

    /// <inheritdoc/>
    public override Discriminator Adversary => _discriminator;

    /// <summary>No: data are not scored by a density at all. The evidence lower bound is reported beside.</summary>
    public override bool IsLowerBound(long step) => false;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model does not say what it decodes, its latents carry no gradient, or it has no KL in closed form.</exception>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (pass is not { Reconstructed: { } reconstructed, Data: { } data, Dream: { } dream }) throw new NotSupportedException("A VAE-GAN judges what a model decodes, which this one does not show: use a model of one layer of latents.");
        if (pass.Latents.Any(l => l.NeedsScore)) throw new NotSupportedException("A VAE-GAN passes its gradient through the draws, and latents without a pathwise gradient have none: use another DiscreteGradient, such as GumbelSoftmax.");
        Tensor kl = (pass.Latents[0].ClosedFormKL() ?? pass.Latents[0].LogPosterior - pass.Latents[0].Prior.LogProb(pass.Latents[0].Value)).Mean();
        Tensor real = Flat(data), decoded = Flat(reconstructed.Mean.Reshape(data.Shape)), dreamt = Flat(dream().Likelihood.Mean);
        (Tensor judged, Tensor features) = _discriminator.Judge(decoded);
        Tensor distance = (_discriminator.Judge(real).Features.Detach() - features).Square().Sum(^1).Mean() * 0.5;
        Tensor deceit = (-judged).SoftPlus().Mean() + (-_discriminator.LogOdds(dreamt)).SoftPlus().Mean();
        Tensor reconstruction = pass.LogLikelihood.Mean();
        // Data against both kinds of what is made, each kind half.
        Tensor adversary = (_discriminator.Loss(real, decoded) + _discriminator.Loss(real, dreamt)) * 0.5;
        // A learned prior is neither of the encoder nor of the decoder: it pays its KL beside the decoder's loss, which has none.
        return new ObjectiveValue(distance * Similarity + deceit + kl * Beta.At(step), reconstruction - kl, reconstruction, kl)
        {
            EncoderLoss = kl * Beta.At(step) + distance,
            AdversaryLoss = adversary,
        };
    }

    private static Tensor Flat(Tensor data) => data.Reshape([data.Shape[0], data.Shape[1..].Size]);
}

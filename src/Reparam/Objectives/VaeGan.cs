using System.Globalization;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// VAE-GAN (Larsen, Sønderby, Larochelle and Winther 2016). The distance between a reconstruction and its data point is
/// measured in the last hidden layer f of a discriminator, instead of in pixels. The discriminator distinguishes data
/// from the decoder's output. The distance is L = |f(x) - f(mean of p(x|z))|^2 / 2, which is -log N(f(x); f, I) up to a
/// constant. The encoder minimises beta KL + L. The decoder minimises gamma L plus an adversarial loss, which is small
/// if the discriminator takes the decoder's output for data. The discriminator minimises its classification error
/// between data and reconstructions, and between data and decoded draws of the prior.
/// </summary>
public sealed class VaeGan : Objective
{
    private readonly Discriminator _discriminator;

    /// <summary>A VAE-GAN with a discriminator of flattened data.</summary>
    public VaeGan(Discriminator discriminator)
    {
        ArgumentNullException.ThrowIfNull(discriminator);
        _discriminator = discriminator;
    }

    /// <summary>gamma, the weight of L in the decoder's loss relative to the adversarial loss; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Similarity
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A weight must be finite and not negative.");
    } = 1;

    /// <summary>The weight of the KL by step; 1 by default.</summary>
    public Schedule Beta { get; init; } = 1;

    /// <inheritdoc/>
    public override int Samples => 1;

    /// <inheritdoc/>
    public override string Name =>
        string.Create(CultureInfo.InvariantCulture, $"vae-gan (similarity {Similarity}, beta {Beta})");

    /// <inheritdoc/>
    public override bool DecodesPrior => true;

    /// <inheritdoc/>
    public override bool AveragesLikelihood => true;

    /// <inheritdoc/>
    public override bool ScoresData => false;

    /// <inheritdoc/>
    public override Discriminator Adversary => _discriminator;

    /// <summary>Never: the loss does not contain a density of the data. The evidence lower bound is still
    /// reported.</summary>
    public override bool IsLowerBound(long step) => false;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The pass does not contain the reconstruction, the data or generated
    /// data; or the draws of a latent carry no gradient; or the model's weights are uncertain; or the model adds its
    /// own term to the loss.</exception>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        pass.RequireLatentsAlone("A VAE-GAN");
        if (pass is not { Reconstructed: { } reconstructed, Data: { } data, Dream: { } dream })
        {
            throw new NotSupportedException("A VAE-GAN compares the model's decoded output with data, and this model " +
                "does not provide its decoded output: use a model with one layer of latents.");
        }

        if (pass.Latents.FirstOrDefault(l => l.Posterior is not ReparameterizedDistribution) is { } without)
        {
            throw new NotSupportedException("A VAE-GAN passes its gradient through exact draws, and the draws of " +
                $"latent '{without.Name}' carry no gradient: use real latents.");
        }

        Tensor kl = (pass.Latents[0].ClosedFormKL()
            ?? pass.Latents[0].LogPosterior - pass.Latents[0].Prior.LogProb(pass.Latents[0].Value)).Mean();
        Tensor real = Flat(data), decoded = Flat(reconstructed.Mean.Reshape(data.Shape)),
            dreamt = Flat(dream().Likelihood.Mean);
        (Tensor judged, Tensor features) = _discriminator.Judge(decoded);
        Tensor distance = (_discriminator.Judge(real).Features.Detach() - features).Square().Sum(^1).Mean() * 0.5;
        Tensor deceit = (-judged).SoftPlus().Mean() + (-_discriminator.LogOdds(dreamt)).SoftPlus().Mean();
        Tensor reconstruction = pass.LogLikelihood.Mean();
        // Data against reconstructions and data against decoded draws of the prior, each with weight one half.
        Tensor adversary = (_discriminator.Loss(real, decoded) + _discriminator.Loss(real, dreamt)) * 0.5;
        // A learned prior belongs neither to the encoder nor to the decoder. Its parameters train with this loss, which
        // therefore includes the KL; the decoder has no gradient from the KL.
        return new ObjectiveValue(
            distance * Similarity + deceit + kl * Beta.At(step), reconstruction - kl, reconstruction, kl)
        {
            EncoderLoss = kl * Beta.At(step) + distance,
            AdversaryLoss = adversary,
        };
    }

    private static Tensor Flat(Tensor data) => data.Reshape([data.Shape[0], data.Shape[1..].Size]);
}

/// <summary>Settings of a <see cref="VaeGan"/>.</summary>
public sealed record VaeGanSettings : ObjectiveSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<VaeGanSettings>(
        "vae-gan", "similarity in the features of a discriminator instead of the likelihood",
        Setting.Real<VaeGanSettings>(
            "similarity", s => s.Similarity, (s, v) => s with { Similarity = v },
            "weight of the similarity to the data point in the decoder's loss", Bounds.NonNegative),
        Setting.Real<VaeGanSettings>(
            "beta", s => s.Beta, (s, v) => s with { Beta = v }, "final weight of the KL", Bounds.NonNegative),
        Setting.Whole<VaeGanSettings>(
            "warmup_steps", s => s.WarmupSteps, (s, v) => s with { WarmupSteps = v },
            "steps over which beta rises from 0").WithFlag("--warmup"),
        Setting.Whole<VaeGanSettings>(
            "cycle_steps", s => s.CycleSteps, (s, v) => s with { CycleSteps = v },
            "steps in one cycle of cyclical annealing").WithFlag("--cycle"));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The weight of the similarity to the data point in the decoder's loss.</summary>
    public double Similarity { get; init; } = 1;

    /// <summary>The final weight of the KL.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>Steps over which beta rises linearly from 0; 0 for no warm-up.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>Steps in one cycle of cyclical annealing; beta rises over the first half of each cycle. 0 for no
    /// cycles.</summary>
    public long CycleSteps { get; init; }

    /// <inheritdoc/>
    public override bool MaximizesBound => false;

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (WarmupSteps > 0 && CycleSteps > 0)
        {
            throw new InvalidConfigException(
                "objective.warmup_steps and objective.cycle_steps exclude each other; set one to 0.");
        }
    }

    /// <inheritdoc/>
    public override VaeGan Make(ObjectiveParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new VaeGan(parts.Discriminator(parts.EventShape.Size))
        {
            Similarity = Similarity,
            Beta = BoundSettings.Annealed(Beta, WarmupSteps, CycleSteps),
        };
    }
}

using System.Globalization;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// VAE-GAN (Larsen, Sønderby, Larochelle and Winther 2016): how near a reconstruction is to its datum is measured in
/// the last hidden layer of a discriminator between data and what the decoder makes, instead of in pixels. The encoder
/// minimises KL + L, the decoder gamma L + what it takes to deceive, the discriminator the error of telling data from
/// reconstructions and from decoded draws of the prior. L = |f(x) - f(mean of p(x|z))|^2 / 2 is -log N(f(x); f, I) up
/// to a constant.
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
        init => field = value >= 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A weight is finite and not negative.");
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

    /// <summary>No: data are not scored by a density at all. The evidence lower bound is reported beside.</summary>
    public override bool IsLowerBound(long step) => false;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model does not say what it decodes, its latents carry no gradient,
    /// or it has no KL in closed form.</exception>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        pass.RequireLatentsAlone("A VAE-GAN");
        if (pass is not { Reconstructed: { } reconstructed, Data: { } data, Dream: { } dream })
        {
            throw new NotSupportedException("A VAE-GAN judges what a model decodes, which this one does not show: " +
                "use a model of one layer of latents.");
        }

        if (pass.Latents.FirstOrDefault(l => l.Posterior is not ReparameterizedDistribution) is { } without)
        {
            throw new NotSupportedException("A VAE-GAN passes its gradient through exact draws, and those of latent " +
                $"'{without.Name}' have none of their own: use real latents.");
        }

        Tensor kl = (pass.Latents[0].ClosedFormKL()
            ?? pass.Latents[0].LogPosterior - pass.Latents[0].Prior.LogProb(pass.Latents[0].Value)).Mean();
        Tensor real = Flat(data), decoded = Flat(reconstructed.Mean.Reshape(data.Shape)),
            dreamt = Flat(dream().Likelihood.Mean);
        (Tensor judged, Tensor features) = _discriminator.Judge(decoded);
        Tensor distance = (_discriminator.Judge(real).Features.Detach() - features).Square().Sum(^1).Mean() * 0.5;
        Tensor deceit = (-judged).SoftPlus().Mean() + (-_discriminator.LogOdds(dreamt)).SoftPlus().Mean();
        Tensor reconstruction = pass.LogLikelihood.Mean();
        // Data against both kinds of what is made, each kind half.
        Tensor adversary = (_discriminator.Loss(real, decoded) + _discriminator.Loss(real, dreamt)) * 0.5;
        // A learned prior is neither of the encoder nor of the decoder: it pays its KL beside the decoder's loss, which
        // has none.
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
        "vae-gan", "likeness in a discriminator's features in place of the likelihood",
        Setting.Real<VaeGanSettings>(
            "similarity", s => s.Similarity, (s, v) => s with { Similarity = v },
            "weight of the likeness to the datum for the decoder", Bounds.NonNegative),
        Setting.Real<VaeGanSettings>(
            "beta", s => s.Beta, (s, v) => s with { Beta = v }, "final weight of the KL", Bounds.NonNegative),
        Setting.Whole<VaeGanSettings>(
            "warmup_steps", s => s.WarmupSteps, (s, v) => s with { WarmupSteps = v },
            "steps over which beta rises from 0").WithFlag("--warmup"),
        Setting.Whole<VaeGanSettings>(
            "cycle_steps", s => s.CycleSteps, (s, v) => s with { CycleSteps = v },
            "steps in a cycle of cyclical annealing").WithFlag("--cycle"));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>What the likeness to the datum weighs for the decoder.</summary>
    public double Similarity { get; init; } = 1;

    /// <summary>The final weight of the KL.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>Steps over which beta rises linearly from 0; 0 for none.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>Steps in a cycle of cyclical annealing, half of them rising; 0 for none.</summary>
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

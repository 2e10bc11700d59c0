using Reparam.Configuration;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>Settings of a <see cref="LatentDiffusion"/>: a diffusion of the codes of an autoencoder that is already
/// trained.</summary>
public sealed record LatentDiffusionSettings : NoisySettings
{
    /// <summary>Settings with a multilayer perceptron.</summary>
    public LatentDiffusionSettings() =>
        Network = new MlpNetworkSettings { Hidden = [512, 512, 512], Activation = Activation.Silu };

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<LatentDiffusionSettings>(
        "latent-diffusion", "a diffusion of the codes of a trained autoencoder",
        [
            OfShape,
            Setting.Text<LatentDiffusionSettings>(
                "autoencoder_run", s => s.AutoencoderRun, (s, v) => s with { AutoencoderRun = v },
                "the run whose autoencoder makes the codes; the new run keeps a copy of its weights", "RUN")
                .WithFlag("--autoencoder"),
            Setting.Group<LatentDiffusionSettings, VaeSettings>(
                "autoencoder", s => s.Autoencoder, (s, v) => s with { Autoencoder = v },
                "the autoencoder; set from its run").WithFlag(null),
            OfNetwork, .. OfDiffusion, OfLikelihood,
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The folder of the run whose autoencoder makes the codes.</summary>
    public string AutoencoderRun { get; init; } = "";

    /// <summary>The settings of the autoencoder. A run takes them from <see cref="AutoencoderRun"/>.</summary>
    public VaeSettings Autoencoder { get; init; } = new();

    /// <summary>Whether the settings of the autoencoder are known.</summary>
    public bool HasAutoencoder => Autoencoder.EventShape.Count > 0;

    /// <inheritdoc/>
    public override Shape CodeShape => Autoencoder.CodeShape;

    /// <inheritdoc/>
    public override bool ScoresLevels => false;

    /// <inheritdoc/>
    public override string Description =>
        $"latent diffusion {DiffusionDescription}; autoencoder {Autoencoder.Description}";

    /// <inheritdoc/>
    public override LatentDiffusion Make(ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (!HasAutoencoder)
        {
            throw new InvalidConfigException("model.kind 'latent-diffusion' needs a trained autoencoder: set " +
                "model.autoencoder_run to the folder of its run.");
        }

        if (Autoencoder.Posterior.Family.Space != LatentSpace.Euclidean || Autoencoder.Context > 0
            || Autoencoder.Posterior.Family == PosteriorFamily.Point)
        {
            string condition = Autoencoder.Context > 0 ? " and a condition" : "";
            throw new InvalidConfigException($"The autoencoder of model.autoencoder_run has the posterior " +
                $"'{Autoencoder.Posterior.Word}'{condition}, and a diffusion of codes needs drawn real vectors " +
                "without a condition; train one with a normal posterior.");
        }

        Vae autoencoder = Autoencoder.Make(parts with { Weights = parts.Weights.Split("autoencoder") });
        return new LatentDiffusion(
            autoencoder, Diffusion(autoencoder.LatentShape, DiffusionEnd.Real, parts.Weights.Split("denoiser")));
    }
}

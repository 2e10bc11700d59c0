using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>Settings of a <see cref="DiffusionModel"/>. The likelihood is bernoulli for zeros and ones, logistic256 for
/// grey levels (<see cref="DiffusionEnd.Levels"/>), and gaussian-learned for real numbers.</summary>
public sealed record DiffusionSettings : NoisySettings
{
    /// <summary>Settings with a U-Net.</summary>
    public DiffusionSettings() => Network = new UNetNetworkSettings();

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<DiffusionSettings>(
        "diffusion", "a chain of latents with more and more noise, from the data to N(0, I)",
        [OfShape, OfNetwork, .. OfDiffusion, OfLikelihood]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Shape CodeShape => [Shape.Size];

    /// <inheritdoc/>
    public override string Description => $"diffusion {DiffusionDescription}";

    /// <inheritdoc/>
    public override DiffusionModel Make(ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return Diffusion(Shape, End(), parts.Weights.Split("denoiser"));
    }

    private DiffusionEnd End() => Likelihood switch
    {
        BernoulliLikelihoodSettings or AutomaticLikelihoodSettings => DiffusionEnd.Binary,
        DiscretizedLogisticLikelihoodSettings => DiffusionEnd.Levels,
        GaussianLearnedLikelihoodSettings => DiffusionEnd.Real,
        _ => throw new InvalidConfigException($"model.likelihood '{Likelihood.Word}' has parameters that a network " +
            "predicts or training learns, and a diffusion ends at the data themselves: set model.likelihood to " +
            "bernoulli for zeros and ones, to logistic256 for grey levels, or to gaussian-learned for real numbers."),
    };
}

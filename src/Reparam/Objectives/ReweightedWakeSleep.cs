using Reparam.Configuration;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// Reweighted wake-sleep (Bornschein and Bengio 2015; Le et al. 2019), its two wake phases; the sleep phase, which
/// gives q dreams to learn from as well, is not here (<see cref="WakeSleep"/> has it): the generative model maximises
/// the importance-weighted bound of its draws, the encoder the log-density of those draws weighted as the posterior
/// would weigh them, that is, it lowers KL(p(z|x) || q(z|x)). No gradient passes through a draw, so any latent will do,
/// discrete ones too. The encoder's gradient is biased and consistent in K.
/// </summary>
public sealed class ReweightedWakeSleep : Objective
{
    /// <summary>With <paramref name="samples"/> draws for each datum, two at least.</summary>
    public ReweightedWakeSleep(int samples)
    {
        // Of one draw the weight is 1 whatever it is worth.
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        Samples = samples;
    }

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <inheritdoc/>
    public override string Name => $"reweighted wake-sleep (samples {Samples})";

    /// <inheritdoc/>
    public override bool TrainsRecognitionApart => true;

    /// <summary>The importance-weighted bound that is reported, and that the generative model maximises, is
    /// one.</summary>
    public override bool IsLowerBound(long step) => true;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model's weights are uncertain.</exception>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        pass.RequireLatentsAlone("Reweighted wake-sleep");
        Tensor logWeights = pass.LogWeights;
        Tensor bound = (logWeights.LogSumExp(0) - PortableMath.Log(pass.Samples)).Mean();
        Tensor weights = logWeights.Detach().SoftMax(0);
        Tensor? score = null;
        foreach (LatentTerm latent in pass.Latents)
            score = score is null ? latent.DirectScore() : score + latent.DirectScore();
        Tensor reconstruction = pass.LogLikelihood.Mean();
        return new ObjectiveValue(-bound, bound, reconstruction, reconstruction - logWeights.Mean())
        {
            EncoderLoss = score is null ? null : -(weights * score).Sum(0).Mean(),
        };
    }
}

/// <summary>Settings of <see cref="ReweightedWakeSleep"/>.</summary>
public sealed record ReweightedWakeSleepSettings : ObjectiveSettings
{
    /// <summary>Five draws, as in the paper.</summary>
    public ReweightedWakeSleepSettings() => Samples = 5;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<ReweightedWakeSleepSettings>(
        "rws", "reweighted wake-sleep over several draws", SamplesSetting);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override void Require(string path = "")
    {
        base.Require(path);
        if (Samples < 2)
        {
            throw new InvalidConfigException(
                $"{path} 'rws' weighs draws against each other: set {path}.samples to 2 or more.");
        }
    }

    /// <inheritdoc/>
    public override ReweightedWakeSleep Make(ObjectiveParts parts) => new(Samples);
}

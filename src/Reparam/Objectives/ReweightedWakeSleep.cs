using Reparam.Configuration;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// Reweighted wake-sleep (Bornschein and Bengio 2015; Le et al. 2019) with its two wake phases. The sleep phase, in
/// which q also learns from generated data, is not included; <see cref="WakeSleep"/> has it. The generative model
/// maximises the importance-weighted bound of the draws. The encoder maximises the log-density of the draws, each
/// multiplied by its normalised importance weight; this reduces KL(p(z|x) || q(z|x)). No gradient passes through a
/// draw, so latents of any kind can be used, including discrete ones. The gradient of the encoder is biased and
/// consistent in K.
/// </summary>
public sealed class ReweightedWakeSleep : Objective
{
    /// <summary>The objective with <paramref name="samples"/> draws for each data point, at least two.</summary>
    public ReweightedWakeSleep(int samples)
    {
        // The normalised weight of a single draw is always 1.
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        Samples = samples;
    }

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <inheritdoc/>
    public override string Name => $"reweighted wake-sleep (samples {Samples})";

    /// <inheritdoc/>
    public override bool TrainsRecognitionApart => true;

    /// <summary>Always: the generative model maximises the importance-weighted bound, which is also reported.</summary>
    public override bool IsLowerBound(long step) => true;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model's weights are uncertain, or the model adds its own term to the
    /// loss, or a posterior is a point without a density.</exception>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        pass.RequireLatentsAlone("Reweighted wake-sleep");
        Tensor logWeights = pass.LogWeights;
        Tensor bound = (logWeights.LogSumExp(0) - PortableMath.Log(pass.Samples)).Mean();
        Tensor weights = logWeights.Detach().SoftMaxWeights(0);
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
                $"{path} 'rws' compares the weights of several draws: set {path}.samples to 2 or more.");
        }
    }

    /// <inheritdoc/>
    public override ReweightedWakeSleep Make(ObjectiveParts parts) => new(Samples);
}

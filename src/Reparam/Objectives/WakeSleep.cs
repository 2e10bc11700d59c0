using Reparam.Configuration;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// The wake-sleep algorithm (Hinton, Dayan, Frey and Neal 1995), which Kingma and Welling (2013) compare theirs with.
/// Awake, the generative model raises log p(x, z) at latents that q drew for real data; asleep, q raises log q(z|x) at
/// data that the generative model dreamt up. No gradient passes through a draw. The two losses are no gradient of one
/// quantity, and what q learns on dreams may not serve real data.
/// </summary>
public sealed class WakeSleep : Objective
{
    /// <inheritdoc/>
    public override int Samples => 1;

    /// <inheritdoc/>
    public override string Name => "wake-sleep";

    /// <inheritdoc/>
    public override bool TrainsRecognitionApart => true;

    /// <inheritdoc/>
    public override bool DecodesPrior => true;

    /// <summary>The evidence lower bound at q's draws, which the wake phase raises by the generative model, is
    /// one.</summary>
    public override bool IsLowerBound(long step) => true;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model does not dream, or its weights are uncertain.</exception>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        pass.RequireLatentsAlone("Wake-sleep");
        Dream dream = pass.Dream?.Invoke() ?? throw new NotSupportedException(
            "Wake-sleep needs a model that dreams of latents and data, which this one does not: use one layer or " +
            "several of latents, without a codebook or classes.");
        Tensor reconstruction = pass.LogLikelihood.Mean(), bound = pass.LogWeights.Mean();
        return new ObjectiveValue(-bound, bound, reconstruction, reconstruction - bound)
        {
            EncoderLoss = -dream.Recognize(dream.Draw()).Mean(),
        };
    }
}

/// <summary>Settings of <see cref="WakeSleep"/>: none.</summary>
public sealed record WakeSleepSettings : ObjectiveSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<WakeSleepSettings>(
        "wake-sleep", "q learns from what the model dreams");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override bool MaximizesBound => false;

    /// <inheritdoc/>
    public override WakeSleep Make(ObjectiveParts parts) => new();
}

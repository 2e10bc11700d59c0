using Reparam.Configuration;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// The wake-sleep algorithm (Hinton, Dayan, Frey and Neal 1995), with which Kingma and Welling (2013) compare their
/// method. In the wake phase the generative model maximises log p(x, z) at latents that q draws for real data. In the
/// sleep phase q maximises log q(z|x) at data that the generative model generates. No gradient passes through a draw.
/// The two gradients are not the gradient of one common quantity, and what q learns from generated data may be wrong
/// for real data.
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

    /// <summary>Always: in the wake phase the generative model maximises the evidence lower bound at the draws of
    /// q.</summary>
    public override bool IsLowerBound(long step) => true;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model does not generate latents and data for the sleep phase, or its
    /// weights are uncertain, or it adds its own term to the loss, or a posterior is a point without a
    /// density.</exception>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        pass.RequireLatentsAlone("Wake-sleep");
        Dream dream = pass.Dream?.Invoke() ?? throw new NotSupportedException(
            "Wake-sleep needs a model that generates latents and data, and this model does not: use a model with one " +
            "or several layers of latents, without a codebook or classes.");
        Tensor reconstruction = pass.LogLikelihood.Mean(), bound = pass.LogWeights.Mean();
        return new ObjectiveValue(-bound, bound, reconstruction, reconstruction - bound)
        {
            EncoderLoss = -dream.Recognize(dream.Draw()).Mean(),
        };
    }
}

/// <summary>Settings of <see cref="WakeSleep"/>; it has none.</summary>
public sealed record WakeSleepSettings : ObjectiveSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<WakeSleepSettings>(
        "wake-sleep", "q learns from data that the model generates");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override bool MaximizesBound => false;

    /// <inheritdoc/>
    public override WakeSleep Make(ObjectiveParts parts) => new();
}

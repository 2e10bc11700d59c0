// begin
using Reparam.Configuration;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/own-members.md, C# block 3.</summary>
internal static class OwnObjective;

// begin
/// <summary>The mean of log p(x, z) - log q(z|x) over draws: the ELBO with all of its KL sampled.</summary>
internal sealed class SampledBound(int samples) : Objective
{
    public override string Name => FormattableString.Invariant($"sampled bound (samples {samples})");

    public override int Samples => samples;

    public override bool AveragesLikelihood => true;

    public override bool IsLowerBound(long step) => true;

    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        pass.RequireLatentsAlone("The sampled bound");
        Tensor logWeights = pass.LogWeights, bound = logWeights.Mean(), reconstruction = pass.LogLikelihood.Mean(),
            loss = -bound;
        // For latents without a gradient through their draws: log q(z|x) times the value of the draw.
        if (DiscreteGradient.Score(pass, logWeights) is { } score) loss -= score.Mean();
        return new ObjectiveValue(loss, bound, reconstruction, reconstruction - bound);
    }
}

/// <summary>How a configuration asks for it: --objective sampled --samples 5.</summary>
internal sealed record SampledBoundSettings : ObjectiveSettings
{
    public static Kind Definition { get; } = Kind.Of<SampledBoundSettings>(
        "sampled", "the bound with its KL sampled", SamplesSetting);

    public override Kind Kind => Definition;

    public override SampledBound Make(ObjectiveParts parts) => new(Samples);
}
// end

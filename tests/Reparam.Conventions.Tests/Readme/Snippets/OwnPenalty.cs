// begin
using Reparam.Configuration;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Tensors;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/own-members.md, C# block 2.</summary>
internal static class OwnPenalty;

// begin
/// <summary>weight x the mean of |z|, which pulls codes towards 0.</summary>
internal sealed class Sparsity(double weight) : Penalty
{
    public override string Name => FormattableString.Invariant($"sparsity x {weight}");

    public override bool IsNonNegative => true;

    public override bool NeedsPath => true; // without a gradient through the draws it would do nothing

    public override Tensor Evaluate(InferencePass pass) => Codes(pass).Abs().Mean() * weight; // codes [B, Z]
}

/// <summary>How a configuration asks for the ELBO with it: --objective sparse --penalty 3.</summary>
internal sealed record SparsitySettings : BoundSettings
{
    public static Kind Definition { get; } = Kind.Of<SparsitySettings>(
        "sparse", "the bound with codes pulled towards 0",
        [
            .. OfDraws, BetaSetting, .. OfKL, // all that the ELBO has
            Setting.Real<SparsitySettings>("penalty", s => s.Penalty, (s, v) => s with { Penalty = v },
                "weight of the sparsity", Bounds.NonNegative),
        ]);

    public override Kind Kind => Definition;

    public double Penalty { get; init; } = 1;

    public override Elbo Make(ObjectiveParts parts) => Bound(parts, new Sparsity(Penalty));
}
// end

// begin
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/own-members.md, C# block 1.</summary>
internal static class OwnPrior;

// begin
/// <summary>p(z): independent Cauchy variables whose scale is learned.</summary>
internal sealed class CauchyPrior : Prior
{
    private readonly Parameter _logScale;

    public CauchyPrior(int latent) => _logScale = Own("log_scale", Tensor.Zeros([latent]));

    public override Distribution Distribution =>
        new Independent(new Cauchy(Tensor.Zeros(_logScale.Shape), _logScale.Value.Exp()), 1);
}

/// <summary>How a configuration asks for it: --prior cauchy.</summary>
internal sealed record CauchyPriorSettings : PriorSettings
{
    public static Kind Definition { get; } = Kind.Of<CauchyPriorSettings>(
        "cauchy", "Cauchy variables of learned scale");

    public override Kind Kind => Definition;

    public override Prior Make(PriorParts parts)
    {
        RequireRealVectors(parts);
        return new CauchyPrior(parts.Latent);
    }
}
// end

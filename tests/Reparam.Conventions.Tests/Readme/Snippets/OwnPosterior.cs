// begin
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/own-members.md, C# block 5.</summary>
internal static class OwnPosterior;

// begin
/// <summary>What the encoder's numbers mean: independent Laplace variables, a location and a log-scale each.</summary>
internal sealed class LaplaceFamily : PosteriorFamily
{
    public override string Name => "laplace";

    public override int Outputs(int latent) => checked(2 * latent);

    public override Prior Prior(int latent, DType dtype = DType.Float32) => new StandardNormalPrior(latent, dtype);

    protected override Distribution Read(Tensor raw, int latent)
    {
        (Tensor loc, Tensor logScale) = raw.Halves(^1);
        return new ReparameterizedIndependent(new Laplace(loc, logScale.Exp()), 1);
    }
}

/// <summary>How a configuration asks for it: --posterior laplace.</summary>
internal sealed record LaplacePosteriorSettings : PosteriorSettings
{
    private static readonly LaplaceFamily s_family = new();

    public static Kind Definition { get; } = Kind.Of<LaplacePosteriorSettings>(
        "laplace", "independent Laplace variables");

    public override Kind Kind => Definition;

    public override PosteriorFamily Family => s_family;
}
// end

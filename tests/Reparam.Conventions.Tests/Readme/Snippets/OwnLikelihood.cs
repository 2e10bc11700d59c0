// begin
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/own-members.md, C# block 4.</summary>
internal static class OwnLikelihood;

// begin
/// <summary>Real elements with Laplace noise of one learned scale: absolute errors in place of squares.</summary>
internal sealed class LaplaceLikelihood : Likelihood
{
    public override string Name => "laplace-learned";

    public override int OutputsPerElement => 1;

    public override bool IsDiscrete => false;

    public override bool IsBounded => false;

    public override bool LearnsScale => true;

    public override IReadOnlyList<(string Name, double Initial)> LearnedScalars => [("log_scale", 0)];

    // Training begins at the data's standard deviation, which is sqrt(2) scales.
    protected override double RawScale(double deviation) => PortableMath.Log(Math.Max(deviation, 1e-3) / Math.Sqrt(2));

    protected override Distribution Elements(Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned) =>
        new Laplace(Shaped(raw, eventShape), learned[0].Exp());
}

/// <summary>How a configuration asks for it: --likelihood laplace-learned.</summary>
internal sealed record LaplaceLikelihoodSettings : LikelihoodSettings
{
    public static Kind Definition { get; } = Kind.Of<LaplaceLikelihoodSettings>(
        "laplace-learned", "real numbers with Laplace noise of learned scale");

    public override Kind Kind => Definition;

    public override Likelihood Make() => new LaplaceLikelihood();
}
// end

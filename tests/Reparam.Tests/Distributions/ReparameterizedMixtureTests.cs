using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class NormalMixtureTests() : ReparameterizedContract<ReparameterizedMixture>(
    p => new ReparameterizedMixture(new Categorical(p["logits"]), new Normal(p["loc"], p["scale"])),
    "distributions/normal_mixture.json")
{
    /// <summary>With its noise held a draw stays with its component, so a difference quotient does not see the path
    /// between components.</summary>
    protected override bool MovesWithItsNoise => false;

    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1e-4, 1, 1e4 }
        select new Dictionary<string, Tensor>
        {
            ["logits"] = Tensor.From([-30.0, 0, 30], [1, 3]), ["loc"] = Tensor.From([-100.0, 0, 100], [1, 3]),
            ["scale"] = Tensor.Full([1, 3], scale, DType.Float64),
        };
}

public sealed class DiagonalNormalMixtureTests() : ReparameterizedContract<ReparameterizedMixture>(
    p => new ReparameterizedMixture(new Categorical(p["logits"]), new DiagonalNormal(p["loc"], p["scale"])),
    "distributions/diagonal_normal_mixture.json")
{
    /// <inheritdoc cref="NormalMixtureTests.MovesWithItsNoise"/>
    protected override bool MovesWithItsNoise => false;

    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1e-2, 1, 1e4 }
        select new Dictionary<string, Tensor>
        {
            ["logits"] = Tensor.From([-3.0, 0, 3], [1, 3]), ["loc"] = Tensor.From([-1.0, 0, 0, 1, 2, 1], [1, 3, 2]),
            ["scale"] = Tensor.Full([1, 3, 2], scale, DType.Float64),
        };

    [Fact]
    public void Mixtures_of_other_vectors_are_refused_with_advice() => Assert.Contains(
        "score function",
        Assert.Throws<NotSupportedException>(() => new ReparameterizedMixture(
            new Categorical(Tensor.Zeros([2])), new Dirichlet(Tensor.Ones([2, 3])))).Message, StringComparison.Ordinal);
}

using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class CategoricalTests()
    : DistributionContract<Categorical>(p => new Categorical(p["logits"]), "distributions/categorical.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1, 30, 1e3 }
        select new Dictionary<string, Tensor> { ["logits"] = Tensor.From([-scale, 0, scale], [1, 3]) };

    [Fact]
    public void Divergence_between_different_numbers_of_outcomes_counts_what_is_possible()
    {
        var two = new Categorical(Tensor.From([0.3, -0.2], [2]));
        var three = new Categorical(Tensor.From([0.5, 0.1, -1], [3]));
        var thirdRuledOut = new Categorical(Tensor.From([0.3, -0.2, double.NegativeInfinity], [3]));
        double expected = two.Probs.Doubles().Zip(two.Logits.Doubles(), three.Logits.Doubles()).Sum(
            x => x.First * (x.Second - x.Third));
        Close.Require(expected, KLDivergence.ClosedForm(two, three)!.Item(), 1e-14);
        Assert.Equal(0, KLDivergence.ClosedForm(thirdRuledOut, two)!.Item());
        Assert.Equal(double.PositiveInfinity, KLDivergence.ClosedForm(three, two)!.Item());
    }
}

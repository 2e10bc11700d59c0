using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class EmpiricalTests()
    : DistributionContract<Empirical>(p => new Empirical(p["values"], p["logits"]), "distributions/empirical.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from logit in new[] { -50, 0, 50 }
        select new Dictionary<string, Tensor>
        {
            ["values"] = Tensor.From([1e6, -1e6, 3, 4], [2, 2]), ["logits"] = Tensor.From([logit, 0, 0, logit], [2, 2]),
        };

    /// <summary>A value that moves is another value.</summary>
    protected override IReadOnlyCollection<string> WholeNumbers => ["values"];

    [Fact]
    public void Vectors_are_drawn_whole_in_proportion_to_how_often_they_are_there()
    {
        Tensor values = Tensor.From([1.0, 2, 3, 4, 1, 2, 5, 6], [4, 2]);
        var rows = new Empirical(values, eventAxes: 1);
        Assert.Equal(Shape.Create([2]), rows.EventShape);
        Close.Require([Math.Log(0.5), Math.Log(0.25), double.NegativeInfinity],
            rows.LogProb(Tensor.From([1.0, 2, 5, 6, 1, 4], [3, 2])).Doubles(), 1e-14);
        Close.Require(0.5 * Math.Log(2) + 0.5 * Math.Log(4), rows.Entropy().Item(), 1e-14);
        Tensor draws = rows.Sample(new Rng(1), [20_000]);
        Assert.True(rows.LogProb(draws).IsFinite());
        MonteCarlo.RequireMean(0.5, draws.Slice(^1, 0, 1).Doubles().Select(x => x == 1 ? 1.0 : 0), "share");
    }

    [Fact]
    public void No_values_and_misshapen_weights_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Empirical(Tensor.Zeros([0, 2])));
        Assert.Throws<ArgumentException>(() => new Empirical(Tensor.Zeros([3, 2]), Tensor.Zeros([3])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Empirical(Tensor.Zeros([3]), eventAxes: 1));
    }
}

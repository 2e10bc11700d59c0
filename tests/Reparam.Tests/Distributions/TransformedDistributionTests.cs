using Reparam.Distributions;
using Reparam.Distributions.Bijectors;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class TransformedDistributionTests
{
    private static readonly Tensor Loc = Tensor.From([0.3, -0.5, 1], [3]), Scale = Tensor.From([0.5, 1, 0.25], [3]);

    [Fact]
    public void Exponential_of_a_normal_is_the_log_normal()
    {
        var image = new TransformedDistribution(new Normal(Loc, Scale), new Exp());
        var direct = new LogNormal(Loc, Scale);
        Tensor x = GradientCheck.Values([5, 3], 0.1, 4);
        Close.Require(direct.LogProb(x).Doubles(), image.LogProb(x).Doubles(), 1e-13);
        Assert.Equal(direct.RSample(new Rng(3), [4]).Doubles(), image.RSample(new Rng(3), [4]).Doubles());
    }

    [Fact]
    public void Triangular_map_of_a_standard_normal_is_the_multivariate_normal()
    {
        Tensor tril = Tensor.From([0.5, 0, 0, -1, 2, 0, 0.3, 0.7, 1.5], [3, 3]);
        var image = new TransformedDistribution(
            DiagonalNormal.Standard(3, DType.Float64), new LowerTriangular(Loc, tril));
        Tensor x = GradientCheck.Values([7, 3], -2, 2);
        Close.Require(new MultivariateNormal(Loc, tril).LogProb(x).Doubles(), image.LogProb(x).Doubles(), 1e-12);
    }

    [Fact]
    public void Elementwise_distribution_joins_its_batch_for_a_map_of_vectors()
    {
        var map = new Planar(Loc, Scale, Tensor.Scalar(0.1, DType.Float64));
        var image = new TransformedDistribution(new Normal(Loc.BroadcastTo([2, 3]), Scale), map);
        Shape batch = [2], whole = [3];
        Assert.Equal(batch, image.BatchShape);
        Assert.Equal(whole, image.EventShape);
        (Tensor value, Tensor logProb) = image.RSampleWithLogProb(new Rng(2), [4]);
        Close.Require(image.LogProb(value).Doubles(), logProb.Doubles(), 1e-10);
        Assert.Throws<ArgumentException>(() => new TransformedDistribution(new Normal(Loc.Sum(), Scale.Sum()), map));
    }

    [Fact]
    public void Pathwise_gradients_reach_the_parameters_of_base_and_map() => GradientCheck.Require(
        p => new TransformedDistribution(new DiagonalNormal(p[0], p[1]),
            new Planar(p[2], p[3], Tensor.Scalar(0.1, DType.Float64))).RSample(new Rng(4), [3]),
        Loc, Scale, GradientCheck.Values([3], -1, 1, seed: 5), GradientCheck.Values([3], -1, 1, seed: 6));

    [Fact]
    public void Divergence_under_the_same_map_is_that_of_the_bases()
    {
        var map = new Planar(Loc, Scale, Tensor.Scalar(0.1, DType.Float64));
        DiagonalNormal q = new(Loc, Scale), p = DiagonalNormal.Standard(3, DType.Float64);
        Assert.Equal(KLDivergence.ClosedForm(q, p)!.Item(),
            KLDivergence.ClosedForm(new TransformedDistribution(q, map), new TransformedDistribution(p, map))!.Item());
        Assert.Null(KLDivergence.ClosedForm(new TransformedDistribution(q, map),
            new TransformedDistribution(p, new Planar(Loc, Scale, Tensor.Scalar(0.1, DType.Float64)))));
        double[] sampled = [.. Enumerable.Range(0, 40).Select(i => KLDivergence.MonteCarlo(
            new TransformedDistribution(q, map), new TransformedDistribution(p, map), new Rng((ulong)i), 500).Item())];
        MonteCarlo.RequireMean(KLDivergence.ClosedForm(q, p)!.Item(), sampled, "KL");
    }

    [Fact]
    public void Values_that_are_no_image_have_no_density()
    {
        var positive = new TransformedDistribution(new Normal(Loc, Scale), new Exp());
        foreach (double outside in new[] { -1.0, 0 })
        {
            Assert.All(positive.LogProb(Tensor.Full([3], outside, DType.Float64)).Doubles(),
                logProb => Assert.Equal(double.NegativeInfinity, logProb));
        }

        var vectors = new TransformedDistribution(new DiagonalNormal(Loc, Scale), new Sigmoid());
        Assert.Equal(double.NegativeInfinity, vectors.LogProb(Tensor.From([0.5, 0.5, 1], [3])).Item());
        Assert.True(vectors.LogProb(Tensor.From([0.5, 0.5, 0.9], [3])).IsFinite());
    }

    [Fact]
    public void Divergence_from_a_smaller_set_is_not_taken_for_infinite()
    {
        // The image may well lie in that set: only the map knows.
        var image = new TransformedDistribution(new Normal(Loc, Scale), new Exp());
        var same = new LogNormal(Loc, Scale);
        Assert.Null(KLDivergence.ClosedForm(image, same));
        Assert.Null(
            KLDivergence.ClosedForm(new ReparameterizedIndependent(image, 1), new ReparameterizedIndependent(same, 1)));
        Assert.Null(KLDivergence.ClosedForm(new Independent(image, 1), new Independent(same, 1)));
        KLResult sampled = KLDivergence.Between(image, same, new Rng(1), 10);
        Assert.Equal(KLMethod.MonteCarlo, sampled.Method);
        Close.Require([0, 0, 0], sampled.Value.Doubles(), 1e-12);
    }
}

using Reparam.Distributions;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Objectives;

public sealed class FreeBitsTests
{
    // Two data, two dimensions of scale 1: the KL of an element is loc^2 / 2, so the means by dimension are 0.25 and 1.
    // Kept: a static may be initialised inside a test's scope, which must not own it.
    private static readonly Tensor Loc = Tensor.From([0, 1, 1.0, Math.Sqrt(3)], [2, 2]).Keep();

    [Theory]
    [InlineData(0.1, 1.25)]
    [InlineData(0.5, 1.5)]
    [InlineData(2, 4)]
    public void PerDimension_pays_the_larger_of_the_floor_and_the_mean_KL(double nats, double paid) =>
        Assert.Equal(paid, Paid(FreeBits.PerDimension(nats)), 1e-14);

    [Theory]
    [InlineData(0.5, 1.25)]
    [InlineData(2, 2)]
    public void Total_pays_the_larger_of_the_floor_and_the_whole_mean_KL(double nats, double paid) =>
        Assert.Equal(paid, Paid(FreeBits.Total(nats)), 1e-14);

    [Fact]
    public void None_pays_the_KL_itself() => Assert.Equal(1.25, Paid(FreeBits.None), 1e-14);

    [Fact]
    public void Dimension_below_its_floor_gets_no_gradient_from_the_KL()
    {
        using var tape = new GradientTape();
        Gradients gradients = tape.Gradients(Loss(FreeBits.PerDimension(0.5)), [Loc]);
        // Dimension 0 has 0.25 < 0.5 nats; dimension 1 has the gradient loc / B.
        Close.Require([0, 0.5, 0, Math.Sqrt(3) / 2], gradients[0].Doubles(), 1e-14);
    }

    [Fact]
    public void Reported_KL_is_what_it_is_and_the_loss_is_still_a_bound()
    {
        var objective = new Elbo { FreeBits = FreeBits.PerDimension(2) };
        ObjectiveValue value = objective.Evaluate(Pass(), 0);
        Assert.Equal(1.25, value.KL.Item(), 1e-14);
        // What is maximised lies below the ELBO, which lies below log p(x).
        Assert.True(-value.Loss.Item() < value.Bound.Item());
        Assert.True(objective.IsLowerBound(0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Nats_are_non_negative_and_finite(double nats) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FreeBits.PerDimension(nats));

    [Fact]
    public void PerDimension_of_a_latent_without_components_is_refused_with_the_alternative()
    {
        var posterior = new Normal(Tensor.Zeros([2], DType.Float64), Tensor.Ones([2], DType.Float64));
        var pass = new InferencePass(Tensor.Zeros([1, 2], DType.Float64),
            [new LatentTerm("z", posterior, posterior, Tensor.Zeros([1, 2], DType.Float64))]);
        var problem = Assert.Throws<NotSupportedException>(
            () => new Elbo { FreeBits = FreeBits.PerDimension(1) }.Evaluate(pass, 0));
        Assert.Contains("FreeBits.Total", problem.Message, StringComparison.Ordinal);
    }

    private static double Paid(FreeBits freeBits)
    {
        using var scope = new TensorScope();
        return Loss(freeBits).Item();
    }

    private static Tensor Loss(FreeBits freeBits) => new Elbo { FreeBits = freeBits }.Evaluate(Pass(), 0).Loss;

    private static InferencePass Pass()
    {
        var posterior = new DiagonalNormal(Loc, Tensor.Ones([2, 2], DType.Float64));
        Tensor z = posterior.RSample(new Rng(1), [1]);
        return new InferencePass(Tensor.Zeros([1, 2], DType.Float64),
            [new LatentTerm("z", posterior, DiagonalNormal.Standard(2, DType.Float64), z)]);
    }
}

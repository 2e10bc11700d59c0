using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class DiagonalNormalTests()
    : ReparameterizedContract<DiagonalNormal>(p => new DiagonalNormal(p["loc"], p["scale"]), "diagonal_normal.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 1e4 }
        from scale in new[] { 1e-8, 1e8 }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Full([2, 3], loc, DType.Float64), ["scale"] = Tensor.Full([2, 3], scale, DType.Float64),
        };

    [Fact]
    public void Standard_is_the_unit_normal_without_a_batch()
    {
        DiagonalNormal standard = DiagonalNormal.Standard(3, DType.Float64);
        Assert.Equal(Shape.Scalar, standard.BatchShape);
        Assert.Equal([3], standard.EventShape);
        Close.Require(-1.5 * Math.Log(2 * Math.PI) - 0.5 * (1 + 4 + 9),
            standard.LogProb(Tensor.From([1.0, 2, 3], [3])).Item(), 1e-14);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Log_variance_between_minus_37_and_37_is_finite(DType dtype)
    {
        // exp(37) = 1e16: variances of the scales 1e-8 and 1e8.
        using var tape = new GradientTape();
        Tensor logVariance = Tensor.From([-37.0, 37.0], [1, 2]).To(dtype), loc = Tensor.Zeros([1, 2], dtype);
        DiagonalNormal q = DiagonalNormal.FromLogVariance(loc, logVariance);
        Tensor z = q.RSample(new Rng(1), [4]);
        Tensor kl = q.ComponentwiseKL(DiagonalNormal.Standard(2, dtype));
        Gradients gradients = tape.Gradients((kl.Sum() + q.LogProb(z).Sum()), [loc, logVariance]);
        Assert.True(z.IsFinite() && kl.IsFinite() && gradients[0].IsFinite() && gradients[1].IsFinite());
    }

    [Fact]
    public void Scalars_are_refused_in_words()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(
            () => new DiagonalNormal(Tensor.Zeros([]), Tensor.Ones([])));
        Assert.Contains("last axis", refusal.Message, StringComparison.Ordinal);
    }
}

using Reparam.Distributions;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;

namespace Reparam.Tests.Objectives.Estimators;

/// <summary>The two estimators for continuous variables on E|z - t|^2 under a normal, whose gradient is 2 (loc - t) by
/// loc and 2 scale by scale.</summary>
public sealed class PathwiseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public void Pathwise_has_far_less_variance_than_the_score_function_and_neither_is_biased(int dimensions)
    {
        Tensor loc = Tensor.Full([dimensions], 0.5, DType.Float64),
            scale = Tensor.Full([dimensions], 0.8, DType.Float64);
        Tensor[] exact =
            [Tensor.Full([dimensions], 2 * (0.5 - 1.5), DType.Float64), Tensor.Full([dimensions], 1.6, DType.Float64)];
        static Tensor F(Tensor z) => (z - 1.5).Square().Sum(^1);
        GradientStudy pathwise = GradientStudy.Measure(rng => new Pathwise().Estimate(
            new DiagonalNormal(loc, scale), F, rng), [loc, scale], exact, new Rng(7), 4000);
        GradientStudy score = GradientStudy.Measure(rng => new ScoreFunction().Estimate(
            new DiagonalNormal(loc, scale), F, rng), [loc, scale], exact, new Rng(8), 4000);
        // Of 200 components one is 4.8 standard errors off with probability 3e-4.
        Assert.True(pathwise.LargestDeviation < 4.8 && score.LargestDeviation < 4.8, $"{pathwise} {score}");
        // The score function multiplies its noise by f, which sums over all dimensions: the ratio grows like their
        // square.
        Assert.True(score.Variance / pathwise.Variance > 5 * dimensions, $"{score.Variance} over {pathwise.Variance}");
    }
}

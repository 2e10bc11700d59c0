using Reparam.Tensors;

namespace Reparam.Distributions.Divergences;

/// <summary>
/// The squared maximum mean discrepancy between two sets of draws, E k(x, x') + E k(y, y') - 2 E k(x, y) (Gretton et
/// al. 2012, lemma 6): 0 in expectation where both are of one distribution. The unbiased estimate, which may be
/// negative; differentiable in all draws.
/// </summary>
public static class MaximumMeanDiscrepancy
{
    /// <summary>With the kernel exp(-|x - y|^2 / (2 bandwidth^2)).</summary>
    /// <param name="x">[N, D], N at least 2.</param>
    /// <param name="y">[M, D], M at least 2.</param>
    /// <param name="bandwidth">The kernel's width, positive.</param>
    public static Tensor Gaussian(Tensor x, Tensor y, double bandwidth)
    {
        RequireBandwidth(bandwidth);
        return Between(x, y, square => (square * (-0.5 / (bandwidth * bandwidth))).Exp());
    }

    /// <summary>With the inverse multiquadratic kernel c / (c + |x - y|^2), c = 2 D bandwidth^2: heavier tails, so that
    /// far draws feel each other (Tolstikhin et al. 2018).</summary>
    /// <inheritdoc cref="Gaussian"/>
    public static Tensor InverseMultiquadratic(Tensor x, Tensor y, double bandwidth)
    {
        RequireBandwidth(bandwidth);
        ArgumentNullException.ThrowIfNull(x);
        double c = 2 * Math.Max(1, x.Rank > 0 ? x.Shape[^1] : 1) * bandwidth * bandwidth;
        return Between(x, y, square => c / (square + c));
    }

    private static Tensor Between(Tensor x, Tensor y, Func<Tensor, Tensor> kernel)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Rank != 2 || y.Rank != 2 || x.Shape[1] != y.Shape[1] || x.Shape[0] < 2 || y.Shape[0] < 2)
        {
            throw new ArgumentException(
                $"The discrepancy is between at least two draws [N, D] of each, got {x.Shape} and {y.Shape}.");
        }

        return Own(x) + Own(y) - kernel(Squares(x, y)).Mean() * 2;

        Tensor Own(Tensor draws)
        {
            // Without the pairs of a draw with itself, whose kernel is 1.
            int n = draws.Shape[0];
            return (kernel(Squares(draws, draws)) * (1 - Tensor.Eye(n, draws.DType))).Sum() / ((double)n * (n - 1));
        }
    }

    /// <summary>|x_i - y_j|^2, by differences: products would cancel.</summary>
    private static Tensor Squares(Tensor x, Tensor y) =>
        (x.Reshape([x.Shape[0], 1, x.Shape[1]]) - y.Reshape([1, y.Shape[0], y.Shape[1]])).Square().Sum(^1);

    private static void RequireBandwidth(double bandwidth)
    {
        if (!(bandwidth > 0) || !double.IsFinite(bandwidth))
        {
            throw new ArgumentOutOfRangeException(
                nameof(bandwidth), bandwidth, "The width of a kernel is positive and finite.");
        }
    }
}

using Reparam.Tensors;

namespace Reparam.Distributions.Divergences;

/// <summary>
/// The squared maximum mean discrepancy between two sets of draws, E k(x, x') + E k(y, y') - 2 E k(x, y) (Gretton et
/// al. 2012, lemma 6). Its expectation is 0 if both sets come from one distribution. This is the unbiased estimate,
/// which may be negative. It is differentiable in all draws.
/// </summary>
public static class MaximumMeanDiscrepancy
{
    /// <summary>The discrepancy with the kernel exp(-|x - y|^2 / (2 bandwidth^2)).</summary>
    /// <param name="x">The first set of draws, [N, D] with N at least 2.</param>
    /// <param name="y">The second set of draws, [M, D] with M at least 2.</param>
    /// <param name="bandwidth">The width of the kernel, positive and finite.</param>
    public static Tensor Gaussian(Tensor x, Tensor y, double bandwidth)
    {
        RequireBandwidth(bandwidth);
        return Between(x, y, square => (square * (-0.5 / (bandwidth * bandwidth))).Exp());
    }

    /// <summary>
    /// The discrepancy with the inverse multiquadratic kernel c / (c + |x - y|^2), c = 2 D bandwidth^2. The kernel has
    /// heavier tails than the Gaussian kernel, so that draws far from each other still affect each other (Tolstikhin et
    /// al. 2018).
    /// </summary>
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
                $"The discrepancy needs at least two draws of each set, [N, D], got {x.Shape} and {y.Shape}.");
        }

        return Own(x) + Own(y) - kernel(Squares(x, y)).Mean() * 2;

        Tensor Own(Tensor draws)
        {
            // The pairs of a draw with itself, whose kernel is 1, are excluded.
            int n = draws.Shape[0];
            return (kernel(Squares(draws, draws)) * (1 - Tensor.Eye(n, draws.DType))).Sum() / ((double)n * (n - 1));
        }
    }

    /// <summary>|x_i - y_j|^2, computed from differences, because a formula with products would cancel.</summary>
    private static Tensor Squares(Tensor x, Tensor y) =>
        (x.Reshape([x.Shape[0], 1, x.Shape[1]]) - y.Reshape([1, y.Shape[0], y.Shape[1]])).Square().Sum(^1);

    private static void RequireBandwidth(double bandwidth)
    {
        if (!(bandwidth > 0) || !double.IsFinite(bandwidth))
        {
            throw new ArgumentOutOfRangeException(
                nameof(bandwidth), bandwidth, "The bandwidth of the kernel must be positive and finite.");
        }
    }
}

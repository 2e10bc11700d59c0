using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class LKJCholeskyTests() : ReparameterizedContract<LKJCholesky>(
    p => new LKJCholesky(4, p["concentration"]), "distributions/lkj_cholesky.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from concentration in new[] { 0.1, 1, 1e5 }
        select new Dictionary<string, Tensor> { ["concentration"] = Tensor.Full([2], concentration, DType.Float64) };

    [Fact]
    public void Draws_are_factors_of_correlations_and_a_concentration_of_one_makes_a_single_one_uniform()
    {
        Tensor l = new LKJCholesky(5, Tensor.Full([3], 0.5, DType.Float64)).Sample(new Rng(1), [10]);
        Assert.Equal(l.Tril().Doubles(), l.Doubles());
        Assert.All(l.Square().Sum(^1).Doubles(), row => Assert.Equal(1, row, 1e-14));
        double[] r = new LKJCholesky(2, Tensor.Ones([], DType.Float64)).Sample(new Rng(2), [Ecdf.Draws]).Slice(
            ^2, 1, 1).Slice(^1, 0, 1).Doubles(), below = [.. r.Select(x => 0.5 * (1 + x))];
        Assert.True(Ecdf.Distance(r, below, below) < Ecdf.Threshold);
    }

    [Fact]
    public void A_factor_without_a_positive_diagonal_has_no_density() =>
        Assert.All(Make(DType.Float64).LogProb(-Tensor.Eye(4, DType.Float64)).Doubles(),
            logProb => Assert.Equal(double.NegativeInfinity, logProb));
}

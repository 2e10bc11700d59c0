using Reparam.Distributions;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Objectives.Penalties;

/// <summary>What the codes of a whole batch cost, beside definitions in plain loops.</summary>
public sealed class PenaltyTests
{
    private const int N = 6, Z = 2;

    private static readonly double[] Loc = [0.3, -1, 0.8, 0.1, -0.5, 0.9, 1.4, -0.2, 0, 0.6, -1.1, 0.4],
        Scale = [0.5, 0.7, 0.4, 0.9, 0.6, 0.5, 0.8, 0.3, 0.7, 0.6, 0.5, 0.4];

    private static InferencePass Pass(int[] data, ulong seed = 1, double shift = 0)
    {
        double[] Rows(double[] all, double add = 0) =>
            [.. data.SelectMany(i => all.AsSpan(i * Z, Z).ToArray()).Select(v => v + add)];
        var q = new DiagonalNormal(
            Tensor.From(Rows(Loc, shift), [data.Length, Z]), Tensor.From(Rows(Scale), [data.Length, Z]));
        return new InferencePass(Tensor.Zeros([1, data.Length], DType.Float64),
            [LatentTerm.Draw("z", q, DiagonalNormal.Standard(Z, DType.Float64), new Rng(seed), 1)]);
    }

    private static double Density(double z, int datum, int dimension)
    {
        double u = (z - Loc[datum * Z + dimension]) / Scale[datum * Z + dimension];
        return Math.Exp(-0.5 * u * u) / (Scale[datum * Z + dimension] * Math.Sqrt(2 * Math.PI));
    }

    [Fact]
    public void Stratified_weights_are_those_of_the_paper_on_the_diagonal_and_not_in_a_column()
    {
        // B = 4 = M + 1 of N = 10: own 1/10, one other (10 - 3) / 30, the rest 1/3; rows sum to 1.
        double[] weights = [.. new TotalCorrelation(10, 1).LogWeights(4, DType.Float64).Doubles().Select(Math.Exp)];
        double own = 0.1, next = 7.0 / 30, rest = 1.0 / 3;
        Close.Require([own, next, rest, rest, rest, own, next, rest, rest, rest, own, next, next, rest, rest, own],
            weights, 1e-12);
        Close.Require([.. Enumerable.Repeat(1 / 40.0, 16)], [.. new TotalCorrelation(10, 1,
            sampling: AggregateSampling.Weighted).LogWeights(4, DType.Float64).Doubles().Select(Math.Exp)], 1e-12);
        Close.Require(
            [1.0], [.. new TotalCorrelation(10, 1).LogWeights(1, DType.Float64).Doubles().Select(Math.Exp)], 1e-12);
    }

    [Fact]
    public void Stratified_sampling_estimates_the_aggregate_density_without_bias()
    {
        // Every ordered batch of 3 that begins with datum 0: the mean of sum_j w_0j q(z|x_j) is q(z), the mean over all
        // six data.
        double z = 0.37;
        double[] w = [.. new TotalCorrelation(N, 1).LogWeights(3, DType.Float64).Doubles().Select(Math.Exp)];
        List<double> estimates = [];
        for (int j = 1; j < N; j++)
        {
            for (int k = 1; k < N; k++)
            {
                if (j != k) estimates.Add(w[0] * Density(z, 0, 0) + w[1] * Density(z, j, 0) + w[2] * Density(z, k, 0));
            }
        }

        Close.Require(Enumerable.Range(0, N).Average(i => Density(z, i, 0)), estimates.Average(), 1e-14);
    }

    [Theory]
    [InlineData(AggregateSampling.Stratified)]
    [InlineData(AggregateSampling.Weighted)]
    public void Total_correlation_and_mutual_information_are_sums_of_weighted_densities(AggregateSampling sampling)
    {
        int[] data = [4, 0, 2];
        InferencePass pass = Pass(data);
        var penalty = new TotalCorrelation(N, 5, mutualInformation: 2, sampling);
        double[] w = [.. penalty.LogWeights(3, DType.Float64).Doubles().Select(Math.Exp)],
            z = pass.Latents[0].Value.Doubles();
        double total = 0, information = 0;
        for (int i = 0; i < 3; i++)
        {
            double joint = Enumerable.Range(0, 3).Sum(
                j => w[i * 3 + j] * Density(z[i * Z], data[j], 0) * Density(z[i * Z + 1], data[j], 1));
            double product = Enumerable.Range(0, Z).Sum(
                d => Math.Log(Enumerable.Range(0, 3).Sum(j => w[i * 3 + j] * Density(z[i * Z + d], data[j], d))));
            total += (Math.Log(joint) - product) / 3;
            information +=
                (Math.Log(Density(z[i * Z], data[i], 0) * Density(z[i * Z + 1], data[i], 1)) - Math.Log(joint)) / 3;
        }

        Close.Require(5 * total + 2 * information, penalty.Evaluate(pass).Item(), 1e-12);
        Close.Require(total, penalty.Estimate(pass).TotalCorrelation.Item(), 1e-12);
        Close.Require(information, penalty.Estimate(pass).MutualInformation.Item(), 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Moments_of_the_codes_are_held_to_those_of_the_prior(bool wholePosterior)
    {
        int[] data = [0, 1, 2, 3, 4, 5];
        double[,] c = new double[Z, Z];
        for (int a = 0; a < Z; a++)
        {
            for (int b = 0; b < Z; b++)
            {
                double meanA = data.Average(i => Loc[i * Z + a]), meanB = data.Average(i => Loc[i * Z + b]);
                c[a, b] = data.Average(i => (Loc[i * Z + a] - meanA) * (Loc[i * Z + b] - meanB))
                    + (wholePosterior && a == b ? data.Average(i => Scale[i * Z + a] * Scale[i * Z + a]) : 0);
            }
        }

        double expected = 3 * 2 * c[0, 1] * c[0, 1] + 7 * (Math.Pow(c[0, 0] - 1, 2) + Math.Pow(c[1, 1] - 1, 2));
        Close.Require(expected, new DisentangledInferredPrior(3, 7, wholePosterior).Evaluate(Pass(data)).Item(), 1e-12);
    }

    [Theory]
    [InlineData(DiscrepancyKernel.Gaussian)]
    [InlineData(DiscrepancyKernel.InverseMultiquadratic)]
    public void Discrepancy_is_zero_on_average_where_codes_are_the_priors_and_grows_with_their_distance(
        DiscrepancyKernel kernel)
    {
        var penalty = new AggregateDiscrepancy(1, kernel);
        double Mean(double shift) => MonteCarlo.MeanOf(Draws(shift)).Mean;
        IEnumerable<double> Draws(double shift) => Enumerable.Range(0, 600).Select(r =>
        {
            var q = new DiagonalNormal(Tensor.Full([20, Z], shift, DType.Float64), Tensor.Ones([20, Z], DType.Float64));
            return penalty.Evaluate(new InferencePass(Tensor.Zeros([1, 20], DType.Float64),
                [LatentTerm.Draw("z", q, DiagonalNormal.Standard(Z, DType.Float64), new Rng(9).At(r), 1)])).Item();
        });
        MonteCarlo.RequireMean(0, Draws(0), $"{kernel}");
        Assert.True(Mean(0.5) > 0.01 && Mean(1) > 2 * Mean(0.5));
    }

    [Theory]
    [InlineData(DiscrepancyKernel.Gaussian, 2)]
    [InlineData(DiscrepancyKernel.Gaussian, 10)]
    [InlineData(DiscrepancyKernel.InverseMultiquadratic, 2)]
    [InlineData(DiscrepancyKernel.InverseMultiquadratic, 10)]
    public void Discrepancy_is_the_mean_of_its_kernel_over_all_pairs(DiscrepancyKernel kernel, int size)
    {
        const double weight = 3, width = 0.8;
        Tensor loc = GradientCheck.Values([N, size], -1, 1);
        var posterior = new DiagonalNormal(loc, Tensor.Full([N, size], 0.6, DType.Float64));
        DiagonalNormal prior = DiagonalNormal.Standard(size, DType.Float64);
        var pass = new InferencePass(
            Tensor.Zeros([1, N], DType.Float64), [LatentTerm.Draw("z", posterior, prior, new Rng(4), 1)]);
        double[] codes = pass.Latents[0].Value.Doubles(),
            drawn = prior.Sample(new Rng(4).Split("prior"), [N]).Doubles();
        double c = 2 * size * width * width, own = 0, between = 0;
        double K(double[] a, int i, double[] b, int j)
        {
            double square = Enumerable.Range(0, size).Sum(d => Math.Pow(a[i * size + d] - b[j * size + d], 2));
            return kernel == DiscrepancyKernel.Gaussian ? Math.Exp(-square / c) : c / (c + square);
        }

        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < N; j++)
            {
                if (i != j) own += (K(codes, i, codes, j) + K(drawn, i, drawn, j)) / (N * (N - 1));
                between += K(codes, i, drawn, j) / (N * N);
            }
        }

        Close.Require(
            weight * (own - 2 * between), new AggregateDiscrepancy(weight, kernel, width).Evaluate(pass).Item(), 1e-13);
    }

    [Fact]
    public void Sliced_Wasserstein_in_one_dimension_is_the_mean_square_between_sorted_draws()
    {
        // Each direction is 1 or -1, and turns both orders.
        var q = new DiagonalNormal(Tensor.From(Loc, [2 * N, 1]), Tensor.From(Scale, [2 * N, 1]));
        var term = LatentTerm.Draw("z", q, DiagonalNormal.Standard(1, DType.Float64), new Rng(3), 1);
        var pass = new InferencePass(Tensor.Zeros([1, 2 * N], DType.Float64), [term]);
        double[] codes = [.. term.Value.Doubles().Order()], prior = [.. term.PriorDraws(2 * N).Doubles().Order()];
        double expected = codes.Zip(prior, (c, z) => (c - z) * (c - z)).Average();
        Assert.True(expected > 0.01, "the test's distance is not 0");
        Close.Require(4 * expected, new SlicedWasserstein(4, slices: 7).Evaluate(pass).Item(), 1e-12);
    }

    [Fact]
    public void Sliced_Wasserstein_of_a_shift_is_its_mean_square_along_random_directions()
    {
        // Codes that are the prior's draws moved by s: along a direction u both orders are the same, and s.u apart.
        double[] distances = [.. Enumerable.Range(0, 400).Select(r =>
        {
            var prior = DiagonalNormal.Standard(Z, DType.Float64);
            var made = LatentTerm.Draw("z", prior, prior, new Rng(5).At(r), 1);
            Tensor moved = (made.PriorDraws(8) + Tensor.From([3.0, 4.0], [Z])).Reshape([1, 8, Z]);
            return new SlicedWasserstein(1, slices: 1).Evaluate(
                new InferencePass(Tensor.Zeros([1, 8], DType.Float64), [made with { Value = moved }])).Item();
        })];
        Assert.All(distances, d => Assert.InRange(d, 0, 25.000001));
        MonteCarlo.RequireMean(25.0 / Z, distances, "E (s.u)^2 = |s|^2 / D");
    }

    [Fact]
    public void Gradients_of_all_penalties_are_their_derivatives()
    {
        Tensor loc = Tensor.From(Loc, [N, Z]),
            logVariance = Tensor.From([.. Scale.Select(s => 2 * Math.Log(s))], [N, Z]);
        foreach (Penalty penalty in new Penalty[]
        {
            new TotalCorrelation(20, 4, 1), new TotalCorrelation(20, 4, sampling: AggregateSampling.Weighted),
            new DisentangledInferredPrior(3, 7, true), new AggregateDiscrepancy(2),
            new AggregateDiscrepancy(2, DiscrepancyKernel.Gaussian), new SlicedWasserstein(3, 5),
        })
        {
            GradientCheck.Require(
                q => new Elbo { Penalties = [penalty] }.Evaluate(
                    new InferencePass(Tensor.Zeros([1, N], DType.Float64),
                        [LatentTerm.Draw("z", DiagonalNormal.FromLogVariance(q[0], q[1]),
                        DiagonalNormal.Standard(Z, DType.Float64), new Rng(2), 1)]), 0).Loss,
                loc, logVariance);
        }
    }

    [Fact]
    public void Capacity_costs_nothing_where_the_KL_meets_it()
    {
        InferencePass pass = Pass([0, 1, 2]);
        double kl = new Elbo().Evaluate(pass, 0).KL.Item();
        double Loss(Elbo elbo, long step = 0) => elbo.Evaluate(pass, step).Loss.Item();
        Close.Require(0, Loss(new Elbo { Beta = 100, Capacity = kl }), 1e-10);
        Close.Require(100, Loss(new Elbo { Beta = 100, Capacity = kl + 1 }), 1e-10);
        Close.Require(
            100 * Math.Abs(kl - 5), Loss(new Elbo { Beta = 100, Capacity = Schedule.Linear(0, 10, 4) }, 2), 1e-10);
        Assert.False(new Elbo { Capacity = 1 }.IsLowerBound(0));
        Assert.True(new Elbo { Penalties = [new AggregateDiscrepancy(5)] }.IsLowerBound(0));
        Assert.False(new Elbo { Penalties = [new TotalCorrelation(5, 1)] }.IsLowerBound(0));
    }

    [Fact]
    public void Latents_that_a_penalty_cannot_see_are_refused()
    {
        var correlated = new MultivariateNormal(
            Tensor.Zeros([3, Z], DType.Float64), Tensor.Eye(Z, DType.Float64).BroadcastTo([3, Z, Z]));
        var pass = new InferencePass(Tensor.Zeros([1, 3], DType.Float64),
            [LatentTerm.Draw("z", correlated, DiagonalNormal.Standard(Z, DType.Float64), new Rng(1), 1)]);
        Assert.Contains("not independent", Assert.Throws<NotSupportedException>(
            () => new TotalCorrelation(5, 1).Evaluate(pass)).Message, StringComparison.Ordinal);
        var coins = new Independent(new Bernoulli(Tensor.Zeros([3, Z], DType.Float64)), 1);
        var discrete = new InferencePass(
            Tensor.Zeros([1, 3], DType.Float64), [LatentTerm.Draw("z", coins, coins, new Rng(1), 1)]);
        Assert.Contains("gradient through the draws", Assert.Throws<NotSupportedException>(
            () => new Elbo { Penalties = [new TotalCorrelation(5, 1)] }.Evaluate(discrete, 0)).Message,
            StringComparison.Ordinal);
        Assert.True(new TotalCorrelation(5, 1).Evaluate(discrete).IsFinite());
        Assert.Throws<ArgumentOutOfRangeException>(() => new TotalCorrelation(5, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AggregateDiscrepancy(1, bandwidth: 0));
    }
}

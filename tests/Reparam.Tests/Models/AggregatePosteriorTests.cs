using Reparam.Distributions;
using Reparam.Models;
using Reparam.Models.Flows;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

public sealed class AggregatePosteriorTests
{
    [Fact]
    public void Posteriors_that_are_all_the_prior_tell_nothing()
    {
        AggregatePosterior split = Of(300, 2, (_, _) => (0, 1))!;
        Close.Require([0, 0, 0, 0, 0], [split.MutualInformation, split.MarginalKL, split.TotalCorrelation!.Value,
            .. split.MarginalKLPerDimension], 1e-12);
        Assert.False(split.IsSaturated);
    }

    [Fact]
    public void Posteriors_far_from_each_other_tell_which_datum_it_was_up_to_the_ceiling()
    {
        AggregatePosterior split = Of(300, 2, (i, j) => (j == 0 ? 100 * i : 0, 1))!;
        Close.Require(Math.Log(300), split.MutualInformation, 1e-12);
        Close.Require(Math.Log(300), split.Ceiling, 1e-15);
        Close.Require(0, split.TotalCorrelation!.Value, 1e-9);
        Close.Require(0, split.MarginalKLPerDimension[1], 1e-12);
        Assert.True(split.IsSaturated);
    }

    [Fact]
    public void Two_clusters_that_two_variables_know_are_one_bit_of_information_and_one_of_correlation()
    {
        AggregatePosterior split = Of(400, 2, (i, _) => (i % 2 == 0 ? -50 : 50, 1))!;
        Close.Require(Math.Log(2), split.MutualInformation, 1e-12);
        Close.Require(Math.Log(2), split.TotalCorrelation!.Value, 1e-9);
        Close.Require(split.MarginalKL, split.TotalCorrelation.Value + split.MarginalKLPerDimension.Sum(), 1e-12);
    }

    [Fact]
    public void Estimate_is_the_formula_over_all_pairs()
    {
        const int N = 260; // three groups
        AggregatePosterior split = Of(N, 3, (i, j) => (Math.Sin(i + 2 * j), 0.3 + 0.2 * Math.Cos(i * (j + 1))))!;
        InferencePass pass = Pass(
            [.. Enumerable.Range(0, N)], 0, 3, (i, j) => (Math.Sin(i + 2 * j), 0.3 + 0.2 * Math.Cos(i * (j + 1))), 0);
        double[] z = pass.Latents[0].Value.Doubles();
        double own = 0, joint = 0, prior = 0;
        double[] marginal = new double[3];
        for (int i = 0; i < N; i++)
        {
            double sum = 0;
            double[] sums = new double[3];
            for (int n = 0; n < N; n++)
            {
                double product = 1;
                for (int j = 0; j < 3; j++)
                {
                    double s = 0.3 + 0.2 * Math.Cos(n * (j + 1)),
                        density = Density(z[i * 3 + j], Math.Sin(n + 2 * j), s);
                    product *= density;
                    sums[j] += density / N;
                }

                sum += product / N;
                if (n == i) own += Math.Log(product) / N;
            }

            joint += Math.Log(sum) / N;
            for (int j = 0; j < 3; j++)
            {
                double p = Math.Log(Density(z[i * 3 + j], 0, 1)) / N;
                prior += p;
                marginal[j] += Math.Log(sums[j]) / N - p;
            }
        }

        Close.Require(own - joint, split.MutualInformation, 1e-11);
        Close.Require(joint - prior, split.MarginalKL, 1e-11);
        Close.Require(marginal, [.. split.MarginalKLPerDimension], 1e-11);
        Close.Require(joint - prior - marginal.Sum(), split.TotalCorrelation!.Value, 1e-11);
    }

    [Fact]
    public void Split_of_a_mixture_of_normals_is_what_quadrature_gives()
    {
        // SciPy's quad of -q log q for q = 1/200 sum_i N(2 sin i, (0.3 + 0.2 cos i)^2).
        AggregatePosterior[] splits = [.. Enumerable.Range(0, 60).Select(
            seed => Of(200, 1, (i, _) => (2 * Math.Sin(i), 0.3 + 0.2 * Math.Cos(i)), (ulong)seed)!)];
        MonteCarlo.RequireMean(1.52034666050776, splits.Select(s => s.MutualInformation), "mutual information");
        MonteCarlo.RequireMean(0.374510141454484, splits.Select(s => s.MarginalKL), "marginal KL");
    }

    [Fact]
    public void Linear_Gaussian_model_has_the_aggregate_posterior_of_the_formula()
    {
        // z | x ~ N(a x, s^2 I) with x ~ N(0, correlation rho): q(z) is normal, all is known. 1,000 of infinitely many
        // data leave a bias of some hundredths of a nat.
        const double A = 0.8, S = 0.6, Rho = 0.7;
        double[] noise = new Rng(3).Normal([2, 5000], DType.Float64).Doubles();
        AggregatePosterior split = Of(5000, 2,
            (i, j) => (A * (j == 0 ? noise[i] : Rho * noise[i] + Math.Sqrt(1 - Rho * Rho) * noise[5000 + i]), S))!;
        double variance = A * A + S * S, covariance = A * A * Rho,
            determinant = variance * variance - covariance * covariance;
        Assert.Equal(1000, split.Count);
        Assert.Equal(0.5 * Math.Log(determinant / Math.Pow(S, 4)), split.MutualInformation, 0.06);
        Assert.Equal(0.5 * (2 * variance - 2 - Math.Log(determinant)), split.MarginalKL, 0.06);
        Assert.Equal(-0.5 * Math.Log(determinant / (variance * variance)), split.TotalCorrelation!.Value, 0.06);
        foreach (double kl in split.MarginalKLPerDimension)
            Assert.Equal(0.5 * (variance - 1 - Math.Log(variance)), kl, 0.03);
    }

    [Fact]
    public void Coins_and_one_hot_variables_are_counted_by_variable()
    {
        // Two certain coins that always agree: each marginal is even, together they are one of two.
        AggregatePosterior coins = AggregatePosterior.Estimate(200, (data, start) => Discrete(
            new Independent(new Bernoulli(Table(data, 2, (i, _) => i % 2 == 0 ? 40 : -40)), 1),
            new Independent(new Bernoulli(Tensor.Zeros([2], DType.Float64)), 1), start))!;
        Close.Require([Math.Log(2), Math.Log(2), Math.Log(2), 0, 0], [coins.MutualInformation, coins.MarginalKL,
            coins.TotalCorrelation!.Value, .. coins.MarginalKLPerDimension], 1e-12);
        AggregatePosterior classes = AggregatePosterior.Estimate(400, (data, start) => Discrete(
            new Independent(
                new OneHotCategorical(Table(data, 4, (i, j) => i % 4 == j ? 40 : 0).Reshape([data.Length, 1, 4])), 1),
            new Independent(new OneHotCategorical(Tensor.Zeros([1, 4], DType.Float64)), 1), start))!;
        Close.Require([Math.Log(4), 0, 0, 0], [classes.MutualInformation, classes.MarginalKL,
            classes.TotalCorrelation!.Value, .. classes.MarginalKLPerDimension], 1e-12);
    }

    [Fact]
    public void Correlated_posteriors_are_split_by_their_joint_density_alone()
    {
        AggregatePosterior diagonal = Of(150, 2, Waves)!;
        AggregatePosterior full = AggregatePosterior.Estimate(150, (data, start) =>
        {
            InferencePass pass = Pass(data, start, 2, Waves, 0);
            var q = (DiagonalNormal)pass.Latents[0].Posterior;
            return new InferencePass(pass.LogLikelihood,
                [pass.Latents[0] with { Posterior = new MultivariateNormal(q.Loc, q.Scale.DiagonalMatrix()) }]);
        })!;
        Close.Require(diagonal.MutualInformation, full.MutualInformation, 1e-11);
        Close.Require(diagonal.MarginalKL, full.MarginalKL, 1e-11);
        Assert.Null(full.TotalCorrelation);
        Assert.Empty(full.MarginalKLPerDimension);
    }

    [Fact]
    public void Prior_of_correlated_variables_leaves_the_correlation_of_the_codes()
    {
        var prior = new MultivariateNormal(Tensor.Zeros([2], DType.Float64), Tensor.Eye(2, DType.Float64));
        AggregatePosterior factored = Of(150, 2, Waves)!;
        AggregatePosterior split = AggregatePosterior.Estimate(150, (data, start) =>
        {
            InferencePass pass = Pass(data, start, 2, Waves, 0);
            return new InferencePass(pass.LogLikelihood, [pass.Latents[0] with { Prior = prior }]);
        })!;
        Close.Require(factored.MarginalKL, split.MarginalKL, 1e-11);
        Assert.Equal(factored.TotalCorrelation, split.TotalCorrelation);
        Assert.Empty(split.MarginalKLPerDimension);
    }

    [Fact]
    public void Flow_that_is_the_same_for_all_data_changes_no_information_and_is_inverted_only_when_asked()
    {
        Flow flow = Flow.Coupling(2, 2, [6], new Rng(4), dtype: DType.Float64);
        InferencePass Infer(int[] data, int start)
        {
            InferencePass pass = Pass(data, start, 2, Waves, 0);
            var q = new TransformedDistribution((DiagonalNormal)pass.Latents[0].Posterior, flow.Map(null));
            return new InferencePass(pass.LogLikelihood,
                [LatentTerm.Draw("z", q, DiagonalNormal.Standard(2, DType.Float64), new Rng(0).At(0, start), 1)]);
        }

        Assert.Null(AggregatePosterior.Estimate(500, Infer));
        AggregatePosterior split = AggregatePosterior.Estimate(500, Infer, invertsFlows: true)!;
        Assert.Equal(200, split.Count);
        Close.Require(Of(200, 2, (i, j) => Waves(i * 5 / 2, j))!.MutualInformation, split.MutualInformation, 1e-9);
        Assert.Null(split.TotalCorrelation);
    }

    [Fact]
    public void Families_of_correlated_posteriors_can_all_be_split()
    {
        foreach (PosteriorFamily family in (PosteriorFamily[])[PosteriorFamily.FullCovariance, PosteriorFamily.LowRank(
            2), PosteriorFamily.Mixture(3), PosteriorFamily.VonMisesFisher, PosteriorFamily.PowerSpherical])
        {
            Prior prior = family.Prior(3, DType.Float64);
            AggregatePosterior? split = AggregatePosterior.Estimate(130, (data, start) =>
            {
                Distribution q = family.Given(Table(data, family.Outputs(3), (i, j) => Math.Sin(3 * i + j)), 3);
                return new InferencePass(Tensor.Zeros([1, data.Length], DType.Float64),
                    [LatentTerm.Draw("z", q, prior.Distribution, new Rng(2).At(0, start), 1)]);
            });
            Assert.True(split is { MutualInformation: > 0.01, Count: 130 }, $"{family.Name}: {split}");
        }
    }

    [Fact]
    public void Data_in_order_of_their_class_are_seen_from_end_to_end()
    {
        // The first 1,000 of 4,000 would all be of the first cluster.
        Close.Require(Math.Log(4), Of(4000, 1, (i, _) => (100 * (i / 1000), 1))!.MutualInformation, 1e-12);
    }

    [Fact]
    public void What_cannot_be_told_is_left_out()
    {
        Assert.Null(Of(1, 2, Waves));
        Assert.Null(Of(100, 2, (_, _) => (double.NaN, 1)));
        Assert.Null(AggregatePosterior.Estimate(
            100, (data, start) => new InferencePass(Tensor.Zeros([1, data.Length], DType.Float64), [])));
        Assert.Null(AggregatePosterior.Estimate(100, (data, start) => new InferencePass(
            Tensor.Zeros([1, data.Length], DType.Float64),
            [Pass(data, start, 2, Waves, 0).Latents[0], Pass(data, start, 2, Waves, 1).Latents[0]])));
    }

    private static (double Loc, double Scale) Waves(int i, int j) => (Math.Sin(i + j), 0.4 + 0.1 * Math.Cos(2 * i + j));

    private static double Density(double z, double loc, double scale) =>
        Math.Exp(-0.5 * (z - loc) * (z - loc) / (scale * scale)) / (scale * Math.Sqrt(2 * Math.PI));

    private static AggregatePosterior? Of(
        int count, int latent, Func<int, int, (double Loc, double Scale)> posterior, ulong seed = 0) =>
        AggregatePosterior.Estimate(count, (data, start) => Pass(data, start, latent, posterior, seed));

    private static InferencePass Pass(
        int[] data, int start, int latent, Func<int, int, (double Loc, double Scale)> posterior, ulong seed)
    {
        var q = new DiagonalNormal(
            Table(data, latent, (i, j) => posterior(i, j).Loc), Table(data, latent, (i, j) => posterior(i, j).Scale));
        return new InferencePass(Tensor.Zeros([1, data.Length], DType.Float64),
            [LatentTerm.Draw("z", q, DiagonalNormal.Standard(latent, DType.Float64), new Rng(seed).At(0, start), 1)]);
    }

    private static InferencePass Discrete(Distribution posterior, Distribution prior, int start) =>
        new(Tensor.Zeros([1, posterior.BatchShape[0]], DType.Float64),
            [LatentTerm.Draw("z", posterior, prior, new Rng(0).At(0, start), 1)]);

    private static Tensor Table(int[] data, int columns, Func<int, int, double> value)
    {
        double[] numbers = new double[data.Length * columns];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = value(data[i / columns], i % columns);
        return Tensor.From(numbers, [data.Length, columns]);
    }
}

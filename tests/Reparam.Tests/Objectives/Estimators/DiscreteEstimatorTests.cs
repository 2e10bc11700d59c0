using Reparam.Distributions;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Objectives.Estimators;

/// <summary>Estimators for discrete variables beside enumeration: unbiased ones within their standard errors, biased
/// ones visibly outside.</summary>
public sealed class DiscreteEstimatorTests
{
    private const int Replicates = 20_000;

    private static readonly Tensor CoinLogits = Tensor.From([0.3, -1.2, 2, 0.1, -0.4, 0.9], [2, 3]);
    private static readonly Tensor OutcomeLogits = Tensor.From([0.5, -0.2, 1, 0, 0.7, -1], [2, 3]);

    /// <summary>Not linear, not symmetric, with products of components: every wrong cross term would show.</summary>
    private static Tensor F(Tensor z)
    {
        Tensor weights = Tensor.From([0.7, -1.3, 0.4], [3]);
        return ((z - 0.45).Square() * weights).Sum(^1) + z.Sum(
            ^1).Square() * 0.3 + (z.Slice(^1, 0, 1) * z.Slice(^1, 1, 1)).Sum(^1) * 0.8;
    }

    private static Independent Coins(Tensor logits) => new Independent(new Bernoulli(logits), 1);

    private static OneHotCategorical Outcomes(Tensor logits) => new OneHotCategorical(logits);

    private static Tensor Correction(Tensor z) => (z * Tensor.From([0.2, -0.6, 0.1], [3])).Sum(^1).Tanh();

    public static TheoryData<string> Unbiased =>
        ["score", "moving", "leave-one-out", "learned", "enumeration", "arm", "disarm", "rebar", "rebar cold", "relax"];

    public static TheoryData<string> Biased => ["straight-through", "gumbel", "gumbel straight-through"];

    private static GradientEstimator<Distribution> Make(string name) => name switch
    {
        "score" => new ScoreFunction(),
        "moving" => new ScoreFunction(new MovingAverageBaseline(0.9)),
        "leave-one-out" => new ScoreFunction(new LeaveOneOutBaseline()),
        "learned" => new ScoreFunction(new LearnedBaseline(() => Tensor.From([0.4, -0.2], [2]))),
        "enumeration" => new Enumeration(),
        "arm" => new Arm(),
        "disarm" => new DisArm(),
        "rebar" => new Rebar(),
        "rebar cold" => new Rebar(temperature: 0.1, eta: 0.7),
        "relax" => Rebar.Relax(Correction),
        "straight-through" => new StraightThrough(),
        "gumbel" => new GumbelSoftmax(1),
        _ => new GumbelSoftmax(1, straightThrough: true),
    };

    [Theory]
    [MemberData(nameof(Unbiased))]
    public void Unbiased_estimators_agree_with_enumeration(string name)
    {
        foreach ((Func<Tensor, Distribution> make, Tensor logits) in new (
            Func<Tensor, Distribution>, Tensor)[] { (Coins, CoinLogits), (Outcomes, OutcomeLogits) })
        {
            if (name is "arm" or "disarm" && make == Outcomes) continue; // for coins alone
            GradientStudy study = Study(Make(name), make, logits);
            // Six components: the largest of their deviations exceeds 4.5 standard errors with probability 4e-5.
            Assert.True(study.LargestDeviation < 4.5, $"{name}: {study}");
            Assert.True(Make(name).IsUnbiased);
        }
    }

    [Theory]
    [MemberData(nameof(Unbiased))]
    [MemberData(nameof(Biased))]
    public void Shapes_alone_take_the_same_memory(string name)
    {
        ShapeCheck.Require("coins", p => [Make(name).Estimate(Coins(p[0]), F, new Rng(1), 2)], CoinLogits);
        if (name is not ("arm" or "disarm"))
            ShapeCheck.Require("outcomes", p => [Make(name).Estimate(Outcomes(p[0]), F, new Rng(1), 2)], OutcomeLogits);
    }

    [Theory]
    [MemberData(nameof(Biased))]
    public void Biased_estimators_are_seen_to_be_biased(string name)
    {
        foreach ((Func<Tensor, Distribution> make, Tensor logits) in new (
            Func<Tensor, Distribution>, Tensor)[] { (Coins, CoinLogits), (Outcomes, OutcomeLogits) })
        {
            GradientStudy study = Study(Make(name), make, logits);
            Assert.True(study.LargestDeviation > 6, $"{name}: {study}");
            Assert.False(Make(name).IsUnbiased);
        }
    }

    [Theory]
    [MemberData(nameof(Unbiased))]
    public void Value_and_gradient_by_the_parameters_of_f_are_those_of_the_expectation(string name)
    {
        // f = a . z with the exact answers E[z] . a and E[z].
        Tensor a = Tensor.From([0.5, -1, 2], [3]);
        double[] mean = Coins(CoinLogits).Mean.Doubles();
        double[] byHand = [.. Enumerable.Range(0, 3).Select(j => mean[j] + mean[3 + j])];
        double exact = 0.5 * byHand[0] - byHand[1] + 2 * byHand[2];
        List<double> values = [];
        List<double[]> gradients = [];
        for (int r = 0; r < 2000; r++)
        {
            using var tape = new GradientTape();
            Tensor estimate = Make(name).Estimate(
                Coins(CoinLogits), z => (z * a).Sum(^1), new Rng(3).At(r), samples: 2).Sum();
            values.Add(estimate.Item());
            gradients.Add(tape.Gradients(estimate, [a])[0].Doubles());
        }

        MonteCarlo.RequireMean(exact, values, $"{name}: value");
        for (int j = 0; j < 3; j++)
            MonteCarlo.RequireMean(byHand[j], gradients.Select(g => g[j]), $"{name}: gradient by a[{j}]");
    }

    [Fact]
    public void Variances_come_in_the_order_that_the_literature_has()
    {
        double Variance(string name) => Study(Make(name), Coins, CoinLogits).Variance;
        double score = Variance("score"), arm = Variance("arm"), disarm = Variance("disarm"), rebar = Variance("rebar");
        Assert.True(
            disarm < arm && arm < score && rebar < score, $"score {score}, ARM {arm}, DisARM {disarm}, REBAR {rebar}");
    }

    [Theory]
    [InlineData("moving")]
    [InlineData("leave-one-out")]
    public void Baselines_take_away_what_is_common_to_all_draws(string name)
    {
        // With f far from 0 the score function is noise of its level, and a baseline removes it.
        Tensor exact = Tensor.From(Exact(Coins, CoinLogits), CoinLogits.Shape);
        double Variance(GradientEstimator<Distribution> estimator) =>
            GradientStudy.Measure(rng => estimator.Estimate(Coins(CoinLogits), z => F(z) + 30, rng, 2).Sum(),
                [CoinLogits], [exact], new Rng(5), 2000).Variance;
        Assert.True(Variance(Make(name)) < 0.05 * Variance(new ScoreFunction()));
    }

    [Fact]
    public void Planted_bias_of_three_percent_is_noticed()
    {
        double[] exact = Exact(Coins, CoinLogits);
        Tensor wrong = Tensor.From([.. exact.Select(g => g * 1.03)], CoinLogits.Shape);
        GradientStudy study = GradientStudy.Measure(
            rng => new DisArm().Estimate(Coins(CoinLogits), F, rng, 64).Sum(), [CoinLogits], [wrong], new Rng(5), 4000);
        Assert.True(study.LargestDeviation > 6 && Math.Abs(study.Bias) > 4 * study.BiasStandardError, study.ToString());
    }

    [Fact]
    public void Estimators_without_a_formula_for_a_distribution_name_others()
    {
        var normal = new Normal(Tensor.Zeros([2]), Tensor.Ones([2]));
        foreach (GradientEstimator<Distribution> estimator in new GradientEstimator<Distribution>[] {
            new Arm(), new DisArm(), new Rebar(), new GumbelSoftmax(1) })
        {
            string message = Assert.Throws<NotSupportedException>(
                () => estimator.Estimate(normal, z => z, new Rng(1))).Message;
            Assert.Contains("ScoreFunction", message, StringComparison.Ordinal);
        }

        Assert.Throws<NotSupportedException>(() => new Enumeration().Estimate(normal, z => z, new Rng(1)));
        Assert.Throws<ArgumentException>(
            () => new ScoreFunction(new LeaveOneOutBaseline()).Estimate(normal, z => z, new Rng(1), samples: 1));
        Assert.Throws<NotSupportedException>(() => new Enumeration().Estimate(
            new Independent(new Bernoulli(Tensor.Zeros([21])), 1), z => z.Sum(^1), new Rng(1)));
    }

    private static GradientStudy Study(GradientEstimator<Distribution> estimator, Func<Tensor, Distribution> make,
        Tensor logits) => GradientStudy.Measure(
        rng => estimator.Estimate(make(logits), F, rng, samples: 2).Sum(), [logits],
        [Tensor.From(Exact(make, logits), logits.Shape)], new Rng(5), Replicates);

    /// <summary>By a plain sum over all values in C#, not by the library's own enumeration.</summary>
    private static double[] Exact(Func<Tensor, Distribution> make, Tensor logits)
    {
        double[] gradient = new double[logits.Size];
        const double Step = 1e-5;
        double Expectation(Tensor at)
        {
            Distribution q = make(at);
            double total = 0;
            for (int value = 0; value < 8; value++)
            {
                Tensor z = Tensor.From([value & 1, (value >> 1) & 1, (value >> 2) & 1], [3]).To(DType.Float64);
                double[] probability = q.LogProb(z).Exp().Doubles();
                total += probability.Sum() * F(z).Item();
            }

            return total;
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            double[] values = logits.Doubles();
            values[i] += Step;
            double up = Expectation(Tensor.From(values, logits.Shape));
            values[i] -= 2 * Step;
            gradient[i] = (up - Expectation(Tensor.From(values, logits.Shape))) / (2 * Step);
        }

        return gradient;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void No_draws_are_refused_and_not_averaged_to_NaN(int samples)
    {
        string[] sampling = [.. Unbiased.Concat(Biased).Select(row => row.Data).Where(name => name != "enumeration")];
        Assert.All(sampling, name => Assert.Throws<ArgumentOutOfRangeException>(
            () => Make(name).Estimate(Coins(CoinLogits), F, new Rng(1), samples)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Pathwise().Estimate(DiagonalNormal.Standard(3, DType.Float64), F, new Rng(1), samples));
    }
}

using Reparam.Distributions;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;

namespace Reparam.Cli.Laboratory;

/// <summary>Small problems whose gradients are known exactly.</summary>
internal static class ToyProblems
{
    private const double Target = 0.499;

    /// <summary>E|z - 1.5|^2 for z normal with mean 0.5 and standard deviation 0.8 in each dimension. The gradient is
    /// -2 with respect to each location and 1.6 with respect to each scale.</summary>
    public static EstimatorProblem Quadratic(int dimensions)
    {
        Tensor loc = Tensor.Full([dimensions], 0.5), scale = Tensor.Full([dimensions], 0.8);
        ReparameterizedDistribution Q() => new DiagonalNormal(loc, scale);
        static Tensor F(Tensor z) => (z - 1.5).Square().Sum(^1);
        var average = new MovingAverageBaseline();
        return new EstimatorProblem(
            "quadratic", FormattableString.Invariant(
                $"E|z - 1.5|^2, z normal in {dimensions} dimension{(dimensions == 1 ? "" : "s")}"), [loc, scale],
            [Tensor.Full([dimensions], -2), Tensor.Full([dimensions], 1.6)], "by hand",
            [
                EstimatorTrial.Of(new Pathwise(), Q, F), EstimatorTrial.Of<Distribution>(new ScoreFunction(), Q, F),
                EstimatorTrial.Of<Distribution>(new ScoreFunction(average), Q, F),
                EstimatorTrial.Of<Distribution>(new ScoreFunction(new LeaveOneOutBaseline()), Q, F),
            ]);
    }

    /// <summary>Eight Bernoulli variables: E[mean (b_i - t)^2 + (mean b)^2] with t = 0.499 as in Grathwohl et al.
    /// (2018). The gradient of the first part alone is almost 0.</summary>
    public static EstimatorProblem Coins()
    {
        Tensor logits = Tensor.From([-1.5f, -1f, -0.5f, -0.1f, 0.1f, 0.5f, 1f, 1.5f], [8]);
        static Tensor F(Tensor b) => (b - Target).Square().Mean(^1) + b.Mean(^1).Square();
        return OfDiscrete("coins", "E[mean (b - 0.499)^2 + (mean b)^2], b eight coins", logits,
            l => new Independent(new Bernoulli(l), 1), F, coins: true);
    }

    /// <summary>One of eight outcomes, each with a reward: E[reward^2].</summary>
    public static EstimatorProblem Outcomes()
    {
        Tensor logits = Tensor.From([0.5f, -0.5f, 0f, 1f, -1f, 0.25f, 0.75f, -0.25f], [8]),
            rewards = Tensor.From([1f, -0.5f, 2f, 0.3f, 0f, -1.2f, 0.8f, 1.5f], [8]);
        Tensor F(Tensor z) => (z * rewards).Sum(^1).Square();
        return OfDiscrete(
            "outcomes", "E[reward^2], one of eight outcomes", logits, l => new OneHotCategorical(l), F, coins: false);
    }

    /// <summary>A problem with discrete variables. Its exact gradient is computed by enumeration.</summary>
    public static EstimatorProblem OfDiscrete(string name, string description, Tensor logits,
        Func<Tensor, Distribution> q, Func<Tensor, Tensor> f, bool coins)
    {
        Tensor exact;
        using (var tape = new GradientTape())
            exact = tape.Gradients(new Enumeration().Estimate(q(logits), f, new Rng(0)).Sum(), [logits])[0].Keep();
        GradientEstimator<Distribution>[] estimators =
        [
            new Enumeration(), new ScoreFunction(), new ScoreFunction(new MovingAverageBaseline()),
            new ScoreFunction(new LeaveOneOutBaseline()),
            .. coins ? (GradientEstimator<Distribution>[])[new Arm(), new DisArm()] : [], new Rebar(),
            new GumbelSoftmax(1), new GumbelSoftmax(0.3),
            new GumbelSoftmax(1, straightThrough: true), new StraightThrough(),
        ];
        return new EstimatorProblem(name, description, [logits], [exact], "enumeration",
            [.. estimators.Select(e => EstimatorTrial.Of(e, () => q(logits), f))]);
    }
}

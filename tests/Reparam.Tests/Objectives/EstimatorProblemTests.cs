using Reparam.Distributions;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;

namespace Reparam.Tests.Objectives;

/// <summary>A problem of one's own in the laboratory.</summary>
public sealed class EstimatorProblemTests
{
    /// <summary>P(z > 1) of z normal around mu: its derivative at mu = 0 is the density at 1.</summary>
    private static EstimatorProblem Step()
    {
        var mu = Tensor.Zeros([1], DType.Float64);
        Normal Q() => new(mu, Tensor.Ones([1], DType.Float64));
        static Tensor F(Tensor z) => Tensor.Less(Tensor.Scalar(1, DType.Float64), z);
        return new EstimatorProblem("step", "P(z > 1), z ~ N(mu, 1)", [mu],
            [Tensor.Full([1], 0.24197072451914337, DType.Float64)], "the density at 1",
            [
                EstimatorTrial.Of(new Pathwise(), Q, z => F(z) + z * 0),
                EstimatorTrial.Of<Distribution>(new ScoreFunction(new LeaveOneOutBaseline()), Q, F),
            ]);
    }

    [Fact]
    public void Pathwise_gradient_of_a_step_is_wrong_and_the_score_function_is_right()
    {
        IReadOnlyList<EstimatorResult> found = Step().Study(new Rng(1), samples: 4, replicates: 4000);
        // The pathwise gradient is 0 always: all of the gradient is missing.
        Assert.Equal((-1, 0), (found[0].Study.Bias, found[0].Study.Variance));
        Assert.Equal(double.PositiveInfinity, found[0].Study.LargestDeviation);
        Assert.True(found[1].Study.LargestDeviation < 4 && found[1].Study.BiasStandardError < 0.05);
    }

    [Fact]
    public void Csv_has_a_line_an_estimator_and_every_digit()
    {
        IReadOnlyList<EstimatorResult> found = Step().Study(new Rng(1), replicates: 50);
        string[] lines = EstimatorResult.ToCsv(
            [found[1] with { Problem = "a, \"b\"" }]).Split("\r\n");
        Assert.Equal("problem,estimator,promise,samples,replicates,bias,bias_se,largest_deviation,variance," +
            "signal_to_noise,microseconds,cost", lines[0]);
        Assert.StartsWith("\"a, \"\"b\"\"\",", lines[1], StringComparison.Ordinal);
        Assert.Contains(",unbiased,2,50,", lines[1], StringComparison.Ordinal);
        string[] fields = lines[1].Split(',')[^7..];
        Assert.Equal(found[1].Study.Bias, double.Parse(fields[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(["", ], lines[2..]);
    }
}

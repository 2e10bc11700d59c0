using Reparam.Evaluation;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

public sealed class EstimateTests
{
    [Fact]
    public void Standard_error_is_the_sample_deviation_over_the_root_of_the_count()
    {
        // Mean 5, squared deviations 9 + 1 + 1 + 9 = 20, variance 20 / 3.
        Estimate estimate = Estimate.Of([2, 4, 6, 8], samples: 3);
        Close.Require(5, estimate.Mean, 1e-15);
        Close.Require(Math.Sqrt(20.0 / 3 / 4), estimate.StandardError, 1e-15);
        Assert.Equal((4, 3), (estimate.Count, estimate.Samples));
    }

    [Fact]
    public void A_large_offset_costs_no_digits() => Close.Require(
        Math.Sqrt(20.0 / 3 / 4), Estimate.Of([1e9 + 2, 1e9 + 4, 1e9 + 6, 1e9 + 8], 1).StandardError, 1e-12);

    [Fact]
    public void One_value_has_no_standard_error() => Assert.True(double.IsNaN(Estimate.Of([2], 1).StandardError));

    [Fact]
    public void No_value_is_refused() => Assert.Throws<ArgumentException>(() => Estimate.Of([], 1));

    [Fact]
    public void Negated_turns_a_log_likelihood_into_an_NLL() =>
        Assert.Equal(-5, Estimate.Of([2, 4, 6, 8], 1).Negated().Mean);
}

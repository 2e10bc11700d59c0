using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Tensors.Special;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class CensoredTests() : ReparameterizedContract<Censored>(
    p => new Censored(new Normal(p["loc"], p["scale"]), p["low"], p["high"]), "distributions/censored_normal.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from low in new[] { -1, double.NegativeInfinity }
        from high in new[] { 1, double.PositiveInfinity }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Zeros([2], DType.Float64), ["scale"] = Tensor.Full([2], 1, DType.Float64),
            ["low"] = Tensor.Full([2], low, DType.Float64), ["high"] = Tensor.Full([2], high, DType.Float64),
        };

    /// <summary>The density at an end that moves away from the value is another one: there is no derivative by
    /// ends.</summary>
    protected override IReadOnlyCollection<string> WholeNumbers => ["low", "high"];

    [Fact]
    public void Draws_follow_the_Cdf_with_mass_at_both_ends()
    {
        Censored distribution = Make(DType.Float64);
        Tensor draws = distribution.Sample(new Rng(7), [Ecdf.Draws]);
        double[] values = draws.Doubles(), below = distribution.Cdf(draws).Doubles();
        // Below the lower end there is nothing; a step under the upper end leaves its mass out.
        double[] before = Tensor.Where(AtMost(draws, distribution.Low), Tensor.Scalar(0, DType.Float64),
            distribution.Cdf(draws - 1e-12)).Doubles();
        for (int j = 0; j < 3; j++)
        {
            Assert.True(Ecdf.Distance([.. MonteCarlo.Column(values, 3, j)], [.. MonteCarlo.Column(below, 3, j)],
                [.. MonteCarlo.Column(before, 3, j)]) < Ecdf.Threshold, $"{j}");
        }

        Assert.Equal([0, 0, 0], distribution.Cdf(distribution.Low - 0.1).Doubles());
        Assert.Equal([1, 1, 1], distribution.Cdf(distribution.High).Doubles());
    }

    [Fact]
    public void Pathwise_gradients_are_those_of_the_mean()
    {
        // E = low F(low) + high (1 - F(high)) + loc (F(high) - F(low)) - s (phi(b) - phi(a)), so dE/dloc is the mass
        // between the ends.
        const int Draws = 20_000;
        Tensor At(double x) => Tensor.Full([Draws], x, DType.Float64);
        using var tape = new GradientTape();
        Tensor loc = At(0.3), low = At(-0.5), high = At(1);
        Gradients gradients = tape.Gradients(
            new Censored(new Normal(loc, At(1)), low, high).RSample(new Rng(5)).Sum(), [loc, low, high]);
        double Mass(double x) => SpecialFunctions.NormalCdf(x - 0.3);
        MonteCarlo.RequireMean(Mass(1) - Mass(-0.5), gradients[0].Doubles(), "by loc");
        MonteCarlo.RequireMean(Mass(-0.5), gradients[1].Doubles(), "by low");
        MonteCarlo.RequireMean(1 - Mass(1), gradients[2].Doubles(), "by high");
    }

    [Fact]
    public void Ends_have_mass_that_no_density_has()
    {
        Censored distribution = Make(DType.Float64);
        Assert.All(KLDivergence.ClosedForm(
            distribution, new Normal(Tensor.Zeros([], DType.Float64), Tensor.Ones([], DType.Float64)))!.Doubles(),
            kl => Assert.Equal(double.PositiveInfinity, kl));
        Assert.Throws<ArgumentException>(
            () => new Censored(DiagonalNormal.Standard(2), Tensor.Zeros([]), Tensor.Ones([])));
    }

    [Fact]
    public void Ends_without_mass_leave_the_variables_own_divergence()
    {
        Tensor At(double x) => Tensor.Full([2], x, DType.Float64);
        var variable = new Normal(At(0.3), At(1));
        Distribution p = new Normal(At(0), At(2));
        var open = new Censored(variable, At(double.NegativeInfinity), At(double.PositiveInfinity));
        Assert.Equal(KLDivergence.ClosedForm(variable, p)!.Doubles(), KLDivergence.ClosedForm(open, p)!.Doubles());
        double[] mixed = KLDivergence.ClosedForm(new Censored(
            variable, At(double.NegativeInfinity), Tensor.From([1, double.PositiveInfinity], [2])), p)!.Doubles();
        Assert.Equal([double.PositiveInfinity, KLDivergence.ClosedForm(variable, p)!.At(1)], mixed);
    }

    [Fact]
    public void Censored_lifetimes_have_finite_gradients_for_steep_hazards()
    {
        // 500 ^ 20 overflows in Float32: what stands in for a censored value must not be evaluated there.
        using var tape = new GradientTape();
        Tensor scale = Tensor.From([1f, 1], [2]), concentration = Tensor.From([20f, 20], [2]);
        var lifetimes = new Censored(new Weibull(scale, concentration),
            Tensor.Full([2], double.NegativeInfinity, DType.Float32), Tensor.From([0.9f, 0.9f], [2]));
        Gradients gradients = tape.Gradients(
            lifetimes.LogProb(Tensor.From([0.9f, 0.8f], [2])).Sum(), [scale, concentration]);
        Assert.True(gradients[0].IsFinite() && gradients[1].IsFinite());
    }

    private static Tensor AtMost(Tensor x, Tensor y) => Tensor.GreaterOrEqual(y, x);
}

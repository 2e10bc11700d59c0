using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

/// <summary>Every ordered pair of one-dimensional families: a closed form agrees with a million draws, an infinite one
/// is rightly infinite, none is NaN.</summary>
public sealed class KLPairTests
{
    private const int Draws = 1_000_000;

    /// <summary>A family with parameters at which all moments that formulas use exist.</summary>
    private sealed record Family(string Name, Func<Tensor[], Distribution> Make, params double[] Parameters)
    {
        public Distribution At(DType dtype) => Make([.. Parameters.Select(p => Tensor.Scalar(p, dtype))]);

        public Tensor[] Tensors => [.. Parameters.Select(p => Tensor.Scalar(p, DType.Float64))];
    }

    private static readonly Family[] Families =
    [
        new("Normal", p => new Normal(p[0], p[1]), 0.3, 0.7), new("Laplace", p => new Laplace(p[0], p[1]), -0.2, 0.4),
        new("Logistic", p => new Logistic(p[0], p[1]), 0.1, 0.6),
        new("Gumbel", p => new Gumbel(p[0], p[1]), 0.2, 1.7), new("Cauchy", p => new Cauchy(p[0], p[1]), 0.4, 0.8),
        new("StudentT", p => new StudentT(p[0], p[1], p[2]), 9, 0.2, 0.9),
        new("Uniform", p => new Uniform(p[0], p[1]), 0.2, 0.8),
        new("LogNormal", p => new LogNormal(p[0], p[1]), -0.3, 0.5), new("HalfNormal", p => new HalfNormal(p[0]), 0.9),
        new("HalfCauchy", p => new HalfCauchy(p[0]), 1.1),
        new("Exponential", p => new Exponential(p[0]), 1.3), new("Gamma", p => new Gamma(p[0], p[1]), 2.5, 1.5),
        new("Chi2", p => new Chi2(p[0]), 3),
        new("InverseGamma", p => new InverseGamma(p[0], p[1]), 7, 3),
        new("Weibull", p => new Weibull(p[0], p[1]), 1.2, 1.6), new("Pareto", p => new Pareto(p[0], p[1]), 0.1, 9),
        new("FisherSnedecor", p => new FisherSnedecor(p[0], p[1]), 6, 18),
        new("Beta", p => new Beta(p[0], p[1]), 2.5, 1.5), new("Kumaraswamy", p => new Kumaraswamy(p[0], p[1]), 2, 1.5),
        new("ContinuousBernoulli", p => new ContinuousBernoulli(p[0]), 1.5),
        new("TruncatedNormal", p => new TruncatedNormal(p[0], p[1], p[2], p[3]), 0.5, 0.7, 0.25, 0.75),
        new("RelaxedBernoulli", p => new RelaxedBernoulli(p[0], p[1]), 1.5, 0.3),
        new("Bernoulli", p => new Bernoulli(p[0]), 0.4), new("Geometric", p => new Geometric(p[0]), -0.5),
        new("Poisson", p => new Poisson(p[0]), 1.7),
        new("Binomial", p => new Binomial(Tensor.Full([], 5, p[0].DType), p[0]), 0.3),
        new("NegativeBinomial", p => new NegativeBinomial(Tensor.Full([], 2.5, p[0].DType), p[0]), -0.2),
    ];

    /// <summary>The same families at other parameters, for p: between two of one family KL is not 0 then.</summary>
    private static Family Shifted(Family family) => family with
    {
        Parameters = [.. family.Parameters.Select((v, i) => Nudged(family.Name, v, i))],
    };

    private static double Nudged(string name, double value, int index) => (name, index) switch
    {
        ("Uniform" or "TruncatedNormal", _) => value + (value > 0.6 ? 0.1 : value < 0.3 ? -0.1 : 0.05),
        ("Pareto", 0) => value - 0.05,
        _ => value * 1.25 + 0.05,
    };

    public static TheoryData<string> Names => [.. Families.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Closed_forms_agree_with_a_million_draws(string name)
    {
        Family family = Families.Single(f => f.Name == name);
        Distribution q = family.At(DType.Float64);
        using var scope = new TensorScope();
        Tensor z = q.Sample(new Rng(31), [Draws]);
        double[] own = MonteCarlo.OfDraws(z, q.LogProb);
        foreach (Family other in Families.Select(Shifted))
        {
            Distribution p = other.At(DType.Float64);
            Tensor? kl = KLDivergence.ClosedForm(q, p);
            if (kl is null) continue;
            Assert.False(double.IsNaN(kl.Item()), $"KL({name} || {other.Name}) is NaN");
            if (double.IsPositiveInfinity(kl.Item()))
            {
                // Infinite because draws fall where p has nothing, because a tail of q is too heavy for p, or because q
                // has density at 0, where an inverse gamma vanishes like e^(-1/x).
                bool differentKinds = q.Support.IsDiscrete != p.Support.IsDiscrete;
                bool heavy = name is "Cauchy" or "HalfCauchy" or "LogNormal" or "Pareto" or "StudentT" or "InverseGamma"
                    or "FisherSnedecor";
                bool reason = differentKinds || heavy || other.Name == "InverseGamma"
                    || MonteCarlo.OfDraws(z, p.Support.Contains).Any(inside => inside == 0);
                Assert.True(reason, $"KL({name} || {other.Name}) is not infinite");
                continue;
            }

            double[] theirs = MonteCarlo.OfDraws(z, p.LogProb);
            MonteCarlo.RequireMean(kl.Item(), own.Zip(theirs, (a, b) => a - b), $"KL({name} || {other.Name})");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Divergence_from_itself_is_exactly_zero(string name)
    {
        Family family = Families.Single(f => f.Name == name);
        foreach (DType dtype in Enum.GetValues<DType>())
        {
            if (KLDivergence.ClosedForm(family.At(dtype), family.At(dtype)) is { } kl) Assert.Equal(0, kl.Item());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_by_all_parameters_equal_the_central_difference(string name)
    {
        Family family = Families.Single(f => f.Name == name);
        foreach (Family other in Families.Select(Shifted))
        {
            Tensor? kl = KLDivergence.ClosedForm(family.At(DType.Float64), other.At(DType.Float64));
            if (kl is null || !double.IsFinite(kl.Item())) continue;
            int split = family.Parameters.Length;
            string? problem = GradientCheck.FirstDisagreement(
                v => KLDivergence.ClosedForm(family.Make(v[..split]), other.Make(v[split..]))!,
                [.. family.Tensors, .. other.Tensors]);
            Assert.True(problem is null, $"KL({name} || {other.Name}): {problem}");
        }
    }

    /// <summary>The pairs of one-dimensional families that the documentation ticks.</summary>
    [Theory]
    [InlineData("Bernoulli", "Bernoulli Poisson")]
    [InlineData("Beta", "Beta ContinuousBernoulli Exponential Gamma Normal Uniform")]
    [InlineData("ContinuousBernoulli", "ContinuousBernoulli Exponential Normal Uniform")]
    [InlineData("Exponential", "Exponential Gamma Gumbel Normal")]
    [InlineData("Gamma", "Gamma Exponential Gumbel Normal")]
    [InlineData("Gumbel", "Gumbel Normal")]
    [InlineData("Laplace", "Laplace Normal")]
    [InlineData("Normal", "Normal Gumbel Laplace")]
    [InlineData("Pareto", "Pareto Exponential Gamma Normal")]
    [InlineData("Uniform", "Uniform Beta ContinuousBernoulli Exponential Gamma Gumbel Normal Pareto")]
    [InlineData("Weibull", "Weibull Gamma")]
    [InlineData("Chi2", "Chi2 Gamma")]
    [InlineData("LogNormal", "LogNormal")]
    [InlineData("Binomial", "Binomial")]
    [InlineData("Cauchy", "Cauchy")]
    [InlineData("Geometric", "Geometric")]
    [InlineData("HalfNormal", "HalfNormal")]
    [InlineData("Poisson", "Poisson")]
    public void Pairs_of_the_coverage_table_have_a_closed_form(string q, string others)
    {
        foreach (string p in others.Split(' '))
        {
            Assert.NotNull(KLDivergence.ClosedForm(Families.Single(f => f.Name == q).At(DType.Float64),
                Families.Single(f => f.Name == p).At(DType.Float64)));
        }
    }

    [Fact]
    public void Number_of_closed_forms_is_the_documented_one()
    {
        int finite = 0, infinite = 0;
        foreach (Family q in Families)
        {
            foreach (Family p in Families.Select(Shifted))
            {
                if (KLDivergence.ClosedForm(q.At(DType.Float64), p.At(DType.Float64)) is not { } kl) continue;
                if (double.IsFinite(kl.Item())) finite++;
                else infinite++;
            }
        }

        Assert.Equal((Finite, Infinite), (finite, infinite));
    }

    // As docs/concepts/distributions.md has it.
    private const int Finite = 132, Infinite = 415;
}

using System.Text.Json;
using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

/// <summary>
/// Every one-dimensional family in both element types at ordinary and extreme parameters, against tables of mpmath
/// (tests/data/make_grid.py).
/// Parameters, values and probabilities are Float32 numbers, so the exact value is one and the same for both types.
/// </summary>
public sealed class GridTests
{
    private static readonly JsonElement s_grid = ReferenceTable.Load("grid.json").Root;

    /// <summary>
    /// Where a family does not keep the bound: the absolute error of its probabilities. A von Mises distribution takes
    /// the mass from the cut of
    /// the circle on, as a difference of two masses.
    /// </summary>
    private static readonly Dictionary<string, double> s_absolute = new() { ["VonMises"] = 2e-15 };

    public static TheoryData<string, DType> Families
    {
        get
        {
            var data = new TheoryData<string, DType>();
            foreach (JsonProperty family in s_grid.EnumerateObject())
            {
                data.Add(family.Name, DType.Float32);
                data.Add(family.Name, DType.Float64);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Densities_and_tails_agree_with_the_table(string family, DType dtype) =>
        Check(family, dtype, (row, d, problems) =>
    {
        foreach (JsonElement point in row.GetProperty("points").EnumerateArray())
        {
            double?[] p = [.. point.EnumerateArray().Select(Number)];
            Tensor x = Scalar(p[0]!.Value, dtype);
            Compare("log_prob", p[0], p[1], () => d.LogProb(x), Logs(dtype));
            if (p[2] is null) continue;
            Compare("log_cdf", p[0], p[2], () => d.LogCdf(x), Tails(family, dtype, p[2]!.Value));
            Compare("log_survival", p[0], p[3], () => d.LogSurvivalFunction(x), Tails(family, dtype, p[3]!.Value));
            Compare("cdf", p[0], Math.Exp(p[2]!.Value), () => d.Cdf(x), Probabilities(family, dtype));
            Compare("survival", p[0], Math.Exp(p[3]!.Value), () => d.SurvivalFunction(x), Probabilities(family, dtype));
        }

        void Compare(string what, double? at, double? exact, Func<Tensor> actual, Bound bound) =>
            Add(problems, $"{what}({at})", exact!.Value, actual().Item(), bound);
    });

    [Theory]
    [MemberData(nameof(Families))]
    public void Quantiles_agree_with_the_table(string family, DType dtype) => Check(family, dtype, (row, d, problems) =>
    {
        foreach (JsonElement pair in row.GetProperty("quantiles").EnumerateArray())
        {
            (double p, double x) = (Number(pair[0])!.Value, Number(pair[1])!.Value);
            // Of a location far from 0 only the sum is a Float32 number.
            Bound bound = dtype == DType.Float32 ? new(1e-5, 1e-6) : new(1e-9, 0);
            Add(problems, $"quantile({p:R})", x, d.InverseCdf(Scalar(p, dtype)).Item(), bound);
        }
    });

    [Theory]
    [MemberData(nameof(Families))]
    public void Entropies_and_variances_agree_with_the_table(string family, DType dtype) =>
        Check(family, dtype, (row, d, problems) =>
    {
        if (row.TryGetProperty("entropy", out JsonElement entropy))
            Add(problems, "entropy", Number(entropy)!.Value, d.Entropy().Item(), Logs(dtype));
        if (row.TryGetProperty("variance", out JsonElement variance))
            Add(problems, "variance", Number(variance)!.Value, d.Variance.Item(), Probabilities(family, dtype));
    });

    [Theory]
    [MemberData(nameof(Families))]
    public void Divergences_agree_with_the_table_and_are_never_negative(string family, DType dtype)
    {
        List<string> problems = [];
        foreach (JsonElement triple in s_grid.GetProperty(family).GetProperty("kl").EnumerateArray())
        {
            double[] q = Numbers(triple[0]), p = Numbers(triple[1]);
            double actual = KLDivergence.ClosedForm(Make(family, q, dtype), Make(family, p, dtype))!.Item();
            Add(problems, $"KL({string.Join(", ", q)} || {string.Join(", ", p)})", Number(triple[2])!.Value, actual,
                Logs(dtype));
            if (!(actual >= 0)) problems.Add($"KL({string.Join(", ", q)} || {string.Join(", ", p)}) = {actual}");
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    /// <summary>The density is largest at the mode, infinite where it is unbounded.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void No_density_exceeds_that_at_the_mode(string family, DType dtype) =>
        Check(family, dtype, (row, d, problems) =>
    {
        Tensor mode;
        try
        {
            mode = d.Mode;
        }
        catch (NotSupportedException)
        {
            return; // it says that there is no formula
        }

        double largest = d.LogProb(mode).Item();
        foreach (JsonElement point in row.GetProperty("points").EnumerateArray())
        {
            double exact = Number(point[1])!.Value;
            // The mode itself is rounded: a density falls by half the square of that in units of its width, or by its
            // slope.
            bool exceeds = double.IsPositiveInfinity(exact)
                ? !double.IsPositiveInfinity(largest)
                : !(largest >= exact - Math.Max(1e-6, 1e-5 * Math.Abs(exact)));
            if (exceeds) problems.Add($"log p(mode) = {largest}, log p({Number(point[0])}) = {exact}");
        }
    });

    /// <summary>NaN data are NaN, never a value of probability 0.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void NaN_gives_NaN(string family, DType dtype) => Check(family, dtype, (row, d, problems) =>
    {
        Tensor nan = Scalar(double.NaN, dtype);
        if (!double.IsNaN(d.LogProb(nan).Item())) problems.Add($"log_prob(NaN) = {d.LogProb(nan).Item()}");
        if (Number(row.GetProperty("points")[0][2]) is null) return;
        foreach (Func<Tensor, Tensor> tail in new Func<Tensor, Tensor>[] {
            d.Cdf, d.LogCdf, d.SurvivalFunction, d.LogSurvivalFunction })
        {
            if (!double.IsNaN(tail(nan).Item())) problems.Add($"{tail.Method.Name}(NaN) = {tail(nan).Item()}");
        }
    });

    /// <summary>Nothing lies at infinity: the density there is 0, and a tail holds all or nothing.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Infinity_is_beyond_every_value(string family, DType dtype) => Check(family, dtype, (row, d, problems) =>
    {
        foreach (double end in new[] { double.NegativeInfinity, double.PositiveInfinity })
        {
            Tensor x = Scalar(end, dtype);
            double density = d.LogProb(x).Item();
            if (!double.IsNegativeInfinity(density)) problems.Add($"log_prob({end}) = {density}");
            if (Number(row.GetProperty("points")[0][2]) is null) continue;
            double below = d.Cdf(x).Item(), above = d.SurvivalFunction(x).Item(), certain = end > 0 ? 1 : 0;
            // The weights of a mixture sum to 1 up to their rounding.
            double rounding = dtype == DType.Float32 ? 1e-6 : 1e-14;
            if (!(Math.Abs(below - certain) <= rounding && Math.Abs(above - 1 + certain) <= rounding))
                problems.Add($"cdf({end}) = {below}, survival({end}) = {above}");
        }
    });

    /// <summary>A draw has a density: it is never rounded onto an end that the density rules out.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Every_draw_has_a_finite_density(string family, DType dtype) =>
        Check(family, dtype, (row, d, problems) =>
    {
        Tensor draws = d.Sample(new Rng(6), [500]);
        double[] values = draws.Doubles(), logs = d.LogProb(draws).Doubles();
        for (int i = 0; i < logs.Length; i++)
        {
            if (!double.IsFinite(values[i]) || !double.IsFinite(logs[i]))
                problems.Add($"log_prob({values[i]:R}) = {logs[i]}");
        }
    });

    /// <summary>
    /// Moments of Float32 parameters are those of the same numbers in Float64, which the tables of the families hold.
    /// </summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Moments_lose_nothing_in_Float32(string family, DType dtype) =>
        Check(family, dtype, (row, d, problems) =>
    {
        if (!d.HasMoments) return;
        Distribution wide = Make(family, Numbers(row.GetProperty("theta")), DType.Float64);
        foreach ((string what, Tensor exact, Tensor actual) in new[] {
            ("mean", wide.Mean, d.Mean), ("variance", wide.Variance, d.Variance) })
        {
            double e = exact.Item(), a = actual.Item();
            if (double.IsNaN(e) ? !double.IsNaN(a)
                : Math.Abs(e) < 3e38 && Math.Abs(e) > 1.2e-38 && !(Math.Abs(a - e) <= 1e-5 * Math.Abs(e)))
                problems.Add($"{what}: {a:R} for {e:R}");
        }
    });

    private readonly record struct Bound(double Relative, double Absolute);

    /// <summary>Nats: 1e-5 of the value or 1e-6 nats at the Float32 inputs, 1e-9 of either in Float64.</summary>
    private static Bound Logs(DType dtype) => dtype == DType.Float32 ? new(1e-5, 1e-6) : new(1e-9, 1e-9);

    /// <summary>The logarithm of a probability whose own error is absolute loses the more the smaller it is.</summary>
    private static Bound Tails(string family, DType dtype, double exact)
    {
        Bound logs = Logs(dtype);
        return s_absolute.TryGetValue(family, out double error)
            ? logs with { Absolute = logs.Absolute + error * Math.Exp(-exact) * 2 } : logs;
    }

    /// <summary>Probabilities relative to themselves; below the normal numbers of the type they are 0.</summary>
    private static Bound Probabilities(string family, DType dtype)
    {
        Bound bound = dtype == DType.Float32 ? new(1e-5, 1.2e-38) : new(1e-9, 2.3e-308);
        return s_absolute.TryGetValue(family, out double error) ? bound with { Absolute = error } : bound;
    }

    private static void Add(List<string> problems, string what, double exact, double actual, Bound bound)
    {
        bool agrees = double.IsFinite(exact)
            ? Math.Abs(actual - exact) <= Math.Max(bound.Relative * Math.Abs(exact), bound.Absolute)
            : exact == actual;
        if (!agrees) problems.Add($"{what}: {actual:R} for {exact:R}");
    }

    private static void Check(string family, DType dtype, Action<JsonElement, Distribution, List<string>> check)
    {
        List<string> problems = [];
        foreach (JsonElement row in s_grid.GetProperty(family).GetProperty("rows").EnumerateArray())
        {
            double[] theta = Numbers(row.GetProperty("theta"));
            List<string> found = [];
            check(row, Make(family, theta, dtype), found);
            problems.AddRange(found.Select(f => $"{family}({string.Join(", ", theta)}) {f}"));
        }

        Assert.True(problems.Count == 0, $"{problems.Count} disagree\n" + string.Join("\n", problems));
    }

    private static Distribution Make(string family, double[] theta, DType dtype)
    {
        Tensor T(int i) => Scalar(theta[i], dtype);
        return family switch
        {
            "Normal" => new Normal(T(0), T(1)),
            "Laplace" => new Laplace(T(0), T(1)),
            "Logistic" => new Logistic(T(0), T(1)),
            "Cauchy" => new Cauchy(T(0), T(1)),
            "Gumbel" => new Gumbel(T(0), T(1)),
            "StudentT" => new StudentT(T(0), T(1), T(2)),
            "LogNormal" => new LogNormal(T(0), T(1)),
            "HalfNormal" => new HalfNormal(T(0)),
            "HalfCauchy" => new HalfCauchy(T(0)),
            "Exponential" => new Exponential(T(0)),
            "Gamma" => new Gamma(T(0), T(1)),
            "Chi2" => new Chi2(T(0)),
            "InverseGamma" => new InverseGamma(T(0), T(1)),
            "Beta" => new Beta(T(0), T(1)),
            "Kumaraswamy" => new Kumaraswamy(T(0), T(1)),
            "Weibull" => new Weibull(T(0), T(1)),
            "Pareto" => new Pareto(T(0), T(1)),
            "Uniform" => new Uniform(T(0), T(1)),
            "FisherSnedecor" => new FisherSnedecor(T(0), T(1)),
            "VonMises" => new VonMises(T(0), T(1)),
            "ContinuousBernoulli" => new ContinuousBernoulli(T(0)),
            "TruncatedNormal" => new TruncatedNormal(T(0), T(1), T(2), T(3)),
            "RelaxedBernoulli" => new RelaxedBernoulli(T(0), T(1)),
            "Poisson" => new Poisson(T(0)),
            "Binomial" => new Binomial(T(0), T(1)),
            "NegativeBinomial" => new NegativeBinomial(T(0), T(1)),
            "Geometric" => new Geometric(T(0)),
            "Bernoulli" => new Bernoulli(T(0)),
            "BetaBinomial" => new BetaBinomial(T(0), T(1), T(2)),
            "ZeroInflatedPoisson" => new ZeroInflated(new Poisson(T(1)), T(0)),
            "HurdlePoisson" => new Hurdle(new Poisson(T(1)), T(0)),
            "CensoredNormal" => new Censored(new Normal(T(0), T(1)), T(2), T(3)),
            "CensoredLaplace" => new Censored(new Laplace(T(0), T(1)), T(2), T(3)),
            "CensoredGamma" => new Censored(new Gamma(T(0), T(1)), T(2), T(3)),
            "CensoredStudentT" => new Censored(new StudentT(T(0), T(1), T(2)), T(3), T(4)),
            "CensoredGumbel" => new Censored(new Gumbel(T(0), T(1)), T(2), T(3)),
            "NormalMixture" => new Mixture(
                new Categorical(Tensor.From([0, theta[0]], [2]).To(dtype)),
                new Normal(Tensor.From([theta[1], theta[3]], [2]).To(dtype),
                    Tensor.From([theta[2], theta[4]], [2]).To(dtype))),
            _ => throw new ArgumentOutOfRangeException(
                nameof(family), family, "The table has a family that this test does not know."),
        };
    }

    private static Tensor Scalar(double x, DType dtype) => Tensor.Scalar(x, DType.Float64).To(dtype);

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(v => Number(v)!.Value)];

    private static double? Number(JsonElement v) => v.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => double.Parse(v.GetString()!, System.Globalization.CultureInfo.InvariantCulture),
        _ => v.GetDouble(),
    };
}

using System.Globalization;
using System.Text.Json;
using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

/// <summary>
/// Families over vectors and matrices in both element types at extreme parameters, against tables of mpmath
/// (tests/data/make_vector_grid.py).
/// All numbers that go in are Float32 numbers.
/// </summary>
public sealed class VectorGridTests
{
    private static readonly JsonElement s_cases = ReferenceTable.Load("vector_grid.json").Root;

    public static TheoryData<int, DType> Cases
    {
        get
        {
            var data = new TheoryData<int, DType>();
            for (int i = 0; i < s_cases.GetArrayLength(); i++)
            {
                data.Add(i, DType.Float32);
                data.Add(i, DType.Float64);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Densities_entropies_and_divergences_agree_with_the_table(int index, DType dtype)
    {
        JsonElement entry = s_cases[index];
        string family = entry.GetProperty("family").GetString()!;
        // 1e-5 of the value or 1e-6 nats at the Float32 inputs, 1e-9 of either in Float64.
        (double relative, double absolute) = dtype == DType.Float32 ? (1e-5, 1e-6) : (1e-9, 1e-9);
        Distribution d = Make(family, entry.GetProperty("parameters"), dtype);
        List<string> problems = [];
        foreach (JsonElement point in entry.GetProperty("points").EnumerateArray())
            Add($"log_prob({point[0]})", Number(point[1]), d.LogProb(Of(point[0], dtype)).Item());
        if (entry.TryGetProperty("entropy", out JsonElement entropy))
            Add("entropy", Number(entropy), d.Entropy().Item());
        foreach (JsonElement pair in entry.GetProperty("kl").EnumerateArray())
        {
            double kl = KLDivergence.ClosedForm(d, Make(family, pair[0], dtype))!.Item();
            Add($"KL(|| {pair[0]})", Number(pair[1]), kl);
            if (!(kl >= 0)) problems.Add($"KL(|| {pair[0]}) = {kl}");
        }

        if (KLDivergence.ClosedForm(d, d) is { } itself && !(itself.Item() is >= 0 and < 1e-9))
            problems.Add($"KL of itself = {itself.Item()}");
        Assert.True(
            problems.Count == 0, $"{family}({entry.GetProperty("parameters")})\n" + string.Join("\n", problems));

        void Add(string what, double exact, double actual)
        {
            bool agrees = double.IsFinite(exact)
                ? Math.Abs(actual - exact) <= Math.Max(relative * Math.Abs(exact), absolute) : exact == actual;
            if (!agrees) problems.Add($"{what}: {actual:R} for {exact:R}");
        }
    }

    /// <summary>A vector with a NaN in it has a density of NaN.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void NaN_gives_NaN(int index, DType dtype)
    {
        JsonElement entry = s_cases[index];
        string family = entry.GetProperty("family").GetString()!;
        Distribution d = Make(family, entry.GetProperty("parameters"), dtype);
        Tensor value = Of(entry.GetProperty("points")[0][0], dtype);
        double[] numbers = value.Doubles();
        // The last element of a matrix is on its diagonal, which every density reads.
        numbers[^1] = double.NaN;
        Tensor broken = Tensor.From(numbers, value.Shape).To(dtype);
        if (family == "Wishart") Assert.Throws<ArgumentException>(() => d.LogProb(broken));
        else Assert.Equal(double.NaN, d.LogProb(broken).Item());
    }

    private static Distribution Make(string family, JsonElement p, DType dtype) => family switch
    {
        "Categorical" => new Categorical(Of(p[0], dtype)),
        "Dirichlet" => new Dirichlet(Of(p[0], dtype)),
        "MultivariateNormal" => new MultivariateNormal(Of(p[0], dtype), Of(p[1], dtype)),
        "LowRankMultivariateNormal" => new LowRankMultivariateNormal(Of(p[0], dtype), Of(p[1], dtype), Of(p[2], dtype)),
        "VonMisesFisher" => new VonMisesFisher(Of(p[0], dtype), Of(p[1], dtype)),
        "PowerSpherical" => new PowerSpherical(Of(p[0], dtype), Of(p[1], dtype)),
        "LKJCholesky" => new LKJCholesky(3, Of(p[0], dtype)),
        "Wishart" => new Wishart(Of(p[0], dtype), Of(p[1], dtype)),
        "RelaxedOneHotCategorical" => new RelaxedOneHotCategorical(Of(p[0], dtype), Of(p[1], dtype)),
        "LogisticNormal" => new LogisticNormal(Of(p[0], dtype), Of(p[1], dtype)),
        _ => throw new ArgumentOutOfRangeException(
            nameof(family), family, "The table has a family that this test does not know."),
    };

    /// <summary>Nested arrays as a tensor.</summary>
    private static Tensor Of(JsonElement nested, DType dtype)
    {
        List<int> shape = [];
        for (JsonElement at = nested; at.ValueKind == JsonValueKind.Array; at = at[0]) shape.Add(at.GetArrayLength());
        List<double> numbers = [];
        Collect(nested);
        return Tensor.From([.. numbers], Shape.Create([.. shape])).To(dtype);

        void Collect(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Array) numbers.Add(Number(element));
            else foreach (JsonElement child in element.EnumerateArray()) Collect(child);
        }
    }

    private static double Number(JsonElement v) =>
        v.ValueKind == JsonValueKind.String ? double.Parse(v.GetString()!, CultureInfo.InvariantCulture)
            : v.GetDouble();
}

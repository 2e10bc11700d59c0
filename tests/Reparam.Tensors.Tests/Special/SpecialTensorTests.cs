using Reparam.Tensors.Special;

namespace Reparam.Tensors.Tests.Special;

/// <summary>Tensor operations are the scalar functions, element by element, on any number of threads.</summary>
public sealed class SpecialTensorTests
{
    private static readonly (string Name, Func<Tensor, Tensor, Tensor> Tensors,
        Func<double, double, double> Scalars)[] s_functions =
    [
        ("Atan", (a, _) => a.Atan(), (a, _) => PortableMath.Atan(a)),
        ("LogGamma", (a, _) => a.LogGamma(), (a, _) => SpecialFunctions.LogGamma(a)),
        ("Digamma", (a, _) => a.Digamma(), (a, _) => SpecialFunctions.Digamma(a)),
        ("NormalCdf", (a, _) => a.NormalCdf(), (a, _) => SpecialFunctions.NormalCdf(a)),
        ("LogNormalCdf", (a, _) => a.LogNormalCdf(), (a, _) => SpecialFunctions.LogNormalCdf(a)),
        ("NormalQuantile", (_, p) => p.NormalQuantile(), (_, p) => PortableMath.NormalQuantile(p)),
        ("LogBeta", Tensor.LogBeta, SpecialFunctions.LogBeta),
        ("RegularizedGammaP", Tensor.RegularizedGammaP, SpecialFunctions.RegularizedGammaP),
        ("GammaQuantile", Tensor.GammaQuantile, SpecialFunctions.GammaQuantile),
        ("Pathwise.Gamma", Pathwise.Gamma, SpecialFunctions.GammaPathwise),
        ("LogBesselI", (a, _) => a.LogBesselI(1.5), (a, _) => SpecialFunctions.LogBesselI(1.5, a)),
        ("LogBesselIReduced", (a, _) => a.LogBesselIReduced(1.5), (a, _) => SpecialFunctions.LogBesselIReduced(1.5, a)),
        ("VonMisesFisherQuantile", (a, p) => Tensor.VonMisesFisherQuantile(5, a, p),
            (a, p) => SpecialFunctions.VonMisesFisherQuantile(5, a, p)),
        ("BesselIRatio", (a, _) => a.BesselIRatio(0), (a, _) => SpecialFunctions.BesselIRatio(0, a)),
        ("VonMisesCdf", Tensor.VonMisesCdf, SpecialFunctions.VonMisesCdf),
        ("VonMisesQuantile", Tensor.VonMisesQuantile, SpecialFunctions.VonMisesQuantile),
        ("Pathwise.VonMises", Pathwise.VonMises, SpecialFunctions.VonMisesPathwise),
        ("RegularizedBeta", (a, p) => Tensor.RegularizedBeta(a, p, p),
            (a, p) => SpecialFunctions.RegularizedBeta(a, p, p)),
        ("BetaQuantile", (a, p) => Tensor.BetaQuantile(a, p, p), (a, p) => SpecialFunctions.BetaQuantile(a, p, p)),
        ("Pathwise.BetaA", (a, p) => Pathwise.BetaA(a, p, p), (a, p) => SpecialFunctions.BetaPathwiseA(a, p, p)),
        ("Pathwise.BetaB", (a, p) => Pathwise.BetaB(a, p, p), (a, p) => SpecialFunctions.BetaPathwiseB(a, p, p)),
    ];

    public static TheoryData<int> Functions => [.. Enumerable.Range(0, s_functions.Length)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Elements_have_the_bits_of_the_scalar_function_on_any_number_of_threads(int index)
    {
        var (name, tensors, scalars) = s_functions[index];
        Tensor a = Testing.GradientCheck.Values([1000], 0.05, 9),
            p = Testing.GradientCheck.Values([1000], 0.01, 0.99, 2);
        double[] expected = [.. Enumerable.Range(0, 1000).Select(i => scalars(a.At(i), p.At(i)))];
        int threads = Execution.Threads;
        try
        {
            foreach (int count in (int[])[1, 2, 5])
            {
                Execution.Threads = count;
                Assert.True(expected.SequenceEqual(tensors(a, p).ToArray<double>()), name);
                Tensor single = a.To(DType.Float32), half = p.To(DType.Float32);
                float[] actual = tensors(single, half).ToArray<float>();
                for (int i = 0; i < 1000; i++) Assert.Equal((float)scalars(single.At(i), half.At(i)), actual[i]);
            }
        }
        finally
        {
            Execution.Threads = threads;
        }

    }

    [Fact]
    public void Pathwise_derivatives_broadcast_and_record_nothing()
    {
        Tensor a = Testing.GradientCheck.Values([3, 1], 0.5, 2), x = Testing.GradientCheck.Values([4], 0.5, 2, 2);
        using var tape = new GradientTape();
        Tensor y = Pathwise.Gamma(a, x);
        Assert.Equal<Shape>([3, 4], y.Shape);
        Assert.Equal(SpecialFunctions.GammaPathwise(a.At(2), x.At(1)), y.At(9));
        Assert.All(tape.Gradients(y.Sum(), [a, x])[a].ToArray<double>(), g => Assert.Equal(0, g));
    }
}

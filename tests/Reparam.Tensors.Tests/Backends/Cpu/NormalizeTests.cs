using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

/// <summary>Normalisation and its gradient against the formulas written out in double.</summary>
public sealed class NormalizeTests
{
    [Theory]
    [InlineData(3, 6, 49, 2)]
    [InlineData(1, 1, 9001, 1)] // more than two blocks of the sum
    [InlineData(2, 4, 2, 4)]
    [InlineData(5, 37, 1, 1)]
    [InlineData(2, 12000, 1, 1)]
    [InlineData(4, 8, 1, 2)]
    [InlineData(70, 3, 31, 1)]
    public void Values_statistics_and_gradients_are_those_of_the_formula(int outer, int channels, int inner, int groups)
    {
        NormPlan plan = new(outer, channels, inner, groups, 1e-3);
        foreach (DType type in Enum.GetValues<DType>())
        {
            int length = outer * channels * inner, parts = outer * channels;
            TensorBuffer x = Buffers.Noise(type, length, 1), g = Buffers.Noise(type, length, 2),
                weight = Buffers.Noise(type, channels, 3), bias = Buffers.Noise(type, channels, 4);
            TensorBuffer y = Buffers.New(type, length), statistics = Buffers.New(type, 3 * plan.Sets),
                dx = Buffers.New(type, length);
            TensorBuffer byWeight = Buffers.New(type, parts), byBias = Buffers.New(type, parts);
            Backend.Current.Normalize(x, weight, bias, y, statistics, plan);
            Backend.Current.NormalizeGradient(g, x, weight, statistics, dx, byWeight, inner == 1 ? null : byBias, plan);

            // Values of order 1 (gradients of order 10 where a set has few elements), rounded a handful of times: a few
            // dozen ulps of 1, sums of up to 9001 terms a few times that.
            double tolerance = type == DType.Float32 ? 2e-5 : 4e-14;
            int run = channels / groups;
            for (int set = 0; set < plan.Sets; set++)
            {
                int first = set * run * inner, count = run * inner;
                int[] all = [.. Enumerable.Range(first, count)];
                double mean = all.Average(i => Buffers.Get(x, i)), variance = all.Average(
                    i => Math.Pow(Buffers.Get(x, i) - mean, 2)), inverse = 1 / Math.Sqrt(variance + 1e-3);
                Near(mean, Buffers.Get(statistics, set), tolerance);
                Near(inverse, Buffers.Get(statistics, plan.Sets + set), tolerance * inverse);
                Near(variance, Buffers.Get(statistics, 2 * plan.Sets + set), tolerance);
                double Normal(int i) => (Buffers.Get(x, i) - mean) * inverse;
                int Channel(int i) => i / inner % channels;
                double Back(int i) => Buffers.Get(g, i) * Buffers.Get(weight, Channel(i));
                double meanBack = all.Average(Back), meanProduct = all.Average(i => Back(i) * Normal(i));
                foreach (int i in all)
                {
                    Near(Normal(i) * Buffers.Get(weight, Channel(i)) + Buffers.Get(bias, Channel(i)),
                        Buffers.Get(y, i), tolerance);
                    Near(inverse * (Back(i) - meanBack - Normal(i) * meanProduct), Buffers.Get(dx, i),
                        tolerance * 10 * Math.Max(1, inverse));
                }

                for (int part = set * run; part < (set + 1) * run; part++)
                {
                    int[] own = [.. Enumerable.Range(part * inner, inner)];
                    Near(own.Sum(i => Buffers.Get(g, i) * Normal(i)), Buffers.Get(byWeight, part),
                        tolerance * 10 * Math.Sqrt(inner));
                    if (inner > 1)
                    {
                        Near(own.Sum(i => Buffers.Get(g, i)), Buffers.Get(byBias, part),
                            tolerance * 10 * Math.Sqrt(inner));
                    }
                }
            }
        }
    }

    [Fact]
    public void NaN_stays_within_its_set()
    {
        foreach (DType type in Enum.GetValues<DType>())
        {
            TensorBuffer x = Buffers.Noise(type, 4 * 45, 1), y = Buffers.New(type, 4 * 45),
                statistics = Buffers.New(type, 12);
            Buffers.Set(x, 2 * 45 + 44, double.NaN);
            Backend.Current.Normalize(x, null, null, y, statistics, new NormPlan(4, 1, 45, 1, 1e-5));
            for (int i = 0; i < 4 * 45; i++) Assert.Equal(i / 45 == 2, double.IsNaN(Buffers.Get(y, i)));
        }
    }

    private static void Near(double expected, double actual, double tolerance) =>
        Assert.InRange(actual - expected, -tolerance, tolerance);
}

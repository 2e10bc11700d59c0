using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Testing;

/// <summary>Comparison of numbers with a tolerance relative to the larger of the expected magnitude and 1.</summary>
public static class Close
{
    /// <summary>All elements of a tensor as doubles.</summary>
    public static double[] Doubles(this Tensor tensor) => tensor.To(DType.Float64).ToArray<double>();

    /// <summary>Fails unless |actual - expected| is at most tolerance max(1, |expected|) for each element.</summary>
    public static void Require(
        ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what = "value")
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {expected.Length} expected, {actual.Length} given");
        for (int i = 0; i < expected.Length; i++)
        {
            // The same infinity, or NaN where NaN is expected.
            if (actual[i].Equals(expected[i])) continue;
            if (Math.Abs(actual[i] - expected[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i]))) continue;
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what} [{i}]: expected {expected[i]:R}, got " +
                $"{actual[i]:R}, tolerance {tolerance:G2}"));
        }
    }

    /// <inheritdoc cref="Require(ReadOnlySpan{double}, ReadOnlySpan{double}, double, string)"/>
    public static void Require(double expected, double actual, double tolerance, string what = "value") =>
        Require([expected], [actual], tolerance, what);

    /// <summary>The largest deviation of a tensor relative to the largest magnitude of what is expected.</summary>
    public static double Error(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        double largest = 0, difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            difference = Math.Max(difference, Math.Abs(expected[i] - actual[i]));
        }

        return difference / largest;
    }
}

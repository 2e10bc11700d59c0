using Reparam.Tensors.Tests.Backends.Cpu;

namespace Reparam.Tensors.Tests;

public sealed class PortableMathTests
{
    /// <summary>Values computed with mpmath in 40 digits and rounded to double.</summary>
    [Theory]
    [InlineData(1e-09, 1.1283791670955127e-09, 0.9999999988716208)]
    [InlineData(0.01, 0.011283415555849618, 0.9887165844441503)]
    [InlineData(0.3, 0.3286267594591274, 0.6713732405408726)]
    [InlineData(0.75, 0.7111556336535151, 0.28884436634648486)]
    [InlineData(0.99, 0.8385080695553698, 0.1614919304446302)]
    [InlineData(1.0, 0.8427007929497149, 0.15729920705028513)]
    [InlineData(1.01, 0.8468104962282768, 0.1531895037717233)]
    [InlineData(1.7, 0.9837904585907745, 0.01620954140922544)]
    [InlineData(2.5, 0.999593047982555, 0.0004069520174449589)]
    [InlineData(3.9, 0.9999999652077514, 3.4792248597231765e-08)]
    [InlineData(5.5, 0.9999999999999927, 7.357847917974398e-15)]
    [InlineData(8.0, 1.0, 1.1224297172982926e-29)]
    [InlineData(15.0, 1.0, 7.212994172451207e-100)]
    [InlineData(26.0, 1.0, 5.663192408856143e-296)]
    public void Erf_and_Erfc_match_reference_values(double x, double erf, double erfc)
    {
        Buffers.AssertUlps(DType.Float64, erf, PortableMath.Erf(x), 3, $"erf({x})");
        Buffers.AssertUlps(DType.Float64, erfc, PortableMath.Erfc(x), 8, $"erfc({x})");
        Assert.Equal(-PortableMath.Erf(x), PortableMath.Erf(-x));
    }

    /// <summary>Values computed with mpmath in 40 digits and rounded to double.</summary>
    [Theory]
    [InlineData(1e-300, -37.0470962993612)]
    [InlineData(1e-100, -21.273453560965326)]
    [InlineData(1e-20, -9.262340089798407)]
    [InlineData(1e-10, -6.361340902404057)]
    [InlineData(1e-05, -4.264890793922825)]
    [InlineData(0.001, -3.0902323061678136)]
    [InlineData(0.025, -1.9599639845400543)]
    [InlineData(0.2, -0.8416212335729142)]
    [InlineData(0.45, -0.12566134685507402)]
    [InlineData(0.6, 0.2533471031357997)]
    [InlineData(0.975, 1.9599639845400538)]
    [InlineData(0.999, 3.090232306167813)]
    public void NormalQuantile_matches_reference_values(double p, double z) =>
        Assert.InRange(
            PortableMath.NormalQuantile(p), z - 1e-14 * Math.Max(1, Math.Abs(z)), z + 1e-14 * Math.Max(1, Math.Abs(z)));

    [Fact]
    public void NormalQuantile_has_exact_limits()
    {
        Assert.Equal(double.NegativeInfinity, PortableMath.NormalQuantile(0));
        Assert.Equal(double.PositiveInfinity, PortableMath.NormalQuantile(1));
        Assert.Equal(0, PortableMath.NormalQuantile(0.5), 1e-16);
        Assert.True(
            double.IsNaN(PortableMath.NormalQuantile(1.5)) && double.IsNaN(PortableMath.NormalQuantile(double.NaN)));
    }

    /// <summary>Values computed with mpmath in 40 digits and rounded to double.</summary>
    [Theory]
    [InlineData(1e-300, 1e-300)]
    [InlineData(1e-09, 1e-09)]
    [InlineData(0.1, 0.09966865249116204)]
    [InlineData(0.4142, 0.3926875054336765)]
    [InlineData(0.41422, 0.39270457654448965)]
    [InlineData(0.7, 0.6107259643892086)]
    [InlineData(1.0, 0.7853981633974483)]
    [InlineData(1.0000001, 0.7853982133974459)]
    [InlineData(2.41, 1.177479262631279)]
    [InlineData(2.42, 1.1789429189731648)]
    [InlineData(5.0, 1.373400766945016)]
    [InlineData(1000.0, 1.5697963271282298)]
    [InlineData(1e+17, 1.5707963267948966)]
    public void Atan_matches_reference_values_and_is_odd(double x, double atan)
    {
        Buffers.AssertUlps(DType.Float64, atan, PortableMath.Atan(x), 2, $"atan({x})");
        Assert.Equal(-PortableMath.Atan(x), PortableMath.Atan(-x));
    }

    [Fact]
    public void Atan_has_exact_limits_and_is_within_three_ulps_of_the_library()
    {
        Assert.Equal(Math.PI / 2, PortableMath.Atan(double.PositiveInfinity));
        Assert.Equal(-Math.PI / 2, PortableMath.Atan(double.NegativeInfinity));
        Assert.True(double.IsNegative(PortableMath.Atan(-0.0)));
        Assert.True(double.IsNaN(PortableMath.Atan(double.NaN)));
        for (int i = 0; i <= 4000; i++)
        {
            Buffers.AssertUlps(
                DType.Float64, Math.Atan(i * 1e-3 + 1e-5), PortableMath.Atan(i * 1e-3 + 1e-5), 3, $"atan {i}");
        }
    }

    [Theory]
    [InlineData(0.999, 1000.5)]
    [InlineData(2, 10)]
    [InlineData(10, -3)]
    [InlineData(0, 0)]
    [InlineData(0, 2.5)]
    [InlineData(1.5, 0.3)]
    public void Pow_matches_the_library(double x, double y)
    {
        double expected = Math.Pow(x, y);
        Assert.InRange(PortableMath.Pow(x, y), expected * (1 - 1e-14), expected * (1 + 1e-14));
    }

    [Fact]
    public void Pow_has_the_limits_and_signs_of_the_library()
    {
        double[] numbers =
        [
            0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 65, -65, 66, 1000.5, -1000.5, 1e16, -1e16, 9007199254740993,
            double.PositiveInfinity, double.NegativeInfinity, double.NaN,
        ];
        foreach (double x in numbers)
        {
            foreach (double y in numbers)
            {
                double expected = Math.Pow(x, y), actual = PortableMath.Pow(x, y);
                bool close = Math.Abs(actual - expected) <= 1e-13 * Math.Abs(expected) && double.IsFinite(expected);
                Assert.True(close || actual.Equals(expected), $"{x}^{y} is {expected}, not {actual}");
                bool isNegative = !double.IsNaN(expected) && double.IsNegative(expected);
                Assert.Equal(isNegative, !double.IsNaN(actual) && double.IsNegative(actual));
            }
        }
    }

    [Fact]
    public void Elementary_functions_are_within_two_ulps_of_the_library()
    {
        for (int i = -2000; i <= 2000; i++)
        {
            double x = i * 0.01 + 1e-4;
            Buffers.AssertUlps(DType.Float64, Math.Exp(x), PortableMath.Exp(x), 2, $"exp({x})");
            Buffers.AssertUlps(DType.Float64, Math.Tanh(x), PortableMath.Tanh(x), 4, $"tanh({x})");
            Buffers.AssertUlps(DType.Float64, Math.Sin(x), PortableMath.Sin(x), 2, $"sin({x})");
            Buffers.AssertUlps(DType.Float64, Math.Cos(x), PortableMath.Cos(x), 2, $"cos({x})");
            Buffers.AssertUlps(DType.Float64, Math.Log(Math.Abs(x)), PortableMath.Log(Math.Abs(x)), 2, $"log({x})");
        }
    }
}

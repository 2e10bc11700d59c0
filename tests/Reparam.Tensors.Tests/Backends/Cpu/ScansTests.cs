using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

public sealed class ScansTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void IsFinite_finds_one_bad_element_anywhere(DType type)
    {
        foreach (int length in new[] { 0, 1, 3, 17, 100, 200_000 })
        {
            TensorBuffer x = Buffers.Noise(type, length, 1);
            Assert.True(Backend.Current.IsFinite(x));
            foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
            {
                for (int i = 0; i < length; i += 1 + length / 7)
                {
                    double kept = Buffers.Get(x, i);
                    Buffers.Set(x, i, bad);
                    Assert.False(Backend.Current.IsFinite(x));
                    Buffers.Set(x, i, kept);
                }
            }
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void FromBytes_scales_every_level(DType type)
    {
        byte[] levels = [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * 7))];
        TensorBuffer y = Buffers.New(type, levels.Length);
        Backend.Current.FromBytes(levels, y, 1 / 255.0, -0.25);
        // The scale is rounded to the type, then one FMA: two ulps of the product, which is at most 1.
        for (int i = 0; i < levels.Length; i++)
        {
            Assert.InRange(Buffers.Get(y, i) - (levels[i] / 255.0 - 0.25), -2 * Buffers.Ulp(type, 0.9),
                2 * Buffers.Ulp(type, 0.9));
        }
    }

    [Fact]
    public void Fill_sets_every_element()
    {
        TensorBuffer y = Buffers.New(DType.Float32, 33);
        Backend.Current.Fill(y, 0.1);
        Assert.All(Buffers.ToArray(y), v => Assert.Equal(0.1f, v));
    }

    [Fact]
    public void Kernels_refuse_buffers_that_do_not_fit() =>
        Assert.Throws<ArgumentException>(
            () => Backend.Current.Unary(UnaryKernel.Exp, Buffers.New(DType.Float32, 3), Buffers.New(DType.Float32, 4)));
}

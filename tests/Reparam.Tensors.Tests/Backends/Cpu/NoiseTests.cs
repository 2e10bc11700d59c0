using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;
using Reparam.Tensors.Random;

namespace Reparam.Tensors.Tests.Backends.Cpu;

public sealed class NoiseTests
{
    /// <summary>The known answers of the Random123 distribution (kat_vectors, philox4x32 10).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu,
        0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_known_answers(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3) =>
        Assert.Equal((w0, w1, w2, w3), Philox.Block(c0, c1, c2, c3, k0, k1));

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Noise_follows_its_coordinates(DType type)
    {
        NoiseStream stream = new(0x123456789ABCDEF0, 7, 8, 0xFFFFFFF0);
        const int outer = 3, samples = 4, inner = 301;
        TensorBuffer uniform = Buffers.New(type, outer * samples * inner), open = Buffers.New(type, uniform.Length),
            normal = Buffers.New(type, uniform.Length);
        Backend.Current.Random(RandomKernel.Uniform, uniform, stream, outer, samples, inner);
        Backend.Current.Random(RandomKernel.UniformOpen, open, stream, outer, samples, inner);
        Backend.Current.Random(RandomKernel.Normal, normal, stream, outer, samples, inner);
        for (int i = 0; i < uniform.Length; i++)
        {
            int e = i / (samples * inner) * inner + i % inner, s = i / inner % samples;
            uint block = (uint)(type == DType.Float32 ? e / 4 : e / 2);
            (uint w0, uint w1, uint w2, uint w3) = Philox.Block(block, stream.FirstSample + (uint)s, stream.Step,
                stream.Draw, (uint)stream.Key, (uint)(stream.Key >> 32));
            double u1, u2;
            if (type == DType.Float32)
            {
                uint w = new[] { w0, w1, w2, w3 }[e % 4];
                Assert.Equal((w >> 8) * Math.Pow(2, -24), Buffers.Get(uniform, i));
                Assert.Equal(((w >> 9) + 0.5) * Math.Pow(2, -23), Buffers.Get(open, i));
                (uint a, uint b) = e % 4 < 2 ? (w0, w1) : (w2, w3);
                u1 = MathF.FusedMultiplyAdd(a, 1 / 4294967296f, 1 / 8589934592f);
                u2 = (b >> 8) * Math.Pow(2, -24);
            }
            else
            {
                ulong a = w0 | ((ulong)w1 << 32), b = w2 | ((ulong)w3 << 32), w = e % 2 == 0 ? a : b;
                Assert.Equal((w >> 11) * Math.Pow(2, -53), Buffers.Get(uniform, i));
                Assert.Equal(((w >> 12) + 0.5) * Math.Pow(2, -52), Buffers.Get(open, i));
                u1 = (a >> 11) * Math.Pow(2, -53) + Math.Pow(2, -54);
                u2 = (b >> 11) * Math.Pow(2, -53);
            }

            double radius = Math.Sqrt(-2 * Math.Log(u1));
            double expected = radius * (e % 2 == 0 ? Math.Cos(2 * Math.PI * u2) : Math.Sin(2 * Math.PI * u2));
            Assert.InRange(
                Buffers.Get(normal, i) - expected, -6 * Buffers.Ulp(type, radius), 6 * Buffers.Ulp(type, radius));
        }
    }

    [Theory]
    [InlineData(DType.Float32, 5, 37)]
    [InlineData(DType.Float64, 1, 9000)]
    public void Noise_of_a_sample_does_not_depend_on_the_batch(DType type, int outer, int inner)
    {
        NoiseStream stream = new(42, 1, 2, 10);
        TensorBuffer all = Buffers.New(type, outer * 6 * inner), some = Buffers.New(type, outer * 2 * inner);
        Backend.Current.Random(RandomKernel.Normal, all, stream, outer, 6, inner);
        Backend.Current.Random(RandomKernel.Normal, some, stream with { FirstSample = 13 }, outer, 2, inner);
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < 2 * inner; i++)
                Assert.Equal(Buffers.Get(all, o * 6 * inner + 3 * inner + i), Buffers.Get(some, o * 2 * inner + i));
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Noise_is_distributed_as_named(DType type)
    {
        const int count = 200_000;
        foreach (RandomKernel kernel in Enum.GetValues<RandomKernel>())
        {
            double[] x = Buffers.ToArray(Buffers.Noise(type, count, 11, kernel));
            bool normal = kernel == RandomKernel.Normal;
            double mean = x.Average(), variance = x.Select(v => (v - mean) * (v - mean)).Average();
            // Five standard errors: sd / sqrt(n) for the mean; for the variance sqrt((m4 - var^2) / n).
            Assert.InRange(mean - (normal ? 0 : 0.5), -5 * (normal ? 1 : 0.2887) / Math.Sqrt(count),
                5 * (normal ? 1 : 0.2887) / Math.Sqrt(count));
            Assert.InRange(variance - (normal ? 1 : 1 / 12.0), -5 * (normal ? 1.4143 : 0.0746) / Math.Sqrt(count),
                5 * (normal ? 1.4143 : 0.0746) / Math.Sqrt(count));
            // Dvoretzky, Kiefer and Wolfowitz: P(sup |F_n - F| > d) <= 2 exp(-2 n d^2), 1e-6 here.
            Array.Sort(x);
            double bound = Math.Sqrt(Math.Log(2e6) / (2.0 * count));
            for (int i = 0; i < count; i += 50)
            {
                double cdf = normal ? 0.5 * PortableMath.Erfc(-x[i] * Math.Sqrt(0.5)) : x[i];
                Assert.InRange(cdf - (i + 0.5) / count, -bound, bound);
            }
        }
    }
}

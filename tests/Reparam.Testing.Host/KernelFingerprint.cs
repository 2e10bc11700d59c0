using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Reparam.Tensors;
using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Testing.Host;

/// <summary>SHA-256 of the output of every kernel over fixed inputs, special values among them.</summary>
public static class KernelFingerprint
{
    private static readonly Backend s_backend = Backend.Current;

    /// <summary>A name and a hash for every kernel and element type.</summary>
    public static IReadOnlyList<(string Name, string Hash)> Compute()
    {
        List<(string, string)> hashes = [];
        foreach (DType type in Enum.GetValues<DType>())
        {
            Elementwise(type, hashes);
            Others(type, hashes);
            Products(type, hashes);
            Pools(type, hashes);
            Norms(type, hashes);
            Convolutions(type, hashes);
            Positions(type, hashes);
        }

        Special(hashes);

        return hashes;
    }

    private static void Elementwise(DType type, List<(string, string)> hashes)
    {
        const int length = 1037; // no multiple of any vector
        TensorBuffer a = Noise(type, length, 1), b = Noise(type, length, 2), y = New(type, length);
        s_backend.Unary(UnaryKernel.Affine, b, b, 30, 1); // far into the tails of the functions
        Specials(a, 100);
        Specials(b, 112);
        foreach (UnaryKernel kernel in Enum.GetValues<UnaryKernel>())
        {
            s_backend.Unary(kernel, a, y, -0.5, 0.75);
            string near = Hash(y);
            s_backend.Unary(kernel, b, y, -0.5, 0.75);
            hashes.Add(($"{type} {kernel}", near[..16] + Hash(y)[..16]));
        }

        BroadcastPlan same = BroadcastPlan.Create([length], [length]);
        BroadcastPlan row = BroadcastPlan.Create([17, 61], [61]),
            column = BroadcastPlan.Create([17, 1, 61], [17, 1, 1]);
        foreach (BinaryKernel kernel in Enum.GetValues<BinaryKernel>())
        {
            s_backend.Binary(kernel, b, a, y, same, -0.5, 0.75);
            string text = Hash(y)[..16];
            s_backend.Binary(kernel, b, a, y, row, -0.5, 0.75);
            text += Hash(y)[..16];
            s_backend.Binary(kernel, b, a, y, column, -0.5, 0.75);
            hashes.Add(($"{type} {kernel}", text + Hash(y)[..16]));
        }
    }

    private static void Others(DType type, List<(string, string)> hashes)
    {
        TensorBuffer x = Noise(type, 3 * 300 * 67, 3);
        foreach (ReduceKernel kernel in Enum.GetValues<ReduceKernel>())
        {
            foreach ((int outer, int reduce, int inner) in new[] {
                (1, 60300, 1), (900, 67, 1), (3, 300, 67), (1, 900, 67), (60300, 1, 1) })
            {
                TensorBuffer y = New(type, outer * inner);
                s_backend.Reduce(kernel, x, y, outer, reduce, inner);
                hashes.Add(($"{type} {kernel} {outer}x{reduce}x{inner}", Hash(y)));
            }
        }

        foreach (RandomKernel kernel in Enum.GetValues<RandomKernel>())
        {
            TensorBuffer y = New(type, 3 * 5 * 37);
            s_backend.Random(kernel, y, new NoiseStream(0x0123456789ABCDEF, 1, 2, 3), 3, 5, 37);
            hashes.Add(($"{type} {kernel}", Hash(y)));
        }

        TensorBuffer scale = Noise(type, 5 * 37, 11), loc = Noise(type, 5 * 37, 12), draws = New(type, 3 * 5 * 37);
        s_backend.Random(
            RandomKernel.Normal, draws, new NoiseStream(0x0123456789ABCDEF, 1, 2, 3), 3, 5, 37, scale, loc);
        hashes.Add(($"{type} Normal with location and scale", Hash(draws)));
        hashes.Add(($"{type} SumOfSquares",
            s_backend.SumOfSquares(x).ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        foreach (DensityKernel kernel in Enum.GetValues<DensityKernel>())
        {
            foreach ((int rows, int columns) in new[] { (60, 1005), (12, 5025), (900, 67) })
            {
                TensorBuffer y = New(type, rows), first = New(type, rows * columns), second = New(type, rows * columns);
                s_backend.Density(
                    kernel, x, x, x, x, y, first, second, new DensityPlan(rows, columns, rows, rows, rows, rows));
                hashes.Add(($"{type} {kernel} {rows}x{columns}", Hash(y)[..16] + Hash(
                    first)[..16] + (kernel == DensityKernel.BernoulliLogits ? "" : Hash(second)[..16])));
            }
        }

        foreach (UpdateKernel kernel in Enum.GetValues<UpdateKernel>())
        {
            TensorBuffer p = Noise(type, 1001, 4), g = Noise(type, 1001, 5), m = Noise(type, 1001, 6),
                v = Noise(type, 1001, 7);
            s_backend.Unary(UnaryKernel.Square, v, v);
            s_backend.Update(
                kernel, p, g, m, v, new UpdateScalars(1e-2, 1e-3, 0.9, 0.999, 1e-8, 0.1, 0.001, true, 0.5));
            hashes.Add(($"{type} {kernel}", Hash(p)[..16] + Hash(m)[..16] + Hash(v)[..16]));
        }

        TensorBuffer pixels = New(type, 999);
        s_backend.FromBytes([.. Enumerable.Range(0, 999).Select(i => (byte)i)], pixels, 1 / 255.0, -0.1);
        hashes.Add(($"{type} FromBytes", Hash(pixels)));
    }

    /// <summary>Functions of up to three numbers, near 0 and far out; those outside of a domain are NaN.</summary>
    private static void Special(List<(string, string)> hashes)
    {
        double[] numbers = [1e-3, 0.7, 3, 40, 1e5, double.NaN], thirds = [0.2, 0.9, 3];
        (double A, double B, double C)[] points =
            [.. from first in numbers from second in numbers from third in thirds select (first, second, third)];
        TensorBuffer a = Of(points.Select(p => p.A)), b = Of(points.Select(p => p.B)), c = Of(points.Select(p => p.C));
        TensorBuffer y = New(DType.Float64, points.Length);
        foreach (SpecialKernel kernel in Enum.GetValues<SpecialKernel>())
        {
            s_backend.Special(kernel, a, b, c, y);
            hashes.Add(($"{kernel}", Hash(y)));
        }
    }

    private static void Products(DType type, List<(string, string)> hashes)
    {
        foreach ((int m, int n, int k) in new[] { (5, 3, 7), (37, 45, 70), (13, 2, 600), (1, 33, 1100), (61, 20, 40),
            (4, 75, 1030), (100, 3, 70), (2, 9, 513), (30, 70, 1024), (1024, 40, 30), (6, 50, 333), (51, 3, 79) })
        {
            TensorBuffer a = Noise(type, m * k, 8), b = Noise(type, k * n, 9), bias = Noise(type, n, 10),
                c = New(type, m * n);
            foreach (bool transposeA in new[] { false, true })
            {
                foreach (bool transposeB in new[] { false, true })
                {
                    s_backend.MatMul(a, b, bias, c, new MatMulPlan(m, n, k, transposeA, transposeB));
                    hashes.Add(($"{type} MatMul {m}x{n}x{k} {transposeA} {transposeB}", Hash(c)));
                }
            }
        }

        TensorBuffer left = Noise(type, 9 * 37 * 70, 11), right = Noise(type, 9 * 70 * 45, 12),
            products = New(type, 9 * 37 * 45);
        s_backend.MatMul(left, right, null, products, new MatMulPlan(37, 45, 70, false, false, 9));
        hashes.Add(($"{type} MatMul 9x37x45x70", Hash(products)));
    }

    private static void Pools(DType type, List<(string, string)> hashes)
    {
        PoolPlan plan = new(300, 13, 11, 7, 6, 3, 2, 2, 2, 1, 1, 0.3);
        TensorBuffer x = Noise(type, 300 * 13 * 11, 11), g = Noise(type, 300 * 7 * 6, 12), y = New(type, g.Length),
            dx = New(type, x.Length);
        Specials(x, 500);
        foreach (PoolKernel kernel in Enum.GetValues<PoolKernel>())
        {
            bool forward = kernel is PoolKernel.Sum or PoolKernel.Max;
            s_backend.Pool(kernel, forward ? x : g, x, forward ? y : dx, plan);
            hashes.Add(($"{type} Pool {kernel}", Hash(forward ? y : dx)));
        }
    }

    private static void Norms(DType type, List<(string, string)> hashes)
    {
        foreach (NormPlan plan in new NormPlan[] { new(5, 12, 49, 3, 1e-5), new(300, 45, 1, 1, 1e-5),
            new(70, 8, 1, 2, 1e-3), new(1, 3, 9001, 3, 1e-5), new(2, 2, 4096, 1, 1e-5) })
        {
            int length = plan.Outer * plan.Channels * plan.Inner, parts = plan.Outer * plan.Channels;
            TensorBuffer x = Noise(type, length, 13), g = Noise(type, length, 14),
                weight = Noise(type, plan.Channels, 15), bias = Noise(type, plan.Channels, 16);
            TensorBuffer y = New(type, length), statistics = New(type, 3 * plan.Sets), dx = New(type, length),
                byWeight = New(type, parts), byBias = New(type, parts);
            s_backend.Unary(UnaryKernel.Affine, x, x, 2, 30); // a mean far from 0
            foreach (bool plain in new[] { false, true })
            {
                s_backend.Normalize(x, plain ? null : weight, plain ? null : bias, y, statistics, plan);
                s_backend.NormalizeGradient(g, x, plain ? null : weight, statistics, dx, plain ? null : byWeight,
                    plan.Inner == 1 ? null : byBias, plan);
                string sums = plain ? "" : Hash(byWeight)[..8] + (plan.Inner == 1 ? "" : Hash(byBias)[..8]);
                hashes.Add(
                    ($"{type} Norm {plan} {plain}", Hash(y)[..16] + Hash(statistics)[..16] + Hash(dx)[..16] + sums));
            }
        }
    }

    private static void Convolutions(DType type, List<(string, string)> hashes)
    {
        ConvolutionPlan[] plans =
        [
            new(5, 3, (28, 28), 13, (14, 14), 4, 2, 1, 1, 1), // the first layer of an encoder
            new(5, 20, (14, 14), 30, (7, 7), 4, 2, 1, 1, 1), // the second
            new(3, 70, (9, 8), 20, (9, 8), 3, 1, 1, 1, 1), // more than a block of the inner dimension
            new(2, 6, (31, 45), 4, (13, 15), (3, 5), (2, 3), (0, 2), (3, 1), 2), // bands, groups, odd everything
        ];
        foreach (ConvolutionPlan plan in plans)
        {
            TensorBuffer image = Noise(type, (int)plan.ImageSize, 13), weight = Noise(type, (int)plan.WeightSize, 14),
                features = Noise(type, (int)plan.FeatureSize, 15);
            TensorBuffer byChannel = Noise(type, plan.Channels, 16), byFeature = Noise(type, plan.Features, 17);
            TensorBuffer imageResult = New(type, image.Length), weightResult = New(type, weight.Length),
                featureResult = New(type, features.Length);
            s_backend.Convolution(ConvolutionKernel.Features, image, weight, featureResult, byFeature, plan);
            s_backend.Convolution(ConvolutionKernel.Image, imageResult, weight, features, byChannel, plan);
            s_backend.Convolution(ConvolutionKernel.Weight, image, weightResult, features, null, plan);
            hashes.Add(
                ($"{type} {plan}", Hash(featureResult)[..16] + Hash(imageResult)[..16] + Hash(weightResult)[..16]));
        }
    }

    private static void Positions(DType type, List<(string, string)> hashes)
    {
        foreach (var (outer, extent, inner) in new[] { (1, 60300, 1), (900, 67, 1), (3, 300, 67), (1, 60, 1005) })
        {
            TensorBuffer x = Noise(type, outer * extent * inner, 13), sums = New(type, x.Length);
            foreach (bool backward in new[] { false, true })
            {
                s_backend.CumulativeSum(x, sums, outer, extent, inner, backward);
                hashes.Add(($"{type} CumulativeSum {outer}x{extent}x{inner} {backward}", Hash(sums)));
            }

            const int count = 43;
            foreach (bool perElement in new[] { false, true })
            {
                int[] positions = new int[perElement ? outer * count * inner : count];
                for (int i = 0; i < positions.Length; i++) positions[i] = (int)(i * 7919L % extent % 29);
                PickPlan plan = new(outer, extent, count, inner, perElement);
                TensorBuffer y = New(type, outer * count * inner), dx = New(type, x.Length);
                s_backend.Pick(x, positions, y, plan);
                s_backend.PickGradient(y, positions, dx, plan);
                hashes.Add(($"{type} {plan}", Hash(y)[..16] + Hash(dx)[..16]));
            }
        }
    }

    private static TensorBuffer New(DType type, int length)
    {
        TensorBuffer buffer = new(type, (long)length * TensorBuffer.SizeOf(type));
        buffer.Use(type, length);
        return buffer;
    }

    private static TensorBuffer Of(IEnumerable<double> values)
    {
        double[] content = [.. values];
        TensorBuffer buffer = New(DType.Float64, content.Length);
        content.CopyTo(buffer.AsSpan<double>());
        return buffer;
    }

    private static TensorBuffer Noise(DType type, int length, ulong key)
    {
        TensorBuffer buffer = New(type, length);
        s_backend.Random(RandomKernel.Normal, buffer, new NoiseStream(key, 0, 0, 0), 1, 1, length);
        return buffer;
    }

    private static void Specials(TensorBuffer x, int start)
    {
        double[] values = [0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1e-40, -1e-310, 1e30,
            -1e4, 88.9, -103.5, -1, 1];
        for (int i = 0; i < values.Length; i++)
        {
            if (x.DType == DType.Float32) x.AsSpan<float>()[start + i] = (float)values[i];
            else x.AsSpan<double>()[start + i] = values[i];
        }
    }

    /// <summary>NaNs count as one value: their sign and payload are the processor's choice.</summary>
    internal static string Hash(TensorBuffer x)
    {
        if (x.DType == DType.Float32)
        {
            foreach (ref float value in x.AsSpan<float>()) if (float.IsNaN(value)) value = float.NaN;
        }
        else
        {
            foreach (ref double value in x.AsSpan<double>()) if (double.IsNaN(value)) value = double.NaN;
        }

        return Convert.ToHexStringLower(SHA256.HashData(
            x.DType == DType.Float32 ? MemoryMarshal.Cast<float, byte>(
                x.AsSpan<float>()) : MemoryMarshal.Cast<double, byte>(x.AsSpan<double>())));
    }
}

using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

public sealed class UpdateTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Update_matches_the_formulas(DType type)
    {
        foreach (UpdateKernel kernel in Enum.GetValues<UpdateKernel>())
        {
            foreach (bool flag in new[] { false, true })
            {
                const int length = 1003;
                UpdateScalars s = new(0.01, 0.1, 0.9, 0.99, 1e-3, 0.19, 0.0199, flag, 0.5);
                TensorBuffer p = Buffers.Noise(type, length, 1), g = Buffers.Noise(type, length, 2),
                    m = Buffers.Noise(type, length, 3), v = Buffers.Noise(type, length, 4);
                Backend.Current.Unary(UnaryKernel.Exp, v, v);
                double[] p0 = Buffers.ToArray(p), m0 = Buffers.ToArray(m), v0 = Buffers.ToArray(v);
                bool hasFirst = kernel != UpdateKernel.RmsProp || flag;
                Backend.Current.Update(kernel, p, g, hasFirst ? m : null, v, s);
                for (int i = 0; i < length; i++)
                {
                    (double pe, double me, double ve) = Step(
                        kernel, p0[i], 0.5 * Buffers.Get(g, i), m0[i], v0[i], s, hasFirst);
                    // The values are of order one: a few roundings of terms up to about 10.
                    double tolerance = 8 * Buffers.Ulp(type, 4 + Math.Abs(pe) + Math.Abs(ve));
                    Assert.InRange(Buffers.Get(p, i) - pe, -tolerance, tolerance);
                    Assert.InRange(Buffers.Get(m, i) - me, -tolerance, tolerance);
                    Assert.InRange(Buffers.Get(v, i) - ve, -tolerance, tolerance);
                }
            }
        }
    }

    /// <summary>The states of a parameter whose gradients have ended decay to 0 without ever being denormal, and its
    /// value stays finite, also where epsilon is 0.</summary>
    [Theory]
    [InlineData(DType.Float32, 1500)]
    [InlineData(DType.Float64, 10_000)]
    public void States_end_at_0(DType type, int steps)
    {
        foreach (UpdateKernel kernel in Enum.GetValues<UpdateKernel>())
        {
            // A decay of 0.9 for both states, so that both would pass through the denormal numbers.
            UpdateScalars s = new(0.01, 0, 0.9, 0.9, 0, 1, 1, false);
            double[] start = [1, 1e-3, 1e-10, 1e-18];
            TensorBuffer p = Buffers.Of(type, 1, 1, 1, 1), g = Buffers.Of(type, start), m = Buffers.Of(type, start),
                v = Buffers.Of(type, start);
            for (int step = 0; step < steps; step++)
            {
                Backend.Current.Update(kernel, p, g, m, v, s);
                Assert.DoesNotContain(Buffers.ToArray(p), double.IsNaN);
                foreach (double state in (double[])[.. Buffers.ToArray(m), .. Buffers.ToArray(v)])
                    Assert.False(type == DType.Float32 ? float.IsSubnormal((float)state) : double.IsSubnormal(state));
                g = Buffers.Of(type, 0, 0, 0, 0);
            }

            bool usesFirst = kernel is not (UpdateKernel.Sgd or UpdateKernel.Adagrad);
            if (usesFirst) Assert.Equal(new double[4], Buffers.ToArray(m));
        }
    }

    [Fact]
    public void Update_without_its_state_throws()
    {
        TensorBuffer p = Buffers.Of(DType.Float32, 1), g = Buffers.Of(DType.Float32, 1);
        Assert.Throws<ArgumentException>(() => Backend.Current.Update(UpdateKernel.Adam, p, g, null, null, default));
    }

    private static (double P, double M, double V) Step(
        UpdateKernel kernel, double p, double g, double m, double v, UpdateScalars s, bool hasFirst)
    {
        if (kernel == UpdateKernel.AdamW) p -= s.Rate * s.Decay * p;
        else g += s.Decay * p;
        switch (kernel)
        {
            case UpdateKernel.Sgd:
                return (p - s.Rate * g, m, v);
            case UpdateKernel.Momentum:
                m = s.Beta1 * m + g;
                return (p - s.Rate * (s.Nesterov ? g + s.Beta1 * m : m), m, v);
            case UpdateKernel.Adam or UpdateKernel.AdamW:
                m = s.Beta1 * m + (1 - s.Beta1) * g;
                v = s.Beta2 * v + (1 - s.Beta2) * g * g;
                return (p - s.Rate * (m / s.Correction1) / (Math.Sqrt(v / s.Correction2) + s.Epsilon), m, v);
            case UpdateKernel.Adagrad:
                v += g * g;
                return (p - s.Rate * g / (Math.Sqrt(v) + s.Epsilon), m, v);
            case UpdateKernel.Adamax:
                m = s.Beta1 * m + (1 - s.Beta1) * g;
                v = Math.Max(s.Beta2 * v, Math.Abs(g) + s.Epsilon);
                return (p - s.Rate / s.Correction1 * m / v, m, v);
            default:
                v = s.Beta2 * v + (1 - s.Beta2) * g * g;
                double step = g / (Math.Sqrt(v) + s.Epsilon);
                if (!hasFirst) return (p - s.Rate * step, m, v);
                m = s.Beta1 * m + step;
                return (p - s.Rate * m, m, v);
        }
    }
}

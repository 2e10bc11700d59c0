using System.Runtime.CompilerServices;
using Reparam.Tensors.Special;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The logarithm g of an integrand, and two factors whose integrals times e^g are computed too.</summary>
internal interface IPeak
{
    /// <summary>All three functions at distances from the start of the interval.</summary>
    L At<L>(L distance, out L first, out L second) where L : struct, ILanes<L>;
}

/// <summary>
/// Integrals of e^g, and of two functions times e^g, by the rule of <see cref="GaussLegendre"/>. The nodes are
/// evaluated in lanes, and the sums have a fixed order, so the vector width does not affect the bits.
/// </summary>
internal static unsafe class PeakIntegral
{
    private const int Nodes = 20, Rows = 2 * Nodes;

    /// <summary>The integrals over an interval of a signed length. The sign gives the direction and does not change the
    /// sign of the results.</summary>
    public static (double Mass, double First, double Second) Of<TPeak>(in TPeak peak, double length)
        where TPeak : struct, IPeak
    {
        double* values = stackalloc double[3 * Rows];
        double half = 0.5 * length;
        var task = new LaneTask<TPeak> { Peak = peak, Half = half, Values = values };
        SimdLevel.Run(DType.Float64, ref task);
        double mass = 0, firsts = 0, seconds = 0;
        for (int i = 0; i < Nodes; i++)
        {
            // The node near the start and its mirror image.
            double e = values[i], f = values[i + Nodes];
            mass += e + f;
            firsts += values[Rows + i] * e + values[Rows + i + Nodes] * f;
            seconds += values[2 * Rows + i] * e + values[2 * Rows + i + Nodes] * f;
        }

        half = Math.Abs(half);
        return (half * mass, half * firsts, half * seconds);
    }

    private struct LaneTask<TPeak> : ILaneTask
        where TPeak : struct, IPeak
    {
        public TPeak Peak;
        public double Half;
        public double* Values;

        public readonly void Run<L>()
            where L : struct, ILanes<L>
        {
            Evaluate<L>();
            Exponentiate<L>();
        }

        // There are two passes, because in one pass the compiler does not inline the longer integrands.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Evaluate<L>()
            where L : struct, ILanes<L>
        {
            fixed (double* steps = GaussLegendre.Steps)
            {
                for (int i = 0; i < Rows; i += L.Count)
                {
                    L exponent = Peak.At(L.Of(Half) * L.Load((byte*)(steps + i)), out L first, out L second);
                    L.Store(exponent, (byte*)(Values + i));
                    L.Store(first, (byte*)(Values + Rows + i));
                    L.Store(second, (byte*)(Values + 2 * Rows + i));
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Exponentiate<L>()
            where L : struct, ILanes<L>
        {
            fixed (double* weights = GaussLegendre.StepWeights)
            {
                for (int i = 0; i < Rows; i += L.Count)
                {
                    byte* value = (byte*)(Values + i);
                    L.Store(L.Load((byte*)(weights + i)) * Exponential.Exp(L.Load(value)), value);
                }
            }
        }
    }
}

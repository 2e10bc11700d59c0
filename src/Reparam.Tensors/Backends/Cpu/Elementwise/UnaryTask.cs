using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>y[i] = kernel(x[i]) over a whole buffer, in chunks of fixed length.</summary>
internal unsafe struct UnaryTask : ILaneTask
{
    public const int ChunkLength = 16 * 1024;

    public UnaryKernel Kernel;
    public byte* X, Y;
    public int Length;
    public double P0, P1;

    public void Run<L>() where L : struct, ILanes<L>
    {
        switch (Kernel)
        {
            case UnaryKernel.Negate: Run<L, UnaryOperators.Negate>(1); break;
            case UnaryKernel.Abs: Run<L, UnaryOperators.Abs>(1); break;
            case UnaryKernel.Sign: Run<L, UnaryOperators.Sign>(1); break;
            case UnaryKernel.Square: Run<L, UnaryOperators.Square>(1); break;
            case UnaryKernel.Sqrt: Run<L, UnaryOperators.Sqrt>(4); break;
            case UnaryKernel.Reciprocal: Run<L, UnaryOperators.Reciprocal>(4); break;
            case UnaryKernel.Exp: Run<L, UnaryOperators.Exp>(16); break;
            case UnaryKernel.SoftMaxWeight: Run<L, UnaryOperators.SoftMaxWeight>(16); break;
            case UnaryKernel.ExpM1: Run<L, UnaryOperators.ExpM1>(20); break;
            case UnaryKernel.Log: Run<L, UnaryOperators.Log>(20); break;
            case UnaryKernel.LogP1: Run<L, UnaryOperators.LogP1>(24); break;
            case UnaryKernel.Sin: Run<L, UnaryOperators.Sin>(20); break;
            case UnaryKernel.Cos: Run<L, UnaryOperators.Cos>(20); break;
            case UnaryKernel.Tanh: Run<L, UnaryOperators.Tanh>(24); break;
            case UnaryKernel.Erf: Run<L, UnaryOperators.Erf>(40); break;
            case UnaryKernel.Sigmoid: Run<L, UnaryOperators.Sigmoid>(20); break;
            case UnaryKernel.SoftPlus: Run<L, UnaryOperators.SoftPlus>(40); break;
            case UnaryKernel.Relu: Run<L, UnaryOperators.Relu>(1); break;
            case UnaryKernel.LeakyRelu: Run<L, UnaryOperators.LeakyRelu>(1); break;
            case UnaryKernel.Silu: Run<L, UnaryOperators.Silu>(20); break;
            case UnaryKernel.Gelu: Run<L, UnaryOperators.Gelu>(40); break;
            case UnaryKernel.Clamp: Run<L, UnaryOperators.Clamp>(1); break;
            case UnaryKernel.Floor: Run<L, UnaryOperators.Floor>(1); break;
            case UnaryKernel.Affine: Run<L, UnaryOperators.Affine>(1); break;
            default: throw new ArgumentOutOfRangeException(nameof(Kernel), Kernel, null);
        }
    }

    private readonly void Run<L, TOperator>(int weight)
        where L : struct, ILanes<L>
        where TOperator : struct, IUnaryOperator
    {
        Job<L, TOperator> job = new() { X = X, Y = Y, Length = Length, P0 = P0, P1 = P1 };
        WorkerPool.For((Length + ChunkLength - 1) / ChunkLength, (long)Length * weight, ref job);
    }

    private struct Job<L, TOperator> : IChunkJob
        where L : struct, ILanes<L>
        where TOperator : struct, IUnaryOperator
    {
        public byte* X, Y;
        public int Length;
        public double P0, P1;

        public readonly void Run(int chunk)
        {
            int start = chunk * ChunkLength;
            long offset = (long)start * L.ElementSize;
            Apply<L, TOperator>(X + offset, Y + offset, Math.Min(ChunkLength, Length - start), L.Of(P0), L.Of(P1));
        }
    }

    /// <summary>The last, partial vector is loaded and stored through a copy in local memory, because another thread
    /// may write the elements after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Apply<L, TOperator>(byte* x, byte* y, int length, L p0, L p1)
        where L : struct, ILanes<L>
        where TOperator : struct, IUnaryOperator
    {
        long size = (long)length * L.ElementSize, step = L.Count * L.ElementSize, i = 0;
        for (; i <= size - step; i += step) L.Store(TOperator.Apply(L.Load(x + i), p0, p1), y + i);
        if (i == size) return;
        Partial.Store(TOperator.Apply(L.Load(x + i), p0, p1), y + i, size - i);
    }
}

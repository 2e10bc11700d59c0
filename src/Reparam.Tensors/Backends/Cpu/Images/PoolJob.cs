using System.Numerics;
using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// Pools whole planes, several per chunk. Windows are short and elements are few, so this is scalar code for one
/// element at a time; its bits do not depend on the vector width.
/// </summary>
internal unsafe struct PoolJob<T> : IChunkJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ChunkLength = 8 * 1024;

    public PoolKernel Kernel;
    public PoolPlan Plan;
    public T* Source, Planes, Target;

    public readonly int Chunks => (Plan.Planes + PlanesPerChunk - 1) / PlanesPerChunk;

    private readonly int PlanesPerChunk => Math.Clamp(ChunkLength / Math.Max(1, Plan.Height * Plan.Width), 1, 1024);

    public readonly void Run(int chunk)
    {
        int first = chunk * PlanesPerChunk, end = Math.Min(first + PlanesPerChunk, Plan.Planes);
        long image = (long)Plan.Height * Plan.Width, pooled = (long)Plan.OutHeight * Plan.OutWidth;
        for (int plane = first; plane < end; plane++)
        {
            switch (Kernel)
            {
                case PoolKernel.Sum: Sum(Source + plane * image, Target + plane * pooled); break;
                case PoolKernel.Max: Max(Source + plane * image, Target + plane * pooled); break;
                case PoolKernel.SumGradient: Spread(Source + plane * pooled, Target + plane * image); break;
                case PoolKernel.MaxGradient:
                    Return(Source + plane * pooled, Planes + plane * image, Target + plane * image);
                    break;
                default: throw new InvalidOperationException($"There is no pool {Kernel}.");
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Sum(T* x, T* y)
    {
        T scale = T.CreateTruncating(Plan.Scale);
        for (int row = 0; row < Plan.OutHeight; row++)
        {
            (int top, int bottom) = Rows(row);
            for (int column = 0; column < Plan.OutWidth; column++)
            {
                (int left, int right) = Columns(column);
                T sum = T.Zero;
                for (int i = top; i < bottom; i++)
                {
                    for (int j = left; j < right; j++) sum += x[i * Plan.Width + j];
                }

                *y++ = sum * scale;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Spread(T* g, T* dx)
    {
        new Span<T>(dx, Plan.Height * Plan.Width).Clear();
        T scale = T.CreateTruncating(Plan.Scale);
        for (int row = 0; row < Plan.OutHeight; row++)
        {
            (int top, int bottom) = Rows(row);
            for (int column = 0; column < Plan.OutWidth; column++)
            {
                (int left, int right) = Columns(column);
                T part = *g++ * scale;
                for (int i = top; i < bottom; i++)
                {
                    for (int j = left; j < right; j++) dx[i * Plan.Width + j] += part;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Max(T* x, T* y)
    {
        for (int row = 0; row < Plan.OutHeight; row++)
        {
            for (int column = 0; column < Plan.OutWidth; column++) *y++ = x[Largest(x, row, column)];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Return(T* g, T* x, T* dx)
    {
        new Span<T>(dx, Plan.Height * Plan.Width).Clear();
        for (int row = 0; row < Plan.OutHeight; row++)
        {
            for (int column = 0; column < Plan.OutWidth; column++) dx[Largest(x, row, column)] += *g++;
        }
    }

    /// <summary>The place of the first NaN of a window, or, without a NaN, of the first of its largest
    /// elements.</summary>
    private readonly int Largest(T* x, int row, int column)
    {
        (int top, int bottom) = Rows(row);
        (int left, int right) = Columns(column);
        int best = top * Plan.Width + left;
        for (int i = top; i < bottom; i++)
        {
            for (int j = left; j < right; j++)
            {
                int at = i * Plan.Width + j;
                // Comparisons with NaN are false, so a NaN that is the best element is not replaced.
                if (x[at] > x[best] || (T.IsNaN(x[at]) && !T.IsNaN(x[best]))) best = at;
            }
        }

        return best;
    }

    private readonly (int From, int To) Rows(int row)
    {
        int start = row * Plan.StrideY - Plan.PadY;
        return (Math.Max(start, 0), Math.Min(start + Plan.KernelHeight, Plan.Height));
    }

    private readonly (int From, int To) Columns(int column)
    {
        int start = column * Plan.StrideX - Plan.PadX;
        return (Math.Max(start, 0), Math.Min(start + Plan.KernelWidth, Plan.Width));
    }
}

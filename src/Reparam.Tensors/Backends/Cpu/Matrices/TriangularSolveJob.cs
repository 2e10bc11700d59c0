using System.Numerics;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Forward or backward substitution for one matrix and all its right-hand sides per chunk, with sums in
/// double.</summary>
internal unsafe struct TriangularSolveJob<T> : IChunkJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* L, B, X;
    public int N, Columns;
    public bool Transpose;

    public readonly void Run(int chunk)
    {
        T* l = L + (long)chunk * N * N;
        T* b = B + (long)chunk * N * Columns;
        T* x = X + (long)chunk * N * Columns;
        for (int column = 0; column < Columns; column++)
        {
            for (int step = 0; step < N; step++)
            {
                int i = Transpose ? N - 1 - step : step;
                double sum = double.CreateTruncating(b[(long)i * Columns + column]);
                for (int done = 0; done < step; done++)
                {
                    int k = Transpose ? N - 1 - done : done;
                    T factor = Transpose ? l[(long)k * N + i] : l[(long)i * N + k];
                    sum -= double.CreateTruncating(factor) * double.CreateTruncating(x[(long)k * Columns + column]);
                }

                x[(long)i * Columns + column] = T.CreateTruncating(sum / double.CreateTruncating(l[(long)i * N + i]));
            }
        }
    }
}

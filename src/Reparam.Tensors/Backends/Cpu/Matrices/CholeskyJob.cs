using System.Numerics;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The Cholesky factor of one matrix per chunk, row by row, with sums in double.</summary>
internal unsafe struct CholeskyJob<T> : IChunkJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* A, L;
    public int N;

    /// <summary>The smallest index of a matrix that has no Cholesky factor.</summary>
    public int* Failed;

    public readonly void Run(int chunk)
    {
        T* a = A + (long)chunk * N * N;
        T* l = L + (long)chunk * N * N;
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = double.CreateTruncating(a[(long)i * N + j]);
                for (int k = 0; k < j; k++)
                    sum -= double.CreateTruncating(l[(long)i * N + k]) * double.CreateTruncating(l[(long)j * N + k]);
                if (i != j)
                {
                    l[(long)i * N + j] = T.CreateTruncating(sum / double.CreateTruncating(l[(long)j * N + j]));
                    continue;
                }

                if (!(sum > 0) || !double.IsFinite(sum))
                {
                    Fail(chunk);
                    return;
                }

                l[(long)i * N + i] = T.CreateTruncating(Math.Sqrt(sum));
            }

            for (int j = i + 1; j < N; j++) l[(long)i * N + j] = T.Zero;
        }
    }

    /// <summary>Keeps the smallest index, in whatever order the threads call this.</summary>
    private readonly void Fail(int index)
    {
        int seen = Volatile.Read(ref *Failed);
        while (index < seen)
        {
            int before = Interlocked.CompareExchange(ref *Failed, index, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}

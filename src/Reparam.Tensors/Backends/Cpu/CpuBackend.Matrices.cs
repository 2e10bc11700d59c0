using System.Numerics;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Factors of small matrices.</summary>
internal sealed unsafe partial class CpuBackend
{
    public override int Cholesky(TensorBuffer a, TensorBuffer l, int n)
    {
        Require(a.DType == l.DType && a.Length == l.Length && (n == 0 ? l.Length == 0 : l.Length % ((long)n * n) == 0));
        if (l.Length == 0) return -1;
        int failed = l.DType == DType.Float32 ? Run<float>() : Run<double>();
        GC.KeepAlive(a);
        GC.KeepAlive(l);
        return failed;

        int Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int count = (int)(l.Length / ((long)n * n)), first = int.MaxValue;
            CholeskyJob<T> job = new() { A = (T*)a.Pointer, L = (T*)l.Pointer, N = n, Failed = &first };
            WorkerPool.For(count, (long)l.Length * n, ref job);
            return first == int.MaxValue ? -1 : first;
        }
    }

    public override void TriangularSolve(
        TensorBuffer l, TensorBuffer b, TensorBuffer x, int n, int columns, bool transpose)
    {
        Require(l.DType == x.DType && b.DType == x.DType && b.Length == x.Length);
        if (x.Length == 0) return;
        long size = (long)n * columns;
        Require(x.Length % size == 0 && l.Length == x.Length / size * n * n);
        if (x.DType == DType.Float32) Run<float>();
        else Run<double>();
        GC.KeepAlive(l);
        GC.KeepAlive(b);
        GC.KeepAlive(x);

        void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            TriangularSolveJob<T> job = new()
            {
                L = (T*)l.Pointer, B = (T*)b.Pointer, X = (T*)x.Pointer, N = n, Columns = columns,
                Transpose = transpose,
            };
            WorkerPool.For((int)(x.Length / size), (long)x.Length * n, ref job);
        }
    }
}

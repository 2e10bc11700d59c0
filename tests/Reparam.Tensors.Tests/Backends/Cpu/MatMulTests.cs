using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

/// <summary>Products are compared bit by bit with the plainest loop that follows the contract.</summary>
public sealed class MatMulTests
{
    private const int BlockDepth = 512;

    public static TheoryData<int, int, int> Extents => new()
    {
        { 1, 1, 1 }, { 1, 2, 3 }, { 5, 3, 7 }, { 12, 32, 16 }, { 13, 33, 17 }, { 24, 64, 512 }, { 25, 15, 513 }, { 7, 100, 1025 },
        { 100, 7, 40 }, { 97, 2, 20 }, { 2, 97, 20 }, { 1, 400, 50 }, { 400, 1, 50 }, { 130, 20, 64 }, { 961, 5, 9 }, { 3, 2050, 5 }, { 6, 9, 2100 },
        { 30, 70, 1024 }, { 25, 33, 512 }, { 1024, 40, 30 }, { 4, 75, 1030 }, { 3, 9, 20 }, // rows a cache stride apart; columns turned in registers
        { 0, 4, 4 }, { 4, 0, 4 }, { 4, 4, 0 },
    };

    [Theory]
    [MemberData(nameof(Extents))]
    public void MatMul_follows_the_contract_bit_by_bit(int m, int n, int k)
    {
        foreach (DType type in Enum.GetValues<DType>())
        {
            TensorBuffer a = Buffers.Noise(type, m * k, 1), b = Buffers.Noise(type, k * n, 2), bias = Buffers.Noise(type, n, 3);
            TensorBuffer c = Buffers.New(type, m * n);
            for (int variant = 0; variant < 8; variant++)
            {
                MatMulPlan plan = new(m, n, k, (variant & 1) != 0, (variant & 2) != 0);
                TensorBuffer? added = (variant & 4) != 0 ? bias : null;
                Backend.Current.MatMul(a, b, added, c, plan);
                Check(type, a, b, added, c, plan);
            }
        }
    }

    [Fact]
    public void MatMul_is_the_same_for_any_thread_count()
    {
        int before = Execution.Threads;
        TensorBuffer a = Buffers.Noise(DType.Float32, 200 * 784, 1), b = Buffers.Noise(DType.Float32, 784 * 150, 2);
        TensorBuffer one = Buffers.New(DType.Float32, 200 * 150), many = Buffers.New(DType.Float32, 200 * 150);
        try
        {
            Execution.Threads = 1;
            Backend.Current.MatMul(a, b, null, one, new MatMulPlan(200, 150, 784, false, true));
            foreach (int threads in new[] { 2, 3, 7 })
            {
                Execution.Threads = threads;
                Backend.Current.MatMul(a, b, null, many, new MatMulPlan(200, 150, 784, false, true));
                Assert.True(one.AsSpan<float>().SequenceEqual(many.AsSpan<float>()), $"{threads} threads");
            }
        }
        finally
        {
            Execution.Threads = before;
        }
    }

    [Fact]
    public void MatMul_allocates_next_to_nothing()
    {
        TensorBuffer a = Buffers.Noise(DType.Float32, 64 * 100, 1), b = Buffers.Noise(DType.Float32, 100 * 50, 2), c = Buffers.New(DType.Float32, 64 * 50);
        for (int i = 0; i < 3; i++) Backend.Current.MatMul(a, b, null, c, new MatMulPlan(64, 50, 100, false, false));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Backend.Current.MatMul(a, b, null, c, new MatMulPlan(64, 50, 100, false, false));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    private static void Check(DType type, TensorBuffer a, TensorBuffer b, TensorBuffer? bias, TensorBuffer c, MatMulPlan plan)
    {
        double[] left = Buffers.ToArray(a), right = Buffers.ToArray(b);
        bool single = type == DType.Float32;
        for (int i = 0; i < plan.M; i++)
        {
            for (int j = 0; j < plan.N; j++)
            {
                double sum = 0;
                for (int start = 0; start < plan.K; start += BlockDepth)
                {
                    double block = 0;
                    for (int l = start; l < Math.Min(start + BlockDepth, plan.K); l++)
                    {
                        double x = left[plan.TransposeA ? l * plan.M + i : i * plan.K + l], y = right[plan.TransposeB ? j * plan.K + l : l * plan.N + j];
                        block = single ? MathF.FusedMultiplyAdd((float)x, (float)y, (float)block) : Math.FusedMultiplyAdd(x, y, block);
                    }

                    sum = start == 0 ? block : single ? (float)sum + (float)block : sum + block;
                }

                if (bias is not null) sum = single ? (float)sum + (float)Buffers.Get(bias, j) : sum + Buffers.Get(bias, j);
                double actual = Buffers.Get(c, i * plan.N + j);
                if (!sum.Equals(actual)) Assert.Fail($"{plan}: c[{i},{j}] = {actual:R}, expected {sum:R}");
            }
        }
    }
}

using Reparam.Tensors.Backends;
using Reparam.Tensors.Backends.Cpu;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

/// <summary>Products are compared bit by bit with the plainest loop that follows the contract.</summary>
public sealed class MatMulTests
{
    private const int BlockDepth = 512, LaneCount = 16;

    public static TheoryData<int, int, int> Extents => new()
    {
        { 1, 1, 1 }, { 1, 2, 3 }, { 5, 3, 7 }, { 12, 32, 16 }, { 13, 33, 17 }, { 24, 64, 512 }, { 25, 15, 513 },
        { 7, 100, 1025 },
        { 100, 7, 40 }, { 97, 2, 20 }, { 2, 97, 20 }, { 1, 400, 50 }, { 400, 1, 50 }, { 130, 20, 64 }, { 961, 5, 9 },
        { 3, 2050, 5 }, { 6, 9, 2100 },
        // rows a cache stride apart; columns turned in registers
        { 30, 70, 1024 }, { 25, 33, 512 }, { 1024, 40, 30 }, { 4, 75, 1030 }, { 3, 9, 20 },
        // sums in lanes
        { 1, 401, 320 }, { 3, 43, 784 }, { 2, 5, 1023 }, { 49, 41, 1024 }, { 97, 3, 500 }, { 6, 2, 65 }, { 9, 1, 64 },
        { 5, 32, 79 }, { 51, 20, 400 }, { 10, 8, 75 }, { 14, 44, 330 }, { 100, 130, 330 },
        // last panels that begin before their place
        { 7, 33, 100 }, { 13, 100, 2 }, { 9, 40, 512 }, { 5, 60, 12 }, { 20, 90, 4 },
        { 60, 100, 64 }, { 128, 100, 200 }, // shared by columns, in several groups of rows; turned
        { 0, 4, 4 }, { 4, 0, 4 }, { 4, 4, 0 },
    };

    [Theory]
    [MemberData(nameof(Extents))]
    public void MatMul_follows_the_contract_bit_by_bit(int m, int n, int k)
    {
        foreach (DType type in Enum.GetValues<DType>())
        {
            TensorBuffer a = Buffers.Noise(type, m * k, 1), b = Buffers.Noise(type, k * n, 2),
                bias = Buffers.Noise(type, n, 3);
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
        TensorBuffer wide = Buffers.Noise(DType.Float32, 120 * 784, 3), wideOne = Buffers.New(DType.Float32, 120 * 150),
            wideMany = Buffers.New(DType.Float32, 120 * 150);
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

            // More columns than rows, which threads share by columns: in lanes, and in chains.
            foreach (bool transposeB in new[] { true, false })
            {
                MatMulPlan plan = new(120, 150, 784, false, transposeB);
                Execution.Threads = 1;
                Backend.Current.MatMul(wide, b, null, wideOne, plan);
                Execution.Threads = 3;
                Backend.Current.MatMul(wide, b, null, wideMany, plan);
                Assert.True(wideOne.AsSpan<float>().SequenceEqual(wideMany.AsSpan<float>()), "by columns");
            }
        }
        finally
        {
            Execution.Threads = before;
        }
    }

    [Theory]
    [InlineData(400, 784, true)]
    [InlineData(784, 400, true)]
    [InlineData(20, 500, false)]
    [InlineData(40, 400, true)]
    [InlineData(50, 200, false)]
    [InlineData(400, 20, true)]
    public void A_row_has_the_same_bits_in_a_batch_of_any_size(int n, int k, bool transposeB)
    {
        TensorBuffer a = Buffers.Noise(DType.Float32, 130 * k, 1), b = Buffers.Noise(DType.Float32, k * n, 2),
            all = Buffers.New(DType.Float32, 130 * n);
        Backend.Current.MatMul(a, b, null, all, new MatMulPlan(130, n, k, false, transposeB));
        foreach (int m in new[] { 1, 2, 3, 4, 5, 12, 50, 129 })
        {
            TensorBuffer some = Buffers.New(DType.Float32, m * k), c = Buffers.New(DType.Float32, m * n);
            a.AsSpan<float>()[^(m * k)..].CopyTo(some.AsSpan<float>());
            Backend.Current.MatMul(some, b, null, c, new MatMulPlan(m, n, k, false, transposeB));
            Assert.True(all.AsSpan<float>()[^(m * n)..].SequenceEqual(c.AsSpan<float>()), $"{m} rows");
        }
    }

    [Fact]
    public void MatMul_allocates_next_to_nothing()
    {
        TensorBuffer a = Buffers.Noise(DType.Float32, 64 * 100, 1), b = Buffers.Noise(DType.Float32, 100 * 50, 2),
            c = Buffers.New(DType.Float32, 64 * 50);
        for (int i = 0; i < 3; i++) Backend.Current.MatMul(a, b, null, c, new MatMulPlan(64, 50, 100, false, false));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Backend.Current.MatMul(a, b, null, c, new MatMulPlan(64, 50, 100, false, false));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    private static void Check(
        DType type, TensorBuffer a, TensorBuffer b, TensorBuffer? bias, TensorBuffer c, MatMulPlan plan)
    {
        double[] left = Buffers.ToArray(a), right = Buffers.ToArray(b);
        bool single = type == DType.Float32;
        for (int i = 0; i < plan.M; i++)
        {
            for (int j = 0; j < plan.N; j++)
            {
                double sum = MatMulTask.SumsInLanes(plan) ? InLanes(Left, Right, plan.K, single)
                    : InChains(Left, Right, plan.K, single);
                double Left(int l) => left[plan.TransposeA ? l * plan.M + i : i * plan.K + l];
                double Right(int l) => right[plan.TransposeB ? j * plan.K + l : l * plan.N + j];
                if (bias is not null)
                    sum = single ? (float)sum + (float)Buffers.Get(bias, j) : sum + Buffers.Get(bias, j);
                double actual = Buffers.Get(c, i * plan.N + j);
                if (!sum.Equals(actual)) Assert.Fail($"{plan}: c[{i},{j}] = {actual:R}, expected {sum:R}");
            }
        }
    }

    private static double InChains(Func<int, double> left, Func<int, double> right, int depth, bool single)
    {
        double sum = 0;
        for (int start = 0; start < depth; start += BlockDepth)
        {
            double block = 0;
            for (int l = start; l < Math.Min(start + BlockDepth, depth); l++)
                block = Fma(left(l), right(l), block, single);
            sum = start == 0 ? block : Add(sum, block, single);
        }

        return sum;
    }

    private static double InLanes(Func<int, double> left, Func<int, double> right, int depth, bool single)
    {
        double[] lanes = new double[LaneCount];
        int whole = depth / LaneCount * LaneCount;
        for (int l = 0; l < whole; l++) lanes[l % LaneCount] = Fma(left(l), right(l), lanes[l % LaneCount], single);
        for (int l = whole; l < depth; l++)
        {
            int lane = LaneCount - depth + l; // the last step takes the last elements
            lanes[lane] = Fma(left(l), right(l), lanes[lane], single);
        }

        for (int half = LaneCount / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++) lanes[i] = Add(lanes[i], lanes[i + half], single);
        }

        return lanes[0];
    }

    private static double Fma(double x, double y, double sum, bool single) =>
        single ? MathF.FusedMultiplyAdd((float)x, (float)y, (float)sum) : Math.FusedMultiplyAdd(x, y, sum);

    private static double Add(double x, double y, bool single) => single ? (float)x + (float)y : x + y;
}

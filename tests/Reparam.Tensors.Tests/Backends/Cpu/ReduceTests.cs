using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

public sealed class ReduceTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(3, 0, 5)]
    [InlineData(1, 1, 1)]
    [InlineData(7, 5, 1)]
    [InlineData(9, 31, 1)]
    [InlineData(9, 33, 1)]
    [InlineData(128, 784, 1)]
    [InlineData(2, 4097, 1)]
    [InlineData(1, 100_003, 1)]
    [InlineData(1, 128, 784)]
    [InlineData(3, 129, 37)]
    [InlineData(5, 300, 2)]
    [InlineData(2, 7, 1500)]
    [InlineData(0, 7, 3)]
    public void Reduce_matches_a_plain_loop(int outer, int reduce, int inner)
    {
        foreach (DType type in Enum.GetValues<DType>())
        {
            TensorBuffer x = Buffers.Noise(type, outer * reduce * inner, 1), sum = Buffers.New(type, outer * inner),
                max = Buffers.New(type, outer * inner);
            Backend.Current.Reduce(ReduceKernel.Sum, x, sum, outer, reduce, inner);
            Backend.Current.Reduce(ReduceKernel.Max, x, max, outer, reduce, inner);
            for (int i = 0; i < outer * inner; i++)
            {
                double total = 0, lost = 0, magnitude = 0, largest = double.NegativeInfinity;
                for (int r = 0; r < reduce; r++)
                {
                    double value = Buffers.Get(x, (i / inner * reduce + r) * inner + i % inner);
                    // Knuth's exact sum of two: what the addition rounds away is collected.
                    double next = total + value, part = next - total;
                    lost += (total - (next - part)) + (value - part);
                    total = next;
                    magnitude += Math.Abs(value);
                    largest = Math.Max(largest, value);
                }

                // No element passes through more than 128 + 128 + 5 additions in a chain; random signs stay far below.
                Assert.InRange(Buffers.Get(sum, i) - (total + lost), -4 * Buffers.Ulp(type, magnitude),
                    4 * Buffers.Ulp(type, magnitude));
                Assert.Equal(largest, Buffers.Get(max, i));
            }
        }
    }

    [Theory]
    [InlineData(1, 100, 1)]
    [InlineData(1, 9000, 1)]
    [InlineData(1, 300, 7)]
    public void Reduce_propagates_NaN_from_any_position(int outer, int reduce, int inner)
    {
        foreach (DType type in Enum.GetValues<DType>())
        {
            for (int at = 0; at < reduce; at += 13)
            {
                TensorBuffer x = Buffers.Noise(type, outer * reduce * inner, 1), y = Buffers.New(type, outer * inner);
                Buffers.Set(x, at * inner, double.NaN);
                foreach (ReduceKernel kernel in Enum.GetValues<ReduceKernel>())
                {
                    Backend.Current.Reduce(kernel, x, y, outer, reduce, inner);
                    Assert.True(double.IsNaN(Buffers.Get(y, 0)));
                    for (int i = 1; i < inner; i++) Assert.False(double.IsNaN(Buffers.Get(y, i)));
                }
            }
        }
    }

    [Fact]
    public void Sum_of_a_row_is_the_documented_tree()
    {
        TensorBuffer x = Buffers.Noise(DType.Float32, 1000, 4), y = Buffers.New(DType.Float32, 1);
        Backend.Current.Reduce(ReduceKernel.Sum, x, y, 1, 1000, 1);
        float[] lanes = new float[32];
        for (int i = 0; i < 1000; i++) lanes[i % 32] += x.AsSpan<float>()[i];
        for (int half = 16; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
        }

        Assert.Equal(lanes[0], y.AsSpan<float>()[0]);
    }
}

using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

public sealed class StridedTests
{
    /// <summary>Extents and strides of views into 6,000 elements: rows, transposes, slices, repeats, gaps, a
    /// scalar.</summary>
    public static TheoryData<int[], int[], int> Views => new()
    {
        { [], [], 17 }, { [100], [1], 3 }, { [100], [2], 3 }, { [100], [0], 5 }, { [7, 0], [1, 1], 0 },
        { [20, 30], [100, 1], 4 }, { [30, 20], [1, 30], 0 }, { [37, 41], [1, 37], 2 }, { [37, 41], [1, 50], 2 },
        { [150, 33], [1, 150], 0 },
        { [3, 17, 19], [400, 1, 17], 1 }, { [3, 4, 5, 6], [1, 3, 12, 60], 0 }, { [5, 6], [0, 1], 9 },
        { [2, 3, 4], [12, 0, 1], 0 },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public void Gather_and_Scatter_follow_the_strides(int[] extents, int[] strides, int offset)
    {
        StridedPlan plan = new() { Extents = extents, Strides = strides, Offset = offset };
        int size = extents.Aggregate(1, (a, b) => a * b);
        foreach (DType type in Enum.GetValues<DType>())
        {
            TensorBuffer x = Buffers.Noise(type, 6000, 1), dense = Buffers.New(type, size);
            Backend.Current.Gather(x, dense, plan);
            for (int i = 0; i < size; i++) Assert.Equal(Buffers.Get(x, At(i, plan)), Buffers.Get(dense, i));
            if (strides.Contains(0)) continue;

            TensorBuffer y = Buffers.Noise(type, 6000, 2);
            double[] expected = Buffers.ToArray(y);
            for (int i = 0; i < size; i++) expected[At(i, plan)] = Buffers.Get(dense, i);
            Backend.Current.Scatter(dense, y, plan);
            Assert.Equal(expected, Buffers.ToArray(y));
        }
    }

    private static int At(int flat, StridedPlan plan)
    {
        int at = plan.Offset;
        for (int axis = plan.Extents.Length - 1; axis >= 0; axis--)
        {
            at += flat % plan.Extents[axis] * plan.Strides[axis];
            flat /= plan.Extents[axis];
        }

        return at;
    }
}

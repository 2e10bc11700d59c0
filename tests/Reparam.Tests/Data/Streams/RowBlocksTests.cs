using Reparam.Data;
using Reparam.Tensors;

namespace Reparam.Tests.Data.Streams;

/// <summary>The order of the rows in blocks and windows.</summary>
public sealed class RowBlocksTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1000, 784)]
    [InlineData(100_000, 784)]
    [InlineData(9000, 4096)]
    [InlineData(77, 1_000_000)]
    [InlineData(5, 30_000_000)]
    public void Each_row_comes_once_and_each_block_in_one_window(int count, int size)
    {
        int[] order = RowBlocks.Order(count, size, new Rng(4).At(2));
        Assert.Equal(Enumerable.Range(0, count), order.Order());
        Assert.Equal(order, RowBlocks.Order(count, size, new Rng(4).At(2)));
        // A block is finished before more than a window of blocks is begun.
        int rows = RowBlocks.Rows(size), most = 0;
        var left = new Dictionary<int, int>();
        foreach (int row in order)
        {
            int block = row / rows, length = Math.Min(rows, count - block * rows);
            int rest = left.GetValueOrDefault(block, length) - 1;
            left.Remove(block);
            if (rest > 0) left[block] = rest;
            most = Math.Max(most, left.Count);
        }

        Assert.True(most <= RowBlocks.Window(size), $"{most} blocks were begun and not finished.");
        Assert.True((long)RowBlocks.Window(size) * rows * size <= Math.Max(RowBlocks.WindowElements, size));
    }

    [Fact]
    public void Order_is_the_same_on_every_machine()
    {
        // 9,000 rows of 4,096 elements: 141 blocks in 3 windows.
        int[] order = RowBlocks.Order(9000, 4096, new Rng(7).At(1));
        Assert.Equal([7095, 982, 7550, 8958, 5685, 2602], order[..6]);
        Assert.NotEqual(order[..6], RowBlocks.Order(9000, 4096, new Rng(7).At(2))[..6]);
    }

    [Fact]
    public void Rows_of_one_window_have_each_place_equally_often()
    {
        // 4,000 orders of 10 rows: each row has the first place 400 times, with a standard deviation of 19.
        int[] first = new int[10];
        for (int epoch = 0; epoch < 4000; epoch++) first[RowBlocks.Order(10, 784, new Rng(3).At(epoch))[0]]++;
        Assert.All(first, n => Assert.InRange(n, 400 - 4 * 19, 400 + 4 * 19));
    }
}

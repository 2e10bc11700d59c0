using Reparam.Processes;

namespace Reparam.Tests.Processes;

public sealed class RanksTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 1)]
    [InlineData(4, 7)]
    [InlineData(8, 64)]
    [InlineData(8, 3)]
    [InlineData(16, 0)]
    public void Sum_is_the_binary_tree_on_every_rank(int count, int length)
    {
        float[][] parts = [.. Enumerable.Range(0, count).Select(rank => Vector(rank, length))];
        float[] expected = [.. Enumerable.Range(0, length).Select(i => Tree([.. parts.Select(p => p[i])]))];
        float[][] sums = ThreadRanks.Run(count, ranks =>
        {
            float[] values = [.. parts[ranks.Rank]];
            ranks.Sum<float>(values);
            return values;
        });
        Assert.All(sums, sum => Assert.Equal(expected, sum));
    }

    // 2^24 + 1 rounds to 2^24 in Float32, so the order shows: from left to right the sum is 2^24.
    [Fact]
    public void Neighbours_are_added_first()
    {
        float[] parts = [16777216, 1, 1, 1];
        float[] sums = ThreadRanks.Run(4, ranks =>
        {
            float[] value = [parts[ranks.Rank]];
            ranks.Sum<float>(value);
            return value[0];
        });
        Assert.All(sums, sum => Assert.Equal(16777218, sum));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Sum_in_one_process_is_the_same_tree(int count)
    {
        float[][] parts = [.. Enumerable.Range(0, count).Select(rank => Vector(rank, 9))];
        var sum = new TreeSum<float>(9);
        for (int again = 0; again < 2; again++)
        {
            sum.Clear();
            foreach (float[] part in parts) sum.Add(total => TreeSum.Add(total, part));
            Assert.Equal(Enumerable.Range(0, 9).Select(i => Tree([.. parts.Select(p => p[i])])), sum.Total);
        }
    }

    [Fact]
    public void Sum_of_three_vectors_is_no_tree()
    {
        var sum = new TreeSum<double>(1);
        for (int i = 0; i < 3; i++) sum.Add(total => total[0]++);
        Assert.Throws<InvalidOperationException>(() => sum.Total);
    }

    [Fact]
    public void Gather_returns_what_each_rank_gave()
    {
        string[][] all = ThreadRanks.Run(8, ranks => ranks.Gather(new string('é', ranks.Rank)));
        Assert.All(all, texts => Assert.Equal(Enumerable.Range(0, 8).Select(r => new string('é', r)), texts));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void Job_of_another_size_is_refused(int count)
    {
        var failure = Assert.Throws<AggregateException>(() => ThreadRanks.Run(count, ranks => ranks.Count));
        Assert.All(failure.InnerExceptions, e => Assert.Contains("power of two", e.Message, StringComparison.Ordinal));
    }

    private static float[] Vector(int seed, int length) =>
        [.. Enumerable.Range(0, length).Select(i => MathF.ScaleB(1 + (seed * 37 + i * 11) % 101, seed * 5 % 17))];

    private static float Tree(float[] values) => values.Length == 1 ? values[0]
        : Tree(values[..(values.Length / 2)]) + Tree(values[(values.Length / 2)..]);
}

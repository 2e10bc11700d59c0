using System.Text.Json;
using Reparam.Evaluation;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

public sealed class NearestNeighboursTests
{
    [Fact]
    public void Neighbours_and_distances_are_those_of_scipy()
    {
        IReadOnlyList<IReadOnlyList<Neighbour>> found = new NearestNeighbours(ClassifierTable.Points).Find(
            ClassifierTable.Queries, 5);
        JsonElement[] expected = [.. ClassifierTable.Root.GetProperty("neighbours").EnumerateArray()];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(ClassifierTable.IntegersOf(expected[i]), found[i].Select(n => n.Index));
        Close.Require(ReferenceTable.NumbersOf(ClassifierTable.Root.GetProperty("distances")),
            [.. found.SelectMany(row => row.Select(n => n.Distance))], 1e-13);
    }

    [Fact]
    public void Classes_are_voted_as_the_table_says() =>
        Assert.Equal(ClassifierTable.Integers("voted"),
            new NearestNeighbours(ClassifierTable.Points).Classify(ClassifierTable.Queries, ClassifierTable.Labels, 5));

    [Fact]
    public void More_queries_than_a_block_give_what_each_alone_gives()
    {
        var rng = new Rng(4);
        Tensor points = rng.Normal([40, 3]), queries = rng.Normal([600, 3]);
        var neighbours = new NearestNeighbours(points);
        IReadOnlyList<IReadOnlyList<Neighbour>> together = neighbours.Find(queries, 3);
        foreach (int i in (int[])[0, 255, 256, 599])
            Assert.Equal(neighbours.Find(queries.Slice(0, i, 1), 3)[0], together[i]);
    }

    [Fact]
    public void Distances_far_from_the_origin_keep_their_digits()
    {
        Tensor points = Tensor.From([1e6, 0, 1e6 + 3, 4], [2, 2]);
        IReadOnlyList<Neighbour> found = new NearestNeighbours(points).Find(points.Slice(0, 0, 1), 2)[0];
        Assert.Equal([0, 1], found.Select(n => n.Index));
        Close.Require([0, 5], [.. found.Select(n => n.Distance)], 1e-12);
    }

    [Fact]
    public void Of_equals_the_first_is_nearest_and_a_tied_vote_goes_to_the_nearest_class()
    {
        Tensor line = Tensor.From([0.0, 1, 1, 5], [4, 1]);
        var neighbours = new NearestNeighbours(line);
        Tensor query = Tensor.From([0.9], [1, 1]);
        Assert.Equal([1, 2, 0], neighbours.Find(query, 3)[0].Select(n => n.Index));
        Assert.Equal([2], neighbours.Classify(query, [1, 2, 0, 1], 3));
        Assert.Equal([1], neighbours.Classify(query, [1, 2, 0, 1], 4));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var neighbours = new NearestNeighbours(Tensor.Zeros([3, 2]));
        Assert.Throws<ArgumentException>(() => new NearestNeighbours(Tensor.Zeros([0, 2])));
        Assert.Throws<ArgumentException>(() => neighbours.Find(Tensor.Zeros([1, 3]), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => neighbours.Find(Tensor.Zeros([1, 2]), 4));
        Assert.Throws<ArgumentException>(() => neighbours.Classify(Tensor.Zeros([1, 2]), [1], 1));
    }
}

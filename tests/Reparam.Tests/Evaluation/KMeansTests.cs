using Reparam.Evaluation;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

public sealed class KMeansTests
{
    [Fact]
    public void Inertia_of_the_best_of_many_starts_is_that_of_scipy()
    {
        KMeans means = KMeans.Fit(ClassifierTable.Points, 4, new Rng(1), starts: 100);
        Close.Require(ClassifierTable.Root.GetProperty("inertia").GetDouble(), means.Inertia, 1e-10);
        Assert.Equal([4, 4], means.Centres.Shape);
    }

    [Fact]
    public void Far_groups_are_found_and_new_points_assigned()
    {
        var rng = new Rng(7);
        Tensor groups = Tensor.Concat(0, rng.Normal([50, 2]), rng.Normal([50, 2]) + 20, rng.Normal([50, 2]) - 20);
        KMeans means = KMeans.Fit(groups, 3, rng);
        int[] found = means.Assign(groups), truth = [.. Enumerable.Range(0, 150).Select(i => i / 50)];
        Close.Require(1, Classes.NormalizedMutualInformation(found, truth), 1e-12);
        Assert.Equal([found[0], found[50], found[100]], means.Assign(Tensor.From([1f, 1, 19, 19, -19, -19], [3, 2])));
    }

    [Fact]
    public void Same_stream_gives_the_same_centres()
    {
        double[] Fit() => KMeans.Fit(ClassifierTable.Points, 5, new Rng(3), starts: 2).Centres.ToArray<double>();
        Assert.Equal(Fit(), Fit());
    }

    [Fact]
    public void As_many_clusters_as_points_and_points_that_coincide_are_no_trouble()
    {
        Close.Require(0, KMeans.Fit(ClassifierTable.Points, 60, new Rng(3), starts: 1).Inertia, 1e-12);
        Close.Require(0, KMeans.Fit(Tensor.Ones([10, 2]), 3, new Rng(3)).Inertia, 1e-20);
        Assert.Throws<ArgumentException>(() => KMeans.Fit(Tensor.Ones([2, 2]), 3, new Rng(3)));
    }
}

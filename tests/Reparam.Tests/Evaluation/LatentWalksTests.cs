using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Tests.Evaluation;

public sealed class LatentWalksTests
{
    private static readonly Tensor X = Tensor.From([2.0, 0, 0], [3]), Y = Tensor.From([0.0, 2, 0], [3]);

    [Fact]
    public void Linear_goes_straight_and_holds_both_ends()
    {
        Tensor walk = LatentWalks.Linear(X, Y, 5);
        Assert.Equal([5, 3], walk.Shape);
        Assert.Equal([2, 0, 0, 1.5, 0.5, 0, 1, 1, 0, 0.5, 1.5, 0, 0, 2, 0], walk.ToArray<double>());
    }

    [Fact]
    public void Spherical_keeps_its_radius_and_turns_evenly()
    {
        double[] walk = LatentWalks.Spherical(X, Y, 4).ToArray<double>();
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(2 * Math.Cos(i * Math.PI / 6), walk[3 * i], 1e-14);
            Assert.Equal(2 * Math.Sin(i * Math.PI / 6), walk[3 * i + 1], 1e-14);
        }
    }

    [Fact]
    public void Spherical_ends_are_the_given_vectors_to_the_bit()
    {
        Tensor a = Tensor.From([0.3f, -1.7f, 0.9f], [3]), b = Tensor.From([-2.1f, 0.4f, 0.2f], [3]);
        Tensor walk = LatentWalks.Spherical(a, b, 9);
        Assert.Equal(a.ToArray<float>(), walk.Slice(0, 0, 1).ToArray<float>());
        Assert.Equal(b.ToArray<float>(), walk.Slice(0, 8, 1).ToArray<float>());
    }

    [Theory]
    [InlineData(3.0)]
    [InlineData(-1.0)]
    [InlineData(0.0)]
    public void Spherical_without_a_single_arc_is_the_straight_line(double factor) =>
        Assert.Equal(LatentWalks.Linear(X, X * factor, 5).ToArray<double>(),
            LatentWalks.Spherical(X, X * factor, 5).ToArray<double>());

    [Fact]
    public void Spherical_is_accurate_for_a_small_angle()
    {
        Tensor near = Tensor.From([2 * Math.Cos(1e-4), 2 * Math.Sin(1e-4), 0], [3]);
        double[] middle = LatentWalks.Spherical(X, near, 3).Slice(0, 1, 1).ToArray<double>();
        Assert.Equal(2 * Math.Sin(5e-5), middle[1], 1e-15);
    }

    [Fact]
    public void Arithmetic_is_a_minus_b_plus_c() =>
        Assert.Equal([2, -2, 5], LatentWalks.Arithmetic(X, Y, Tensor.From([0.0, 0, 5], [3])).ToArray<double>());

    [Fact]
    public void Traversal_moves_one_dimension_a_row_in_the_order_given()
    {
        Tensor origin = Tensor.From([7.0, 8], [2]);
        Assert.Equal(
            [7, -3, 7, 0, 7, 3, -3, 8, 0, 8, 3, 8], LatentWalks.Traversal(origin, [1, 0], 3).ToArray<double>());
    }

    [Fact]
    public void Manifold_cells_have_equal_prior_probability_and_leave_other_dimensions_at_0()
    {
        Tensor grid = LatentWalks.Manifold(latent: 3, edge: 4, across: 2, down: 0, DType.Float64);
        Assert.Equal([16, 3], grid.Shape);
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal((i % 4 + 0.5) / 4, Cdf(grid.At(3 * i + 2)), 1e-12);
            Assert.Equal((i / 4 + 0.5) / 4, Cdf(grid.At(3 * i)), 1e-12);
            Assert.Equal(0, grid.At(3 * i + 1));
        }

        static double Cdf(double z) => 0.5 * PortableMath.Erfc(-z / Math.Sqrt(2));
    }

    [Fact]
    public void ByKL_sorts_falling_and_keeps_the_order_of_equals() =>
        Assert.Equal([3, 0, 2, 1], LatentWalks.ByKL([1.0, 0.5, 1.0, 2.0]));

    [Fact]
    public void Walk_between_vectors_that_do_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => LatentWalks.Linear(X, Tensor.From([1.0, 2], [2]), 3));
        Assert.Throws<ArgumentException>(() => LatentWalks.Spherical(X, Tensor.From([1f, 2, 3], [3]), 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatentWalks.Linear(X, Y, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatentWalks.Manifold(1, 4));
    }

    [Fact]
    public void Arithmetic_adds_the_difference_as_often_as_asked()
    {
        Assert.Equal([3, -1, 1], LatentWalks.Arithmetic(X, Y, Tensor.From([1.0, 1, 1], [3])).ToArray<double>());
        Assert.Equal(
            [-1, 3, 1], LatentWalks.Arithmetic(X, Y, Tensor.From([1.0, 1, 1], [3]), strength: -1).ToArray<double>());
    }

    [Fact]
    public void Mean_takes_the_codes_of_the_chosen_classes()
    {
        Tensor codes = Tensor.From([1f, 2, 3, 4, 5, 9], [3, 2]);
        Assert.Equal([3, 5.5f], LatentWalks.Mean(codes, [0, 1, 0], label => label == 0).ToArray<float>());
        Assert.Equal([3, 4], LatentWalks.Mean(codes, [0, 1, 0], label => label != 0).ToArray<float>());
        Assert.Throws<ArgumentException>(() => LatentWalks.Mean(codes, [0, 1, 0], label => label == 2));
        Assert.Throws<ArgumentException>(() => LatentWalks.Mean(codes, [0, 1], label => label == 0));
    }
}

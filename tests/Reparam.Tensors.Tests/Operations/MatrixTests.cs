using Reparam.Testing;

namespace Reparam.Tensors.Tests.Operations;

/// <summary>What the contract of operations does not see: values, refusals, and what is piecewise constant.</summary>
public sealed class MatrixTests
{
    [Theory]
    [InlineData(DType.Float32, 2e-6)]
    [InlineData(DType.Float64, 1e-14)]
    public void Cholesky_times_its_transpose_is_the_matrix(DType dtype, double tolerance)
    {
        // Two roundings of sums of 33 terms of size 1: a few units in the last place of the diagonal, which is about
        // 12.
        Tensor x = GradientCheck.Values([4, 33, 33], -1, 1).To(dtype);
        Tensor a = Tensor.BatchMatMul(x, x, false, true) + Tensor.Eye(33, dtype);
        Tensor l = a.Cholesky();
        Assert.Equal(l.Tril().Doubles(), l.Doubles());
        Assert.True(Close.Error(a.Doubles(), Tensor.BatchMatMul(l, l, false, true).Doubles()) < tolerance);
    }

    [Fact]
    public void Cholesky_names_the_matrix_that_has_no_factor()
    {
        Tensor a = Tensor.Concat(0, Tensor.Eye(2).Reshape([1, 2, 2]), Tensor.From([1f, 2f, 2f, 1f], [1, 2, 2]),
            Tensor.From([-1f, 0f, 0f, 1f], [1, 2, 2]));
        Assert.Contains(
            "Matrix 1 ", Assert.Throws<ArgumentException>(() => a.Cholesky()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Tensor.Full([2, 2], double.NaN).Cholesky());
        Assert.Throws<ArgumentException>(() => Tensor.Zeros([2, 3]).Cholesky());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TriangularSolve_times_the_matrix_is_the_right_hand_side(bool transpose)
    {
        Tensor l = (GradientCheck.Values([3, 17, 17], -0.3, 0.3) + 2 * Tensor.Eye(17, DType.Float64)).Tril(),
            b = GradientCheck.Values([3, 17, 5], -1, 1, seed: 2);
        Tensor x = Tensor.TriangularSolve(l, b, transpose);
        Close.Require(b.Doubles(), Tensor.BatchMatMul(l, x, transpose).Doubles(), 1e-13);
        Tensor filled = Tensor.Where(Tensor.Ones([17, 17], DType.Float64).Tril(), l, double.NaN);
        Assert.Equal(x.Doubles(), Tensor.TriangularSolve(filled, b, transpose).Doubles());
        Assert.Throws<ArgumentException>(() => Tensor.TriangularSolve(l, b.Reshape([3, 5, 17])));
    }

    [Fact]
    public void GradientOnly_adds_a_gradient_and_no_value()
    {
        Tensor x = Tensor.From([2.0, 3], [2]), c = Tensor.From([5.0, 7], [2]);
        using var tape = new GradientTape();
        Tensor y = x.Square() + (x * c).GradientOnly();
        Assert.Equal([4, 9], y.Doubles());
        Assert.Equal([4 + 5, 6 + 7], tape.Gradients(y.Sum(), [x])[0].Doubles());
    }

    [Fact]
    public void ArgMax_takes_the_first_of_equals_along_any_axis()
    {
        Tensor x = Tensor.From(
            [1.0, 5, 5, 2, 7, 3, double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity], [3, 3]);
        Assert.Equal([1, 1, 0], x.ArgMax(^1).Doubles());
        Assert.Equal([1, 1, 0], x.ArgMax(0).Doubles());
        Assert.Throws<ArgumentException>(() => Tensor.Zeros([2, 0]).ArgMax(^1));
        Assert.Throws<ArgumentException>(() => Tensor.From([1.0, double.NaN], [2]).ArgMax(0));
        Shape none = [0];
        Assert.Equal(none, Tensor.Zeros([0, 4]).ArgMax(^1).Shape);
    }

    [Fact]
    public void OneHot_marks_the_position_and_nothing_for_other_numbers() =>
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], Tensor.From([0.0, 2, 3, 0.5], [4]).OneHot(3).Doubles());

    [Fact]
    public void Where_lets_nothing_through_that_is_not_chosen()
    {
        Tensor condition = Tensor.From([1.0, 0], [2]), a = Tensor.From([1.0, double.NaN], [2]),
            b = Tensor.From([double.PositiveInfinity, 2], [2]);
        using var tape = new GradientTape();
        Tensor y = Tensor.Where(condition, a.Exp(), b.Log());
        Close.Require([Math.E, Math.Log(2)], y.Doubles(), 1e-15);
        Gradients gradients = tape.Gradients(y.Sum(), [a, b]);
        Assert.Equal(0, gradients[1].Doubles()[0]);
        Assert.Equal(0.5, gradients[1].Doubles()[1]);
    }
}

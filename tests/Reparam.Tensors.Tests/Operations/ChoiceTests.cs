using Reparam.Testing;

namespace Reparam.Tensors.Tests.Operations;

/// <summary>What the contract and the table do not see of choices along an axis: refusals and their words, indices of
/// either type, and long sums.</summary>
public sealed class ChoiceTests
{
    private static readonly Tensor X = Tensor.From([1f, 2, 3, 4, 5, 6], [2, 3]);

    [Fact]
    public void Part_takes_positions_and_runs()
    {
        Assert.Equal([4, 5, 6], X[1].Doubles());
        Assert.Equal([3, 6], X[.., ^1].Doubles());
        Assert.Equal([2, 3], X[0, 1..].Doubles());
        Assert.Equal(5, X[^1, ^2].Item());
        Assert.Equal<Shape>([1, 3], X[1..].Shape);
        Assert.Equal<Shape>([0, 3], X[2..].Shape);
        Assert.Equal<Shape>([2, 0], X[.., ..0].Shape);
    }

    [Fact]
    public void Part_outside_of_its_axis_is_refused()
    {
        Refused(() => X[2], "Position 2 does not lie within axis 0 of shape [2, 3]");
        Refused(() => X[.., ^4], "Position ^4 does not lie within axis 1");
        Refused(() => X[1..3], "Range 1..3 does not lie within axis 0");
        Refused(() => X[.., 2..1], "Range 2..1 does not lie within axis 1");
        Refused(() => X[0, 0, 0], "has 2 axes but 3 axes are indexed");
        Refused(() => X[-1], "write ^1");
        Refused(() => Tensor.Scalar(1)[0], "has 0 axes");
    }

    [Fact]
    public void Extrema_of_no_elements_are_refused()
    {
        Tensor none = Tensor.Zeros([2, 0]);
        Refused(() => none.Max(1), "Axis 1 of shape [2, 0] has no largest element");
        Refused(() => none.Min(^1), "Axis 1 of shape [2, 0] has no smallest element");
        Refused(() => none.Max(), "no largest element");
        Refused(() => none.Min(), "no smallest element");
        Assert.Equal<Shape>([0], none.Max(0).Shape);
        Refused(() => X.Max(2), "Axis 2 does not exist");
        Refused(() => Tensor.Scalar(1).Min(0), "Axis 0 does not exist");
    }

    [Fact]
    public void Ties_share_a_gradient_evenly()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.From([2.0, 7, 7, 7, 1, 3], [2, 3]);
        Assert.Equal([0, 0.5, 0.5, 1, 0, 0], tape.Gradients(x.Max(1).Sum(), [x])[0].Doubles());
        Assert.Equal([0, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0, 0], tape.Gradients(x.Max(), [x])[0].Doubles());
    }

    [Fact]
    public void Variance_of_too_few_elements_is_refused()
    {
        Tensor one = Tensor.Ones([3, 1]);
        Refused(() => one.Variance(1), "needs at least two elements: axis 1 of shape [3, 1] has 1");
        Refused(() => Tensor.Ones([3, 0]).Variance(1, unbiased: false), "needs at least one element");
        Refused(() => X.Variance(2), "Axis 2 does not exist");
        Assert.Equal([0, 0, 0], one.Variance(1, unbiased: false).Doubles());
    }

    [Fact]
    public void Stack_refuses_what_does_not_fit()
    {
        Refused(() => Tensor.Stack(0), "at least one tensor");
        Refused(() => Tensor.Stack(0, X, X.Transpose()), "one shape; got [2, 3] and [3, 2]");
        Refused(() => Tensor.Stack(3, X), "axis 0 to 2; got axis 3");
        Refused(() => Tensor.Stack(^4, X), "got axis ^4");
        Refused(() => Tensor.Stack(0, X, X.To(DType.Float64)), "element type");
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6], Tensor.Stack(^1, X, X).Doubles());
    }

    [Fact]
    public void Indices_that_are_no_positions_are_refused()
    {
        Refused(() => X.IndexSelect(1, 0, 3), "3 is not a position of axis 1 of shape [2, 3]: positions are 0 to 2");
        Refused(() => X.IndexSelect(0, -1), "-1 is not a position");
        Refused(() => Tensor.Zeros([0]).IndexSelect(0, 0), "the axis is empty");
        foreach (double index in (double[])[-1, 3, 0.5, double.NaN, double.PositiveInfinity])
            Refused(() => X.Gather(1, Tensor.Full([2, 1], index)), "is not a position of axis 1");
        Refused(() => X.Gather(1, Tensor.Zeros([3, 1])), "got [3, 1]");
        Refused(() => X.Gather(1, Tensor.Zeros([2])), "got [2]");
        Refused(() => X.Gather(2, Tensor.Zeros([2, 3])), "Axis 2 does not exist");
        Refused(() => X.CumSum(^3), "does not exist");
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Gather_at_the_largest_element_is_the_maximum(DType dtype)
    {
        Tensor x = GradientCheck.Values([5, 7, 3], -2, 2);
        Tensor at = x.To(dtype).ArgMax(1).Reshape([5, 1, 3]);
        Assert.Equal(x.Max(1, keepAxis: true).Doubles(), x.Gather(1, at).Doubles());
    }

    [Fact]
    public void Running_sum_of_many_small_numbers_keeps_its_digits()
    {
        Tensor sums = Tensor.Full([1_000_000], 0.1).CumSum(0);
        Assert.Equal((float)(1_000_000 * (double)0.1f), sums[^1].Item());
    }

    [Fact]
    public void Choices_in_a_shape_scope_read_no_element()
    {
        Tensor outside = Tensor.Full([2, 1], 99);
        using var shapes = new ShapeScope();
        Tensor x = Tensor.Zeros([2, 3]);
        // Inside, elements are zeros; what they would be refused for is not looked at.
        Assert.Equal<Shape>([2, 1], x.Gather(1, outside).Shape);
        Assert.Equal<Shape>([2, 4], x.IndexSelect(1, 0, 2, 2, 1).Shape);
        Assert.Equal<Shape>([3, 2], Tensor.Stack(^1, x[0], x[1]).Shape);
        Assert.Equal<Shape>([2], x.Max(1).Pow(x.Variance(^1)).LogSigmoid().CumSum(0).Shape);
        Assert.Throws<ArgumentOutOfRangeException>(() => x.IndexSelect(1, 3));
    }

    private static void Refused(Func<Tensor> operation, string words) =>
        Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(operation).Message, StringComparison.Ordinal);
}

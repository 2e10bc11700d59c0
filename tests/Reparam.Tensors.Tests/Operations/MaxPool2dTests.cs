namespace Reparam.Tensors.Tests.Operations;

public sealed class MaxPool2dTests
{
    [Fact]
    public void NaN_wins_and_takes_the_gradient()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.From([1, 2, double.NaN, 4, 5, double.NaN, 7, 8], [1, 1, 2, 4]);
        Tensor y = Tensor.MaxPool2d(x, 2);
        Assert.Equal([double.NaN, double.NaN], y.ToArray<double>());
        Assert.Equal([0, 0, 3, 0, 0, 2, 0, 0], tape.Gradients((y * Tensor.From([2.0, 3.0], [1, 1, 1, 2])).Detach().Sum()
            + (y * Tensor.From([2.0, 3.0], [1, 1, 1, 2])).Sum(), [x])[0].ToArray<double>());
    }

    [Fact]
    public void First_of_equal_maxima_takes_the_gradient()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.From([3.0, 7, 7, 7], [1, 1, 2, 2]);
        Assert.Equal([0, 1, 0, 0], tape.Gradients(Tensor.MaxPool2d(x, 2).Sum(), [x])[0].ToArray<double>());
    }

    [Fact]
    public void Border_never_wins() =>
        Assert.Equal([-5.0, -6, -7, -8],
            Tensor.MaxPool2d(Tensor.From([-5.0, -6, -7, -8], [1, 1, 2, 2]), 2, 2, 1).ToArray<double>());

    [Fact]
    public void Windows_that_cannot_be_are_refused()
    {
        Tensor x = Tensor.Zeros([1, 2, 4, 4]);
        Assert.Throws<ArgumentException>(() => Tensor.MaxPool2d(x, 5));
        Assert.Throws<ArgumentException>(() => Tensor.MaxPool2d(x, 2, 2, 2));
        Assert.Throws<ArgumentException>(() => Tensor.MaxPool2d(x, 2, 0));
        Assert.Throws<ArgumentException>(() => Tensor.MaxPool2d(x.Reshape([2, 4, 4]), 2));
        Assert.Throws<ArgumentException>(() => Tensor.UpsampleNearest2d(x, 0));
    }
}

namespace Reparam.Tensors.Tests.Memory;

/// <summary>Inside a ShapeScope tensors have shapes and nothing else, and outside of it everything is as it
/// was.</summary>
public sealed class ShapeScopeTests
{
    [Fact]
    public void Tensor_made_inside_has_a_shape_and_reads_as_zeros()
    {
        using var shapes = new ShapeScope();
        Tensor x = Tensor.From([1f, 2, 3, 4, 5, 6], [2, 3]);
        Tensor y = Tensor.MatMul(x, x.Transpose()).To(DType.Float64).Exp();
        Assert.Equal((DType.Float64, "[2, 2]", false), (y.DType, y.Shape.ToString(), y.HasElements));
        Assert.Equal(0, y.At(3));
        Assert.Equal(0, y.Sum().Item());
        Assert.Equal(new double[4], y.ToArray<double>());
        Assert.Equal("Float64 [2, 2] (no elements)", y.ToString());
        Assert.True(y.IsFinite());
        Assert.Throws<ArgumentOutOfRangeException>(() => y.At(4));
        Assert.Throws<ArgumentException>(() => Tensor.MatMul(x, x));
        Assert.Equal([2, 2], y.Cholesky().Shape);
        Assert.Equal([2], x.ArgMax(1).Shape);
    }

    [Fact]
    public void Gradients_have_the_shapes_of_their_sources()
    {
        using var shapes = new ShapeScope();
        var weight = new Parameter("weight", Tensor.Zeros([20_000, 20_000]));
        using var tape = new GradientTape();
        Gradients gradients = tape.Gradients(Tensor.Linear(Tensor.Zeros([64, 20_000]), weight).Tanh().Mean(), [weight]);
        Assert.Equal(weight.Shape, gradients[0].Shape);
        Assert.Equal(1, gradients.Norm());
        Assert.Null(tape.FirstNonFinite());
    }

    [Fact]
    public void Tensors_from_outside_keep_their_elements_and_are_not_written_to()
    {
        Tensor outside = Tensor.From([1f, 2, 3], [3]);
        var parameter = new Parameter("p", outside);
        using (new ShapeScope())
        {
            Assert.Equal(3, outside.At(2));
            Assert.True(parameter.Value.HasElements);
            Assert.False((outside * 2).HasElements);
            Assert.False(outside.Keep().HasElements);
            parameter.Assign(Tensor.Zeros([3]));
            parameter.Assign(Tensor.Zeros([3]) + outside);
            ParameterUpdate.Sgd(parameter, outside, rate: 1);
            Assert.Throws<ArgumentException>(() => parameter.Assign(Tensor.Zeros([4])));
        }

        Assert.Equal([1f, 2, 3], parameter.Value.ToArray<float>());
    }

    [Fact]
    public void Tensor_made_inside_throws_outside_and_on_other_threads()
    {
        Tensor x, scoped;
        using (new ShapeScope())
        {
            x = Tensor.Ones([3]);
            using (new TensorScope()) scoped = Tensor.Ones([3]);
            Assert.Throws<ObjectDisposedException>(() => scoped.Exp());
            Exception? elsewhere = null;
            var thread = new Thread(() => elsewhere = Record.Exception(() => x.Exp()));
            thread.Start();
            thread.Join();
            Assert.IsType<ObjectDisposedException>(elsewhere);
        }

        var refused = Assert.Throws<ObjectDisposedException>(() => x.Exp());
        Assert.Contains("ShapeScope", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => x.At(0));
        Assert.Throws<ObjectDisposedException>(() => x.AsSpan<float>());
        Assert.Throws<ObjectDisposedException>(() => x.Keep());
        Assert.False(x.HasElements);
    }

    [Fact]
    public void Other_threads_compute_meanwhile()
    {
        using var shapes = new ShapeScope();
        float[] values = [];
        bool isOn = true;
        var thread = new Thread(() => (values, isOn) = ((Tensor.Ones([2]) * 3).ToArray<float>(), ShapeScope.IsOn));
        thread.Start();
        thread.Join();
        Assert.Equal([3f, 3f], values);
        Assert.False(isOn);
        Assert.True(ShapeScope.IsOn);
    }

    [Fact]
    public void Scope_that_an_exception_leaves_restores_tape_arena_and_backend()
    {
        using var tape = new GradientTape();
        Tensor before = Tensor.Ones([2]);
        Assert.Throws<ArgumentException>(() =>
        {
            using var shapes = new ShapeScope();
            _ = new GradientTape(); // left open
            Tensor.MatMul(Tensor.Ones([2, 3]), Tensor.Ones([2, 3]));
        });
        Assert.False(ShapeScope.IsOn);
        int recorded = tape.Count;
        Tensor after = before.Exp();
        Assert.Equal(recorded + 1, tape.Count);
        Assert.Equal(Math.E, after.At(0), 6);
        Assert.Equal([2], tape.Gradients(after.Sum(), [before])[0].Shape);
    }

    [Fact]
    public void Streams_of_numbers_go_back_to_where_they_were()
    {
        Rng rng = new(3), same = new(3);
        rng.NextUInt64();
        same.NextUInt64();
        using (new ShapeScope())
        {
            Assert.NotEqual(rng.NextUInt64(), rng.NextUInt64());
            rng.Normal([5]);
            using (new ShapeScope()) rng.Permutation(10);
        }

        Assert.Equal(same.NextUInt64(), rng.NextUInt64());
    }

    [Fact]
    public void What_is_made_outside_within_a_scope_stays()
    {
        Tensor kept;
        using (new ShapeScope())
        using (var meter = new MemoryMeter())
        {
            kept = ShapeScope.Outside(() => Tensor.Ones([2]).Exp());
            Assert.Equal(0, meter.Tensors);
            Assert.True(ShapeScope.IsOn);
            Assert.Throws<NotSupportedException>(
                () => ShapeScope.Outside<int>(() => throw new NotSupportedException()));
            Assert.True(ShapeScope.IsOn);
        }

        Assert.Equal(Math.E, kept.At(1), 6);
    }

    [Fact]
    public void Tensor_larger_than_any_is_refused_inside_as_outside()
    {
        using var shapes = new ShapeScope();
        Assert.Throws<TensorSizeException>(() => Tensor.Zeros([1 << 29]));
        Assert.Throws<TensorSizeException>(() => Tensor.Zeros([1 << 28], DType.Float64));
        using LayerName layer = LayerName.Enter("decoder.head");
        var refused = Record.Exception(() => Shape.SizeOf(int.MaxValue, int.MaxValue, int.MaxValue));
        Assert.Equal(
            "The shape [2147483647, 2147483647, 2147483647] has 9903520300447984150353281023 elements, "
            + "but a tensor holds at most 2147483647 (in decoder.head).",
            Assert.IsType<TensorSizeException>(refused).Message);
    }
}

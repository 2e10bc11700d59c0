namespace Reparam.Tensors.Tests.Memory;

/// <summary>The meter counts the elements that tensors are made of, while they are held.</summary>
public sealed class MemoryMeterTests
{
    [Fact]
    public void Bytes_are_held_until_their_scope_is_gone()
    {
        using var meter = new MemoryMeter();
        using (new TensorScope())
        {
            Tensor x = Tensor.Ones([10]);
            Assert.Equal((1L, 40L, 40L), (meter.Tensors, meter.HeldBytes, meter.PeakBytes));
            using (new TensorScope())
            {
                x.To(DType.Float64).Reshape([2, 5]).Detach();
                Assert.Equal(120, meter.HeldBytes);
            }

            Assert.Equal(40, meter.HeldBytes);
            x.Exp();
        }

        Assert.Equal((3L, 160L, 0L, 120L), (meter.Tensors, meter.TotalBytes, meter.HeldBytes, meter.PeakBytes));
        Tensor.Ones([3]).Keep();
        Assert.Equal(24, meter.HeldBytes);
    }

    [Fact]
    public void Largest_tensor_has_the_operation_and_layer_that_made_it()
    {
        using var meter = new MemoryMeter();
        Assert.Null(meter.Largest);
        using var tape = new GradientTape();
        Tensor x = Tensor.Ones([4, 5]);
        Assert.Equal(new LargestTensor([4, 5], DType.Float32, ""), meter.Largest);
        x.Reshape([20]);
        Assert.Equal("", meter.Largest!.Origin);
        Tensor y;
        using (LayerName.Enter("decoder")) y = Tensor.MatMul(x, Tensor.Ones([5, 6]));
        Tensor z = y.Sum(1);
        Assert.Equal(new LargestTensor([5, 6], DType.Float32, "decoder"), meter.Largest);
        Assert.Equal(30, meter.Largest.Elements);
        using (LayerName.Enter("decoder")) y = Tensor.MatMul(z.Reshape([4, 1]), Tensor.Ones([1, 9]));
        Assert.Equal(new LargestTensor([4, 9], DType.Float32, "MatMul in decoder"), meter.Largest);
    }

    [Fact]
    public void Largest_tensor_of_the_backward_pass_names_whose_gradient_it_is()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.Ones([2, 3]), y;
        using (LayerName.Enter("loss")) y = x.Sum();
        using var meter = new MemoryMeter();
        tape.Gradients(y, [x]);
        Assert.Equal(new LargestTensor([2, 3], DType.Float32, "gradient of SumFrom in loss"), meter.Largest);
    }

    [Fact]
    public void Innermost_meter_of_a_thread_counts()
    {
        using var outer = new MemoryMeter();
        using (var inner = new MemoryMeter())
        {
            Tensor.Ones([3]);
            Assert.Throws<InvalidOperationException>(outer.Dispose);
            var thread = new Thread(() => Tensor.Ones([3]));
            thread.Start();
            thread.Join();
            Assert.Equal(1, inner.Tensors);
        }

        Assert.Equal(0, outer.Tensors);
    }
}

namespace Reparam.Tensors.Tests.Autodiff;

public sealed class GradientTapeTests
{
    [Fact]
    public void Tensor_of_a_disposed_tape_throws_and_so_do_its_views()
    {
        Tensor made, view, detached, kept;
        using (new GradientTape())
        {
            made = Tensor.Full([4], 7);
            (view, detached, kept) = (made.Reshape([2, 2]), made.Detach(), made.Keep());
        }

        foreach (Tensor gone in (Tensor[])[made, view, detached])
            Assert.Throws<ObjectDisposedException>(() => gone.At(0));
        Assert.Equal([7, 7, 7, 7], kept.ToArray<float>());
    }

    [Fact]
    public void Memory_shared_by_views_returns_to_the_pool_once()
    {
        using (new GradientTape())
        {
            Tensor made = Tensor.Full([4099], 7);
            _ = (made.Reshape([4099, 1]), made.Detach(), Tensor.WithVjp(made, [], _ => []));
        }

        using var scope = new TensorScope();
        Tensor first = Tensor.Full([4099], 1), second = Tensor.Full([4099], 2);
        Assert.Equal((1, 2), (first.At(0), second.At(0)));
    }

    [Fact]
    public void Scope_inside_a_tape_pauses_it_and_gives_its_own_memory_back()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.Full([], 3), inside;
        using (new TensorScope()) inside = x.Square();
        Assert.Equal(0, tape.Count);
        Assert.Throws<ObjectDisposedException>(() => inside.Item());
        Assert.Equal(6, tape.Gradients(x.Square(), [x])[x].Item());
    }

    [Fact]
    public void Tape_inside_a_tape_records_for_itself_alone()
    {
        using var outer = new GradientTape();
        Tensor x = Tensor.Full([], 3);
        using (var inner = new GradientTape()) Assert.Equal(6, inner.Gradients(x.Square(), [x])[0].Item());
        Assert.Equal(0, outer.Count);
        Assert.Equal(27, outer.Gradients(x.Square() * x, [x])[0].Item());
    }

    [Fact]
    public void Disposing_out_of_order_throws_and_can_be_put_right()
    {
        var outer = new GradientTape();
        Tensor x = Tensor.Full([], 3);
        var inner = new TensorScope();
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        Assert.Equal(6, outer.Gradients(x.Square(), [x])[0].Item());
        outer.Dispose();
        outer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x.Item());
    }

    [Fact]
    public void Disposing_on_another_thread_throws_and_changes_nothing()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.Full([], 3);
        Exception? problem = null;
        var thread = new Thread(() => problem = Record.Exception(tape.Dispose));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(problem);
        Assert.Equal(6, tape.Gradients(x.Square(), [x])[0].Item());
    }

    [Fact]
    public void Failing_vjp_leaves_the_tape_recording()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.Full([], 3);
        Tensor failing = Tensor.WithVjp(x, [x], _ => throw new NotSupportedException());
        Assert.Throws<NotSupportedException>(() => tape.Gradients(failing, [x]));
        Assert.Equal(6, tape.Gradients(x.Square(), [x])[0].Item());
    }

    [Fact]
    public void Source_that_the_loss_does_not_need_gets_zeros_and_a_repeated_one_its_gradient_twice()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.Full([2], 3), unused = Tensor.Full([3], 1);
        Gradients gradients = tape.Gradients(x.Square().Sum(), [x, unused, x]);
        Assert.Equal([6, 6], gradients[0].ToArray<float>());
        Assert.Equal([0, 0, 0], gradients[unused].ToArray<float>());
        Assert.Equal([6, 6], gradients[2].ToArray<float>());
    }

    [Fact]
    public void Intermediate_result_may_be_a_source()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.Full([], 3);
        Tensor y = x.Square();
        Gradients gradients = tape.Gradients(y * y, [x, y]);
        Assert.Equal((108, 18), (gradients[x].Item(), gradients[y].Item()));
    }

    [Fact]
    public void FirstNonFinite_names_the_operation_and_its_layer()
    {
        using var tape = new GradientTape();
        using (LayerName.Enter("head")) _ = (Tensor.Zeros([2]) + 1).Log() + Tensor.Zeros([2]).Log();
        Assert.Equal("Log in head", tape.FirstNonFinite());
    }
}

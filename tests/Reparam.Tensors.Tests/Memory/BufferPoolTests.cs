using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Memory;

/// <summary>The pool gives a buffer again while steps use it, and lets go of buffers that no recent arena
/// used.</summary>
public sealed class BufferPoolTests
{
    [Fact]
    public void Buffer_given_back_is_given_again()
    {
        var pool = new BufferPool();
        TensorBuffer buffer = pool.Rent(DType.Float32, 1000);
        pool.Return(buffer);
        Assert.Same(buffer, pool.Rent(DType.Float64, 500));
        Assert.NotSame(buffer, pool.Rent(DType.Float32, 1000));
    }

    [Fact]
    public void Buffer_of_every_step_stays_however_many_steps_there_are()
    {
        var pool = new BufferPool();
        TensorBuffer buffer = pool.Rent(DType.Float32, 1000);
        for (int step = 1; step <= 3 * BufferPool.ArenasKept; step++)
        {
            pool.Return(buffer);
            pool.CountClosedArena();
            // Never given back and so always made, which is when the pool looks for what to let go.
            pool.Rent(DType.Float32, 2000);
            Assert.Same(buffer, pool.Rent(DType.Float32, 1000));
        }
    }

    [Theory]
    [InlineData(BufferPool.ArenasKept, true)]
    [InlineData(BufferPool.ArenasKept + 1, false)]
    public void Buffer_that_arenas_leave_unused_is_let_go_when_another_is_made(int arenas, bool kept)
    {
        var pool = new BufferPool();
        TensorBuffer old = pool.Rent(DType.Float32, 1000);
        pool.Return(old);
        for (int i = 0; i < arenas; i++) pool.CountClosedArena();
        pool.Rent(DType.Float32, 50_000);
        Assert.Equal(kept, ReferenceEquals(old, pool.Rent(DType.Float32, 1000)));
    }

    [Fact]
    public void Buffer_that_arenas_leave_unused_stays_while_nothing_is_missing()
    {
        var pool = new BufferPool();
        TensorBuffer training = pool.Rent(DType.Float32, 1000), evaluation = pool.Rent(DType.Float32, 50_000);
        pool.Return(training);
        for (int i = 0; i < 2 * BufferPool.ArenasKept; i++)
        {
            pool.Return(evaluation);
            pool.CountClosedArena();
            Assert.Same(evaluation, pool.Rent(DType.Float32, 50_000));
        }

        Assert.Same(training, pool.Rent(DType.Float32, 1000));
    }

    [Fact]
    public void Arenas_that_close_are_counted_by_the_shared_pool()
    {
        // A size of its own, so that no other test rents this buffer meanwhile.
        const int Size = 7_654_321;
        TensorBuffer old = BufferPool.Shared.Rent(DType.Float32, Size);
        BufferPool.Shared.Return(old);
        for (int i = 0; i <= BufferPool.ArenasKept; i++) new TensorScope().Dispose();
        BufferPool.Shared.Return(BufferPool.Shared.Rent(DType.Float32, 2 * Size));
        Assert.NotSame(old, BufferPool.Shared.Rent(DType.Float32, Size));
    }
}

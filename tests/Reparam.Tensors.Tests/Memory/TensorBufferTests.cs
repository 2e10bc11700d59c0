using System.Runtime.CompilerServices;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Memory;

/// <summary>The memory of a tensor that no tape or scope owns is the garbage collector's, which must not take it while
/// it is in use.</summary>
public sealed class TensorBufferTests
{
    private const int Size = 1 << 20;

    [Fact]
    public void Span_of_an_unreachable_tensor_keeps_its_memory() => WhileCollecting(() =>
    {
        ReadOnlySpan<float> elements = Ones();
        // Time for a collection while nothing but the span refers to the memory.
        for (int pass = 0; pass < 4; pass++) Assert.Equal(-1, elements.IndexOfAnyExcept(1f));
    });

    [Fact]
    public void Kernel_over_an_unreachable_tensor_keeps_its_memory() => WhileCollecting(() => Assert.True(AreFinite()));

    [Fact]
    public void Tensor_larger_than_a_buffer_is_refused_with_its_size()
    {
        var problem = Assert.Throws<TensorSizeException>(() => Tensor.Zeros([1 << 29]));
        Assert.Equal(
            "The shape [536870912] has 536870912 elements, but a Float32 tensor holds at most 536870865.",
            problem.Message);
    }

    [Theory]
    [InlineData(2_000_000_000)]
    [InlineData(2_147_483_000)]
    public void Class_of_a_buffer_near_the_limit_stays_within_it(long bytes) =>
        Assert.InRange(BufferPool.ClassOf(bytes), bytes, TensorBuffer.MaxBytes);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlySpan<float> Ones() => Tensor.Ones([Size]).AsSpan<float>();

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool AreFinite() => Tensor.Ones([Size]).IsFinite();

    /// <summary>Runs an action many times while another thread collects without pause and writes NaN over what was
    /// freed.</summary>
    private static void WhileCollecting(Action action)
    {
        bool stop = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                GC.Collect();
                byte[][] freed = [.. Enumerable.Range(0, 4).Select(
                    _ => GC.AllocateUninitializedArray<byte>(Size * sizeof(float), pinned: true))];
                foreach (byte[] bytes in freed) Array.Fill(bytes, (byte)0xFF);
            }
        });
        collector.Start();
        try
        {
            for (int round = 0; round < 100; round++) action();
        }
        finally
        {
            Volatile.Write(ref stop, true);
            collector.Join();
        }
    }
}

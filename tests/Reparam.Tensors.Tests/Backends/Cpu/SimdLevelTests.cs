using Reparam.Testing.Host;

namespace Reparam.Tensors.Tests.Backends.Cpu;

/// <summary>The contract's first clause: the same bits at every vector width and for every thread count. Other widths
/// run in a child process, because the JIT chooses once.</summary>
public sealed class SimdLevelTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic", 128)]
    public void Kernels_give_the_same_bits_at_other_widths(string variable, int expectedBits)
    {
        string[] own = Run(null, 2), other = Run(variable, 3);
        int ownBits = int.Parse(own[0].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        int otherBits = int.Parse(other[0].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Execution.VectorBits, ownBits);
        // On Arm64 or an older processor there may be nothing to switch off; where there is, it must have worked.
        Assert.Equal(Math.Min(expectedBits, ownBits), otherBits);
        Assert.True(own.Length > 100);
        Assert.Equal(own[1..], other[1..]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Kernels_give_the_same_bits_for_any_thread_count(int threads)
    {
        int before = Execution.Threads;
        try
        {
            Execution.Threads = 1;
            var expected = KernelFingerprint.Compute();
            var operations = OperationFingerprint.Compute();
            Execution.Threads = threads;
            Assert.Equal(expected, KernelFingerprint.Compute());
            Assert.Equal(operations, OperationFingerprint.Compute());
        }
        finally
        {
            Execution.Threads = before;
        }
    }

    private static string[] Run(string? variable, int threads) => Testing.TestingHost.Run(
        typeof(KernelFingerprint).Assembly.Location, ["kernels", threads.ToString(
            System.Globalization.CultureInfo.InvariantCulture)], variable is null ? [] : [$"{variable}=0"]);
}

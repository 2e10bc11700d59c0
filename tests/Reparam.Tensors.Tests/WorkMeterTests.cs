namespace Reparam.Tensors.Tests;

/// <summary>The meter counts what kernels did, and changes no result.</summary>
public sealed class WorkMeterTests
{
    [Fact]
    public void Products_are_counted_with_their_operations()
    {
        var rng = new Rng(1);
        Tensor a = rng.Normal([3, 53]), b = rng.Normal([53, 71]), expected = Tensor.MatMul(a, b);
        using var meter = new WorkMeter();
        Tensor measured = Tensor.MatMul(a, b);
        Tensor.MatMul(a, b);
        Assert.Equal(expected.ToArray<float>(), measured.ToArray<float>());
        WorkShare share = Assert.Single(meter.Shares, s => s.Name == "product nn 3x71x53");
        Assert.Equal(("products", 2L, 2.0 * 2 * 3 * 53 * 71), (share.Kind, share.Calls, share.Flops));
        Assert.True(share.Time > TimeSpan.Zero);
    }

    [Fact]
    public void Denormal_results_are_counted_by_kernel()
    {
        Tensor small = Tensor.From([3e-20f, 1e-20f, 1, 0], [4]);
        using (var silent = new WorkMeter())
        {
            _ = small * small;
            Assert.All(silent.Shares, s => Assert.Equal(0, s.Denormals));
        }

        using var meter = new WorkMeter { CountsDenormals = true };
        Assert.Equal([9e-40f, 1e-40f, 1, 0], (small * small).ToArray<float>());
        _ = small + small;
        Assert.Equal(2, Assert.Single(meter.Shares, s => s.Name == "Multiply 4").Denormals);
        Assert.Equal(0, Assert.Single(meter.Shares, s => s.Name == "Add 4").Denormals);
    }

    [Fact]
    public void A_second_meter_is_refused_until_the_first_is_disposed()
    {
        using (var first = new WorkMeter()) Assert.Throws<InvalidOperationException>(() => new WorkMeter());
        using var second = new WorkMeter();
        Assert.DoesNotContain(second.Shares, s => s.Name == "product nn 3x71x53");
    }
}

using BenchmarkDotNet.Attributes;
using Reparam.Tensors;

namespace Reparam.Benchmarks.Kernels;

/// <summary>A layer from 784 to 400 units, batch 128: the forward product and both gradients.</summary>
public class ProductBenchmarks
{
    private readonly Tensor _x = new Rng(1).Normal([128, 784]), _weight = new Rng(2).Normal([400, 784]),
        _bias = new Rng(3).Normal([400]), _g = new Rng(4).Normal([128, 400]);

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare() => Execution.Threads = Threads;

    [Benchmark]
    public void Forward() => In(() => Tensor.Linear(_x, _weight, _bias, Nonlinearity.Relu));

    [Benchmark]
    public void ByInput() => In(() => Tensor.MatMul(_g, _weight));

    [Benchmark]
    public void ByWeight() => In(() => Tensor.MatMul(_g, _x, transposeA: true));

    private static void In(Func<Tensor> work)
    {
        using var scope = new TensorScope();
        work();
    }
}

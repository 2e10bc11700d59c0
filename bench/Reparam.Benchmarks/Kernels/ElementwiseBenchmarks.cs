using BenchmarkDotNet.Attributes;
using Reparam.Tensors;

namespace Reparam.Benchmarks.Kernels;

/// <summary>Elementwise functions of 128 x 784 elements. Divide the nanoseconds by 100,352 for nanoseconds per
/// element.</summary>
public class ElementwiseBenchmarks
{
    private readonly Tensor _x = new Rng(1).Normal([128, 784]);
    private readonly Tensor _y = new Rng(2).Uniform([128, 784]);
    private readonly Rng _rng = new(3);

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare() => Execution.Threads = Threads;

    [Benchmark]
    public void Relu() => In(() => _x.Relu());

    [Benchmark]
    public void Exp() => In(() => _x.Exp());

    [Benchmark]
    public void Tanh() => In(() => _x.Tanh());

    [Benchmark]
    public void SoftPlus() => In(() => _x.SoftPlus());

    [Benchmark]
    public void Gelu() => In(() => _x.Gelu());

    [Benchmark]
    public void Multiply() => In(() => _x * _y);

    [Benchmark]
    public void SumOfRows() => In(() => _x.Sum(^1));

    [Benchmark]
    public void SumOfColumns() => In(() => _x.Sum(0));

    [Benchmark]
    public void BernoulliLogProb() => In(() => Tensor.BernoulliLogProb(_x, _y, 1));

    [Benchmark]
    public void NormalNoise() => In(() => _rng.At(0).Normal([128, 784]));

    private static void In(Func<Tensor> work)
    {
        using var scope = new TensorScope();
        work();
    }
}

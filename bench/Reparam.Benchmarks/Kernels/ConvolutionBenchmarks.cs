using BenchmarkDotNet.Attributes;
using Reparam.Tensors;

namespace Reparam.Benchmarks.Kernels;

/// <summary>The second layer of the 28x28 VAE: 32 channels of 14x14 to 64 channels of 7x7, 4x4 kernel, stride 2, batch
/// 128. Forward, and forward with all gradients.</summary>
public class ConvolutionBenchmarks
{
    private readonly Parameter _weight = new("weight", new Rng(2).Normal([64, 32, 4, 4])),
        _bias = new("bias", new Rng(3).Normal([64])), _x = new("x", new Rng(1).Normal([128, 32, 14, 14]));

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare() => Execution.Threads = Threads;

    [Benchmark]
    public void Forward()
    {
        using var scope = new TensorScope();
        Tensor.Conv2d(_x, _weight, _bias, stride: 2, padding: 1);
    }

    [Benchmark]
    public void ForwardAndGradients()
    {
        using var tape = new GradientTape();
        tape.Gradients(Tensor.Conv2d(_x, _weight, _bias, stride: 2, padding: 1).Sum(), [_x, _weight, _bias]);
    }
}

using Reparam.Tensors;

namespace Reparam.Networks.Initialization;

/// <summary>How the weights of a linear map [out, in] and its offsets are drawn before training.</summary>
public sealed class Initializer
{
    private readonly Func<int, int, Rng, DType, Tensor> _weight;
    private readonly Func<int, int, Rng, DType, Tensor> _bias;

    private Initializer(string name, Func<int, int, Rng, DType, Tensor> weight, Func<int, int, Rng, DType, Tensor>? bias = null)
    {
        Name = name;
        _weight = weight;
        _bias = bias ?? ((outputs, _, _, dtype) => Tensor.Zeros([outputs], dtype));
    }

    /// <summary>The name under which configurations know it.</summary>
    public string Name { get; }

    /// <summary>Weights and biases uniform in +-1/sqrt(in): what PyTorch's <c>nn.Linear</c> does.</summary>
    public static Initializer PyTorch { get; } = new(
        "pytorch",
        (outputs, inputs, rng, dtype) => Uniform([outputs, inputs], 1 / Math.Sqrt(inputs), rng, dtype),
        (outputs, inputs, rng, dtype) => Uniform([outputs], 1 / Math.Sqrt(inputs), rng, dtype));

    /// <summary>Weights uniform in +-sqrt(6/(in + out)), biases 0 (Glorot and Bengio 2010).</summary>
    public static Initializer Glorot { get; } = new(
        "glorot", (outputs, inputs, rng, dtype) => Uniform([outputs, inputs], Math.Sqrt(6.0 / (inputs + outputs)), rng, dtype));

    /// <summary>Weights N(0, 2/in), biases 0 (He et al. 2015), for rectified units.</summary>
    public static Initializer He { get; } = new(
        "he", (outputs, inputs, rng, dtype) => rng.Normal([outputs, inputs], dtype) * Math.Sqrt(2.0 / inputs));

    /// <summary>Weights N(0, 0.01) with 0.01 the variance, biases 0: the start of Kingma and Welling (2013), section 5.</summary>
    public static Initializer Aevb { get; } = new("aevb", (outputs, inputs, rng, dtype) => rng.Normal([outputs, inputs], dtype) * 0.1);

    /// <summary>Weights N(0, 0.01^2), biases 0: the same words read with 0.01 as the standard deviation.</summary>
    public static Initializer SmallNormal { get; } = new("small-normal", (outputs, inputs, rng, dtype) => rng.Normal([outputs, inputs], dtype) * 0.01);

    /// <summary>All initialisers that have a name.</summary>
    public static IReadOnlyList<Initializer> All { get; } = [PyTorch, Glorot, He, Aevb, SmallNormal];

    /// <summary>The initial weight matrix.</summary>
    public Tensor Weight(int outputs, int inputs, Rng rng, DType dtype) => _weight(outputs, inputs, rng, dtype);

    /// <summary>The initial offsets.</summary>
    public Tensor Bias(int outputs, int inputs, Rng rng, DType dtype) => _bias(outputs, inputs, rng, dtype);

    private static Tensor Uniform(Shape shape, double bound, Rng rng, DType dtype) => rng.Uniform(shape, dtype).Affine(2 * bound, -bound);
}

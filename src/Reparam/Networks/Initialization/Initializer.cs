using Reparam.Tensors;

namespace Reparam.Networks.Initialization;

/// <summary>
/// How the initial weights and biases of a linear map or a convolution are drawn. "in" is the number of inputs that an
/// output sums (the fan-in: for a convolution, channels times kernel elements). "out" is the number of outputs that an
/// input contributes to (the fan-out).
/// </summary>
public sealed class Initializer
{
    private readonly Func<Shape, int, int, Rng, DType, Tensor> _weight;
    private readonly Func<int, int, Rng, DType, Tensor> _bias;

    /// <summary>Makes a custom initialiser.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="weight">Makes the weights from their shape, in, out, a source of draws and an element type.</param>
    /// <param name="bias">Makes the biases from their number, in, a source of draws and an element type; null gives
    /// zeros.</param>
    public Initializer(
        string name, Func<Shape, int, int, Rng, DType, Tensor> weight, Func<int, int, Rng, DType, Tensor>? bias = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(weight);
        Name = name;
        _weight = weight;
        _bias = bias ?? ((outputs, _, _, dtype) => Tensor.Zeros([outputs], dtype));
    }

    /// <summary>The name of the initialiser in configurations.</summary>
    public string Name { get; }

    /// <summary>Weights and biases uniform in +-1/sqrt(in), as in PyTorch's <c>nn.Linear</c> and
    /// <c>nn.Conv2d</c>.</summary>
    public static Initializer PyTorch { get; } = new(
        "pytorch",
        (shape, inputs, _, rng, dtype) => Uniform(shape, 1 / Math.Sqrt(inputs), rng, dtype),
        (outputs, inputs, rng, dtype) => Uniform([outputs], 1 / Math.Sqrt(inputs), rng, dtype));

    /// <summary>Weights uniform in +-sqrt(6/(in + out)), biases 0 (Glorot and Bengio 2010).</summary>
    public static Initializer Glorot { get; } = new(
        "glorot",
        (shape, inputs, outputs, rng, dtype) => Uniform(shape, Math.Sqrt(6.0 / (inputs + outputs)), rng, dtype));

    /// <summary>Weights N(0, 2/in), biases 0 (He et al. 2015), for ReLU networks.</summary>
    public static Initializer He { get; } = new(
        "he", (shape, inputs, _, rng, dtype) => rng.Normal(shape, dtype) * Math.Sqrt(2.0 / inputs));

    /// <summary>Weights N(0, 0.01), where 0.01 is the variance; biases 0. The initialisation of Kingma and Welling
    /// (2013), section 5.</summary>
    public static Initializer Aevb { get; } = new("aevb", (shape, _, _, rng, dtype) => rng.Normal(shape, dtype) * 0.1);

    /// <summary>Weights N(0, 0.01^2), biases 0. This is the "N(0, 0.01)" of Kingma and Welling (2013) with 0.01 read as
    /// the standard deviation.</summary>
    public static Initializer SmallNormal { get; } = new(
        "small-normal", (shape, _, _, rng, dtype) => rng.Normal(shape, dtype) * 0.01);

    /// <summary>Weights and biases 0. The last layer of a residual branch then adds nothing at the start, so a deep
    /// network begins as the identity. It is no choice for a whole network, whose layers would all stay
    /// equal.</summary>
    public static Initializer Zeros { get; } = new("zeros", (shape, _, _, _, dtype) => Tensor.Zeros(shape, dtype));

    /// <summary>The built-in initialisers of a whole network.</summary>
    public static IReadOnlyList<Initializer> All { get; } = [PyTorch, Glorot, He, Aevb, SmallNormal];

    /// <summary>The initial weight matrix of a linear map.</summary>
    public Tensor Weight(int outputs, int inputs, Rng rng, DType dtype) =>
        _weight([outputs, inputs], inputs, outputs, rng, dtype);

    /// <summary>Initial weights of any shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="fanIn">The number of inputs that an output sums.</param>
    /// <param name="fanOut">The number of outputs that an input contributes to.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    public Tensor Weight(Shape shape, int fanIn, int fanOut, Rng rng, DType dtype) =>
        _weight(shape, fanIn, fanOut, rng, dtype);

    /// <summary>The initial biases of <paramref name="outputs"/> outputs, each of which sums <paramref name="inputs"/>
    /// inputs.</summary>
    public Tensor Bias(int outputs, int inputs, Rng rng, DType dtype) => _bias(outputs, inputs, rng, dtype);

    private static Tensor Uniform(Shape shape, double bound, Rng rng, DType dtype) =>
        rng.Uniform(shape, dtype).Affine(2 * bound, -bound);
}

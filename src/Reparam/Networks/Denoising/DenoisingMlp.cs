using System.Globalization;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks.Denoising;

/// <summary>
/// A multilayer perceptron for vectors z [N, D], or data of any shape as vectors. Layer i is h = a(W_i h + V_i a(e)),
/// with the embedding e of the noise level and the context. The first layer reads z, the last one returns [N, D] and
/// starts at zero.
/// </summary>
public sealed class DenoisingMlp : DenoisingNetwork
{
    private const int LevelFeatures = 64;

    private readonly LevelEmbedding _embedding;
    private readonly Linear[] _layers, _shifts;
    private readonly Linear _last;
    private readonly Activation _activation;

    /// <summary>A network over vectors.</summary>
    /// <param name="size">D, the length of a datum.</param>
    /// <param name="hidden">Widths of the hidden layers.</param>
    /// <param name="context">The length of the context; 0 for none.</param>
    /// <param name="activation">a, the nonlinearity.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <exception cref="ArgumentException">There is no hidden layer.</exception>
    public DenoisingMlp(int size, IReadOnlyList<int> hidden, int context, Activation activation,
        Initializer initializer, Rng rng, DType dtype = DType.Float32)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentNullException.ThrowIfNull(rng);
        if (hidden.Count == 0)
        {
            throw new ArgumentException(
                "A network without a hidden layer cannot read the noise level; give the width of at least one.",
                nameof(hidden));
        }

        _activation = activation;
        int width = hidden[0];
        _embedding = Child("embedding", new LevelEmbedding(
            LevelFeatures, width, context, activation, initializer, rng.Split("embedding"), dtype));
        (_layers, _shifts) = (new Linear[hidden.Count], new Linear[hidden.Count]);
        int inputs = size;
        for (int i = 0; i < hidden.Count; i++)
        {
            string layer = "layer" + i.ToString(CultureInfo.InvariantCulture), shift = "shift"
                + i.ToString(CultureInfo.InvariantCulture);
            _layers[i] = Child(layer, new Linear(inputs, hidden[i], initializer, rng.Split(layer), dtype));
            _shifts[i] = Child(shift, new Linear(width, hidden[i], initializer, rng.Split(shift), dtype, bias: false));
            inputs = hidden[i];
        }

        _last = Child("last", new Linear(inputs, size, Initializer.Zeros, rng.Split("last"), dtype));
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor z, Tensor level, Tensor? context)
    {
        Tensor embedding = _activation.Apply(_embedding.Forward(level, context)), h = z.Flatten(1);
        for (int i = 0; i < _layers.Length; i++)
            h = _activation.Apply(_layers[i].Forward(h) + _shifts[i].Forward(embedding));
        return _last.Forward(h).Reshape(z.Shape);
    }
}

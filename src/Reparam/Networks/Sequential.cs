using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// Linear layers with a nonlinearity after each: the hidden part of a multilayer perceptron. Layer i is the child named i; an
/// empty list of widths is the identity.
/// </summary>
public sealed class Sequential : Layer
{
    private readonly Linear[] _layers;
    private readonly Activation _activation;

    /// <summary>Layers from <paramref name="inputs"/> through each of <paramref name="widths"/>.</summary>
    public Sequential(int inputs, IReadOnlyList<int> widths, Activation activation, Initializer initializer, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(widths);
        _activation = activation;
        _layers = new Linear[widths.Count];
        for (int i = 0; i < widths.Count; i++)
        {
            string name = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _layers[i] = Child(name, new Linear(i == 0 ? inputs : widths[i - 1], widths[i], initializer, rng.Split(name), dtype));
        }

        Outputs = widths.Count == 0 ? inputs : widths[^1];
    }

    /// <summary>Width of the last layer.</summary>
    public int Outputs { get; }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        foreach (Linear layer in _layers) x = layer.Forward(x, _activation);
        return x;
    }
}

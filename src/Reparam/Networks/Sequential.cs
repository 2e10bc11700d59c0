using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// Linear layers with a nonlinearity after each, and optionally with batch normalisation before the nonlinearity: the
/// hidden part of a multilayer perceptron. Layer i is the child named i. Its batch normalisation is the child named
/// norm + i. An empty list of widths gives the identity.
/// </summary>
public sealed class Sequential : Layer
{
    private readonly Linear[] _layers;
    private readonly BatchNorm1d[]? _norms;
    private readonly Activation _activation;

    /// <summary>Layers from <paramref name="inputs"/> through each of <paramref name="widths"/>. With
    /// <paramref name="batchNorm"/> the linear layers have no bias, because the batch normalisation has one.</summary>
    public Sequential(int inputs, IReadOnlyList<int> widths, Activation activation, Initializer initializer, Rng rng,
        DType dtype = DType.Float32, bool batchNorm = false)
    {
        ArgumentNullException.ThrowIfNull(widths);
        _activation = activation;
        _layers = new Linear[widths.Count];
        _norms = batchNorm ? new BatchNorm1d[widths.Count] : null;
        for (int i = 0; i < widths.Count; i++)
        {
            string name = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _layers[i] = Child(name, new Linear(
                i == 0 ? inputs : widths[i - 1], widths[i], initializer, rng.Split(name), dtype, bias: !batchNorm));
            if (_norms is not null) _norms[i] = Child("norm" + name, new BatchNorm1d(widths[i], dtype: dtype));
        }

        Outputs = widths.Count == 0 ? inputs : widths[^1];
    }

    /// <summary>Width of the last layer.</summary>
    public int Outputs { get; }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            x = _norms is null ? _layers[i].Forward(x, _activation)
                : _activation.Apply(_norms[i].Forward(_layers[i].Forward(x)));
        }

        return x;
    }
}

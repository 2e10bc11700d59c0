using System.Globalization;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// Convolutions that each halve an image, with a nonlinearity after each. Kernels are 4x4, stride 2, padding 1. [B, C,
/// H, W] becomes [B, last channels, H / 2^n, W / 2^n] for n layers. Layer i is the child named i.
/// </summary>
public sealed class DownConvolutions : Layer
{
    private readonly Conv2d[] _layers;
    private readonly Activation _activation;

    /// <summary>Layers from <paramref name="inputs"/> channels through each of <paramref name="channels"/>.</summary>
    public DownConvolutions(int inputs, IReadOnlyList<int> channels, Activation activation, Initializer initializer,
        Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentNullException.ThrowIfNull(rng);
        _activation = activation;
        _layers = new Conv2d[channels.Count];
        for (int i = 0; i < channels.Count; i++)
        {
            string name = i.ToString(CultureInfo.InvariantCulture);
            _layers[i] = Child(name, new Conv2d(i == 0 ? inputs : channels[i - 1], channels[i], 4, initializer,
                rng.Split(name), stride: 2, padding: 1, dtype: dtype));
        }
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        foreach (Conv2d layer in _layers) x = _activation.Apply(layer.Forward(x));
        return x;
    }
}

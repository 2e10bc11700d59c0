using System.Globalization;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// The mirror of <see cref="DownConvolutions"/>: transposed convolutions that each double an image, with a nonlinearity
/// between them and none after the last. Kernels are 4x4, stride 2, padding 1. [B, C, H, W] becomes [B, last channels,
/// 2^n H, 2^n W] for n layers. Layer i is the child named i.
/// </summary>
public sealed class UpConvolutions : Layer
{
    private readonly ConvTranspose2d[] _layers;
    private readonly Activation _activation;

    /// <summary>Creates a layer for each element of <paramref name="channels"/>, its number of output channels. The
    /// first layer takes <paramref name="inputs"/> channels.</summary>
    public UpConvolutions(int inputs, IReadOnlyList<int> channels, Activation activation, Initializer initializer,
        Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentNullException.ThrowIfNull(rng);
        _activation = activation;
        _layers = new ConvTranspose2d[channels.Count];
        for (int i = 0; i < channels.Count; i++)
        {
            string name = i.ToString(CultureInfo.InvariantCulture);
            _layers[i] = Child(name, new ConvTranspose2d(i == 0 ? inputs : channels[i - 1], channels[i], 4, initializer,
                rng.Split(name), stride: 2, padding: 1, dtype: dtype));
        }
    }

    /// <summary>The biases of the last layer, one for each output channel.</summary>
    internal Parameter LastBias => _layers[^1].Bias!;

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        for (int i = 0; i < _layers.Length; i++)
            x = i == 0 ? _layers[i].Forward(x) : _layers[i].Forward(_activation.Apply(x));
        return x;
    }
}

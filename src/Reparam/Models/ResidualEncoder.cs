using System.Globalization;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// q(z|x) over images with residual blocks. Each level halves the image with a 3x3 convolution of stride 2 and then
/// applies its residual blocks. The lowest resolution optionally has attention. Then follow a normalisation, optional
/// hidden linear layers, and the head.
/// </summary>
public sealed class ResidualEncoder : NetworkEncoder
{
    private readonly ImageShape _image;
    private readonly Layer[] _layers;
    private readonly GroupNorm _norm;
    private readonly Activation _activation;
    private readonly Sequential _hidden;

    /// <summary>An encoder from images to <paramref name="latent"/> variables.</summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// levels.</param>
    /// <param name="latent">Number of latent variables.</param>
    /// <param name="channels">Channels of each level, the highest resolution first.</param>
    /// <param name="blocks">Residual blocks of each level.</param>
    /// <param name="attention">Whether the lowest level ends in attention over its pixels.</param>
    /// <param name="hidden">Widths of linear layers between the blocks and the head; may be empty.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="family">The family of the posterior, which the head parameterises; normal by default.</param>
    /// <exception cref="ArgumentException">The shape is not the shape of images, its height or width is not a multiple
    /// of 2^n, or there are no channels.</exception>
    public ResidualEncoder(
        Shape eventShape, int latent, IReadOnlyList<int> channels, int blocks, bool attention,
        IReadOnlyList<int> hidden, Activation activation,
        Initializer initializer, Rng rng, DType dtype = DType.Float32, PosteriorFamily? family = null)
        : base(latent, family)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        if (channels.Count == 0)
            throw new ArgumentException("A residual model has at least one level.", nameof(channels));
        _image = ImageShape.Of(eventShape, channels.Count);
        _activation = activation;
        List<Layer> layers = [];
        for (int level = 0; level < channels.Count; level++)
        {
            int inputs = level == 0 ? _image.Channels : channels[level - 1], outputs = channels[level];
            layers.Add(Named("down", level,
                r => new Conv2d(inputs, outputs, 3, initializer, r, stride: 2, padding: 1, dtype: dtype)));
            for (int block = 0; block < blocks; block++)
            {
                layers.Add(Named($"level{level.ToString(CultureInfo.InvariantCulture)}_block", block,
                    r => new ResidualBlock(outputs, outputs, initializer, r, activation, dtype)));
            }
        }

        if (attention)
        {
            layers.Add(
                Child("attention", new AttentionBlock(channels[^1], initializer, rng.Split("attention"), dtype)));
        }

        _layers = [.. layers];
        _norm = Child("norm", ResidualBlock.Norm(channels[^1], dtype));
        int features = Shape.SizeOf(channels[^1], _image.Height >> channels.Count, _image.Width >> channels.Count);
        _hidden = Child(
            "hidden", new Sequential(features, hidden, activation, initializer, rng.Split("hidden"), dtype));
        AddHead(_hidden.Outputs, initializer, rng, dtype);

        Layer Named(string kind, int number, Func<Rng, Layer> make)
        {
            string name = kind + number.ToString(CultureInfo.InvariantCulture);
            return Child(name, make(rng.Split(name)));
        }
    }

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor x)
    {
        Tensor h = x.Reshape([x.Shape[0], _image.Channels, _image.Height, _image.Width]);
        foreach (Layer layer in _layers) h = layer.Forward(h);
        return _hidden.Forward(_activation.Apply(_norm.Forward(h)).Flatten(1));
    }
}

using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// q(z|x) over images: convolutions with kernel 4x4, stride 2 and padding 1, then optional hidden linear layers, then
/// the head. (The encoder of Burgess et al. 2018 has one hidden layer of width 256.)
/// </summary>
public sealed class ConvEncoder : NetworkEncoder
{
    private readonly ImageShape _image;
    private readonly DownConvolutions _convolutions;
    private readonly Sequential _hidden;

    /// <summary>An encoder from images to <paramref name="latent"/> variables.</summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// convolutions.</param>
    /// <param name="latent">Number of latent variables.</param>
    /// <param name="channels">Output channels of each convolution.</param>
    /// <param name="hidden">Widths of linear layers between the convolutions and the head; may be empty.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="family">The family of the posterior, which the head parameterises; normal by default.</param>
    /// <exception cref="ArgumentException">The shape is not the shape of images, its height or width is not a multiple
    /// of 2^n, or there are no channels.</exception>
    public ConvEncoder(
        Shape eventShape, int latent, IReadOnlyList<int> channels, IReadOnlyList<int> hidden, Activation activation,
        Initializer initializer, Rng rng,
        DType dtype = DType.Float32, PosteriorFamily? family = null)
        : base(latent, family)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(rng);
        if (channels.Count == 0)
        {
            throw new ArgumentException(
                "channels is empty; give the number of channels of at least one convolution.", nameof(channels));
        }

        _image = ImageShape.Of(eventShape, channels.Count);
        int features = Shape.SizeOf(channels[^1], _image.Height >> channels.Count, _image.Width >> channels.Count);
        _convolutions = Child("convolutions",
            new DownConvolutions(_image.Channels, channels, activation, initializer, rng.Split("convolutions"), dtype));
        _hidden = Child(
            "hidden", new Sequential(features, hidden, activation, initializer, rng.Split("hidden"), dtype));
        AddHead(_hidden.Outputs, initializer, rng, dtype);
    }

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return _hidden.Forward(
            _convolutions.Forward(x.Reshape([x.Shape[0], _image.Channels, _image.Height, _image.Width])).Flatten(1));
    }
}

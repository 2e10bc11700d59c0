using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// q(z|x) = N(mu(x), diag sigma(x)^2) over images: convolutions of kernel 4x4, stride 2 and padding 1, then hidden linear layers where asked for (the encoder of
/// Burgess et al. 2018 has one of 256), then the head.
/// </summary>
public sealed class ConvEncoder : NormalEncoder
{
    private readonly ImageShape _image;
    private readonly DownConvolutions _convolutions;
    private readonly Sequential _hidden;
    private readonly Linear _head;

    /// <summary>An encoder from images to <paramref name="latent"/> dimensions.</summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n convolutions.</param>
    /// <param name="latent">Z, the length of a latent vector.</param>
    /// <param name="channels">Output channels of each convolution.</param>
    /// <param name="hidden">Widths of linear layers between the convolutions and the head; may be empty.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <exception cref="ArgumentException">Data of this shape are no images, or cannot be halved so often; or there are no channels.</exception>
    public ConvEncoder(
        Shape eventShape, int latent, IReadOnlyList<int> channels, IReadOnlyList<int> hidden, Activation activation, Initializer initializer, Rng rng,
        DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(rng);
        if (channels.Count == 0) throw new ArgumentException("A convolutional model has one convolution at least.", nameof(channels));
        _image = ImageShape.Of(eventShape, channels.Count);
        int features = channels[^1] * (_image.Height >> channels.Count) * (_image.Width >> channels.Count);
        _convolutions = Child("convolutions", new DownConvolutions(_image.Channels, channels, activation, initializer, rng.Split("convolutions"), dtype));
        _hidden = Child("hidden", new Sequential(features, hidden, activation, initializer, rng.Split("hidden"), dtype));
        _head = Child("head", new Linear(_hidden.Outputs, 2 * latent, initializer, rng.Split("head"), dtype));
    }

    /// <inheritdoc/>
    protected override Linear Head => _head;

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return _hidden.Forward(_convolutions.Forward(x.Reshape([x.Shape[0], _image.Channels, _image.Height, _image.Width])).Flatten(1));
    }
}

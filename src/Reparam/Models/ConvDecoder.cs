using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// p(x|z) over images, the mirror of <see cref="ConvEncoder"/>: optional hidden linear layers, a linear map to the
/// smallest image, then transposed convolutions with kernel 4x4, stride 2 and padding 1. The last convolution outputs
/// the image's channels once for each parameter of the likelihood. For a likelihood with two parameters, the first half
/// of the channels are the means and the second half are the scales of the same pixels.
/// </summary>
public sealed class ConvDecoder : Decoder
{
    private readonly Shape _eventShape;
    private readonly Shape _smallest;
    private readonly Sequential _hidden;
    private readonly Linear _expand;
    private readonly Activation _activation;
    private readonly UpConvolutions _convolutions;
    private readonly Parameter[] _scalars;

    /// <summary>A decoder from <paramref name="latent"/> dimensions to images.</summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// convolutions.</param>
    /// <param name="latent">Z, the length of a latent vector.</param>
    /// <param name="channels">Input channels of each transposed convolution: the encoder's channels reversed.</param>
    /// <param name="hidden">Widths of linear layers before the smallest image; may be empty.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="likelihood">What the output means.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <exception cref="ArgumentException">The shape is not the shape of images, its height or width is not a multiple
    /// of 2^n, or there are no channels.</exception>
    public ConvDecoder(
        Shape eventShape, int latent, IReadOnlyList<int> channels, IReadOnlyList<int> hidden, Activation activation,
        Likelihood likelihood, Initializer initializer,
        Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(rng);
        if (channels.Count == 0)
        {
            throw new ArgumentException(
                "channels is empty; give the number of channels of at least one convolution.", nameof(channels));
        }

        var image = ImageShape.Of(eventShape, channels.Count);
        _eventShape = eventShape;
        _activation = activation;
        Likelihood = likelihood;
        _smallest = [channels[0], image.Height >> channels.Count, image.Width >> channels.Count];
        _hidden = Child("hidden", new Sequential(latent, hidden, activation, initializer, rng.Split("hidden"), dtype));
        _expand = Child("expand", new Linear(_hidden.Outputs, _smallest.Size, initializer, rng.Split("expand"), dtype));
        int[] outputs = [.. channels.Skip(1), likelihood.Outputs([image.Channels])];
        _convolutions = Child("convolutions",
            new UpConvolutions(channels[0], outputs, activation, initializer, rng.Split("convolutions"), dtype));
        _scalars = OwnScalars(likelihood, eventShape, dtype);
    }

    /// <summary>What the output means.</summary>
    public Likelihood Likelihood { get; }

    /// <inheritdoc/>
    internal override OutputHead Head => new(Likelihood, _convolutions.LastBias, _scalars);

    /// <inheritdoc/>
    public override Distribution Given(Tensor z)
    {
        ArgumentNullException.ThrowIfNull(z);
        Shape leading = z.Shape[..^1];
        Tensor smallest = _expand.Forward(_hidden.Forward(z), _activation).Reshape([leading.Size, .. _smallest]);
        // The flat output is ordered by channel, so that a half of the flat output is a half of the channels.
        Tensor raw = _convolutions.Forward(smallest);
        return Likelihood.Given(
            raw.Reshape(leading + [raw.Shape[1..].Size]), _eventShape, _scalars, Mode == ModuleMode.Training);
    }
}

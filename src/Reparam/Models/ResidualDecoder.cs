using System.Globalization;
using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// p(x|z) over images with residual blocks, the mirror of <see cref="ResidualEncoder"/>: optional hidden linear layers,
/// a linear map to the smallest image, optional attention at this resolution, and at each level residual blocks and a
/// doubling of the image. A normalisation precedes the last doubling. The last doubling outputs the image's channels
/// once for each parameter of the likelihood. For a likelihood with two parameters, the first half of the channels are
/// the means and the second half are the scales of the same pixels.
/// </summary>
public sealed class ResidualDecoder : Decoder
{
    private readonly Shape _eventShape;
    private readonly Shape _smallest;
    private readonly Sequential _hidden;
    private readonly Linear _expand;
    private readonly Layer[] _layers;
    private readonly GroupNorm _norm;
    private readonly Activation _activation;
    private readonly UpsampleConv2d _last;
    private readonly Parameter[] _scalars;

    /// <summary>A decoder from <paramref name="latent"/> dimensions to images.</summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// levels.</param>
    /// <param name="latent">Z, the length of a latent vector.</param>
    /// <param name="channels">Channels of each level, the lowest resolution first: the encoder's channels in reverse
    /// order.</param>
    /// <param name="blocks">Residual blocks of each level.</param>
    /// <param name="attention">Whether the lowest level starts with attention over its pixels.</param>
    /// <param name="hidden">Widths of linear layers before the smallest image; may be empty.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="likelihood">What the output means.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <exception cref="ArgumentException">The shape is not the shape of images, its height or width is not a multiple
    /// of 2^n, or there are no channels.</exception>
    public ResidualDecoder(
        Shape eventShape, int latent, IReadOnlyList<int> channels, int blocks, bool attention,
        IReadOnlyList<int> hidden, Activation activation,
        Likelihood likelihood, Initializer initializer, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        if (channels.Count == 0)
            throw new ArgumentException("A residual model has at least one level.", nameof(channels));
        var image = ImageShape.Of(eventShape, channels.Count);
        _eventShape = eventShape;
        _activation = activation;
        Likelihood = likelihood;
        _smallest = [channels[0], image.Height >> channels.Count, image.Width >> channels.Count];
        _hidden = Child("hidden", new Sequential(latent, hidden, activation, initializer, rng.Split("hidden"), dtype));
        _expand = Child("expand", new Linear(_hidden.Outputs, _smallest.Size, initializer, rng.Split("expand"), dtype));
        List<Layer> layers = [];
        if (attention)
            layers.Add(Child("attention", new AttentionBlock(channels[0], initializer, rng.Split("attention"), dtype)));
        for (int level = 0; level < channels.Count; level++)
        {
            int inputs = channels[level];
            for (int block = 0; block < blocks; block++)
            {
                layers.Add(Named($"level{level.ToString(CultureInfo.InvariantCulture)}_block", block,
                    r => new ResidualBlock(inputs, inputs, initializer, r, activation, dtype)));
            }

            if (level == channels.Count - 1) break;
            int outputs = channels[level + 1];
            layers.Add(Named("up", level, r => new UpsampleConv2d(inputs, outputs, initializer, r, dtype)));
        }

        _layers = [.. layers];
        _norm = Child("norm", ResidualBlock.Norm(channels[^1], dtype));
        int levels = likelihood.Outputs([image.Channels]);
        _last = Child("last", new UpsampleConv2d(channels[^1], levels, initializer, rng.Split("last"), dtype));
        _scalars = OwnScalars(likelihood, eventShape, dtype);

        Layer Named(string kind, int number, Func<Rng, Layer> make)
        {
            string name = kind + number.ToString(CultureInfo.InvariantCulture);
            return Child(name, make(rng.Split(name)));
        }
    }

    /// <summary>What the output means.</summary>
    public Likelihood Likelihood { get; }

    /// <inheritdoc/>
    internal override OutputHead Head => new(Likelihood, _last.Bias, _scalars);

    /// <inheritdoc/>
    public override Distribution Given(Tensor z)
    {
        ArgumentNullException.ThrowIfNull(z);
        Shape leading = z.Shape[..^1];
        Tensor h = _expand.Forward(_hidden.Forward(z)).Reshape([leading.Size, .. _smallest]);
        foreach (Layer layer in _layers) h = layer.Forward(h);
        // The flat output is ordered by channel, so that a half of the flat output is a half of the channels.
        Tensor raw = _last.Forward(_activation.Apply(_norm.Forward(h)));
        return Likelihood.Given(
            raw.Reshape(leading + [raw.Shape[1..].Size]), _eventShape, _scalars, Mode == ModuleMode.Training);
    }
}

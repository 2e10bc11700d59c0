using System.Globalization;
using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// The vector-quantised VAE (van den Oord, Vinyals and Kavukcuoglu 2017) over images. Convolutions compute a vector at
/// each place of a small image. The nearest vector of a codebook replaces each vector, and the decoder reconstructs the
/// image from the codebook vectors. The gradient passes through the replacement unchanged (straight through). The
/// codebook follows the encoder's vectors without a gradient (<see cref="Codebook"/>). A term of the pass keeps the
/// encoder's vectors near the codebook (<see cref="Commitment"/>).
/// </summary>
/// <remarks>
/// q(z|x) has all its mass at one choice of codes, so its KL to the prior is -log p(z). With a uniform prior this is P
/// log K for P places and K codes; with an <see cref="AutoregressivePrior"/> it depends on the learned prior. log
/// p(x|z) + log p(z) is a lower bound on log p(x). A code in the sense of <see cref="LatentVariableModel"/> is P
/// one-hot vectors, one for each place.
/// </remarks>
public sealed class VqVae : LatentVariableModel
{
    private readonly ImageShape _image;
    private readonly Shape _eventShape;
    private readonly int _height, _width, _size;
    private readonly DownConvolutions _down;
    private readonly UpConvolutions _up;
    private readonly Conv2d _toCodes, _fromCodes;
    private readonly Activation _activation;
    private readonly Parameter[] _scalars;

    /// <summary>A model of images.</summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// channel counts.</param>
    /// <param name="codes">K, the number of vectors in the codebook.</param>
    /// <param name="size">D, the length of a vector.</param>
    /// <param name="channels">Output channels of the encoder's convolutions. Each convolution halves the image. The
    /// decoder has the channels in reverse order.</param>
    /// <param name="likelihood">What the decoder's output means.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="activation">The nonlinearity; ReLU by default.</param>
    /// <param name="initializer">How weights are drawn; <see cref="Initializer.PyTorch"/> by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="prior">Makes p(z) from the number of places P, each of which has one code; uniform by
    /// default.</param>
    /// <exception cref="ArgumentException">The shape is not the shape of images, its height or width is not a multiple
    /// of 2^n, or there are no channels.</exception>
    public VqVae(
        Shape eventShape, int codes, int size, IReadOnlyList<int> channels, Likelihood likelihood, Rng rng,
        Activation? activation = null, Initializer? initializer = null, DType dtype = DType.Float32,
        Func<int, Prior>? prior = null)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(rng);
        if (channels.Count == 0)
        {
            throw new ArgumentException(
                "channels is empty; give the number of channels of at least one convolution.", nameof(channels));
        }

        _image = ImageShape.Of(eventShape, channels.Count);
        (_eventShape, _size) = (eventShape, size);
        (_height, _width) = (_image.Height >> channels.Count, _image.Width >> channels.Count);
        _activation = activation ?? Activation.Relu;
        initializer ??= Initializer.PyTorch;
        DecoderLikelihood = likelihood;
        Rng encoder = rng.Split("encoder"), decoder = rng.Split("decoder");
        _down = Child(
            "encoder", new DownConvolutions(_image.Channels, channels, _activation, initializer, encoder, dtype));
        _toCodes = Child(
            "to_codes", new Conv2d(channels[^1], size, 1, initializer, encoder.Split("codes"), dtype: dtype));
        Codebook = Child("codebook", new Codebook(codes, size, rng.Split("codebook"), dtype: dtype));
        _fromCodes = Child("from_codes",
            new Conv2d(size, channels[^1], 3, initializer, decoder.Split("codes"), padding: 1, dtype: dtype));
        int[] outputs = [.. channels.Reverse().Skip(1), likelihood.Outputs([_image.Channels])];
        _up = Child("decoder", new UpConvolutions(channels[^1], outputs, _activation, initializer, decoder, dtype));
        int places = _height * _width;
        Prior = Child("prior", prior?.Invoke(places) ?? UniformPrior.Categorical(places, codes, dtype));
        _scalars = [.. likelihood.LearnedScalars.Select(s => Own(s.Name, Tensor.Scalar(s.Initial, dtype))),
            .. likelihood.LearnedElements.Select(s => Own(s.Name, Tensor.Full(eventShape, s.Initial, dtype))),
            .. likelihood.TrackedScalars.Select(s => OwnBuffer(s.Name, Tensor.Scalar(s.Initial, dtype)))];
    }

    /// <inheritdoc/>
    internal override IEnumerable<OutputHead> Heads => [new(DecoderLikelihood, _up.LastBias, _scalars)];

    /// <summary>The codebook.</summary>
    public Codebook Codebook { get; }

    /// <summary>p(z) over the codes of all places.</summary>
    public Prior Prior { get; }

    /// <summary>
    /// The weight of |z - e|^2, the squared distance between the encoder's vectors z and the codebook vectors e that
    /// replace them. This term keeps the encoder's vectors near the codebook. 0.25 by default, the value of van den
    /// Oord, Vinyals and Kavukcuoglu (2017).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Commitment
    {
        get;
        init => field = PassTerm.Weighed(value);
    } = 0.25;

    /// <summary>What the decoder's output means.</summary>
    public Likelihood DecoderLikelihood { get; }

    /// <inheritdoc/>
    public override Shape LatentShape => [_height * _width, Codebook.Count];

    /// <inheritdoc/>
    public override bool LearnsPrior => Prior.IsLearned;

    /// <inheritdoc/>
    public override LatentSpace Space => LatentSpace.Discrete;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> RecognitionParameters => [.. _down.Parameters, .. _toCodes.Parameters];

    /// <summary>Scores the single choice of codes for each datum, repeated for every sample. In training the call also
    /// updates the codebook with the batch.</summary>
    /// <inheritdoc cref="LatentVariableModel.Infer" path="/param"/>
    public override InferencePass Infer(
        Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        RequireNoContext(context);
        Tensor z = Vectors(x);
        bool training = Mode == ModuleMode.Training;
        if (training) Codebook.Start(z, rng);
        Tensor nearest = Codebook.Nearest(z), chosen = Codebook.Look(nearest);
        Tensor straight = Tensor.WithVjp(chosen, [z], g => [g]);
        // This comes before the update of the codebook: the pass must use the vectors that it was computed with.
        Tensor codes = nearest.Reshape([x.Shape[0], .. LatentShape]);
        Tensor commitment = (z - chosen.Detach()).Square().Reshape([x.Shape[0], _height * _width * _size]).Sum(^1);
        if (training) Codebook.Follow(z, nearest, rng);
        Distribution likelihood;
        using (LayerName.Enter("decoder"))
            likelihood = FromVectors(straight.Reshape([x.Shape[0], _height * _width, _size]), [x.Shape[0]]);
        Tensor logLikelihood;
        using (LayerName.Enter("likelihood")) logLikelihood = likelihood.LogProb(x);
        var term = new LatentTerm(
            "codes", new Delta(codes, 2), Prior.Distribution, codes.BroadcastTo([samples, .. codes.Shape]))
        {
            IsDetached = true,
        };
        return new InferencePass(logLikelihood.BroadcastTo([samples, x.Shape[0]]), [term]) 
        {
            Terms = [new PassTerm("commitment to a codebook", commitment, Commitment)],
        };
    }

    /// <summary>One pass gives every number of draws, because all draws are the same choice of codes.</summary>
    public override Func<Rng, int, InferencePass> Inference(Tensor x, Tensor? context = null)
    {
        InferencePass once = Infer(x, new Rng(0), context: context); // nothing is drawn
        return (_, samples) => new InferencePass(
            once.LogLikelihood.BroadcastTo([samples, once.Count]), [once.Latents[0]
                with { Value = once.Latents[0].Value.BroadcastTo([samples, .. once.Latents[0].Value.Shape[1..]]) }]);
    }

    /// <summary>The choice of codes as one-hot vectors, [B, P K].</summary>
    public override Tensor Encode(Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireNoContext(context);
        return Codebook.Nearest(Vectors(x)).Reshape([x.Shape[0], LatentShape.Size]);
    }

    /// <inheritdoc cref="Encode(Tensor, Tensor?)"/>
    public override Tensor Encode(Tensor x, Rng rng, Tensor? context = null) => Encode(x, context);

    /// <inheritdoc/>
    public override Distribution Likelihood(Tensor z, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(z);
        RequireNoContext(context);
        Shape leading = z.Shape[..^1];
        return FromVectors(Codebook.Look(z.Reshape([leading.Size, .. LatentShape])), leading);
    }

    /// <inheritdoc/>
    public override Tensor SamplePrior(int count, Rng rng) =>
        Prior.Distribution.Sample(rng, [count]).Reshape([count, LatentShape.Size]);

    /// <summary>The encoder's vectors, one row for each place of each datum, [B P, D].</summary>
    private Tensor Vectors(Tensor x)
    {
        using (LayerName.Enter("encoder"))
        {
            Tensor image = _toCodes.Forward(
                _down.Forward(x.Reshape([x.Shape[0], _image.Channels, _image.Height, _image.Width])));
            return image.Permute(0, 2, 3, 1).Reshape([x.Shape[0] * _height * _width, _size]);
        }
    }

    /// <summary>p(x|z) from vectors [N, P, D]. Its batch shape is <paramref name="leading"/>, which has N
    /// elements.</summary>
    private Distribution FromVectors(Tensor vectors, Shape leading)
    {
        Tensor image = vectors.Reshape([leading.Size, _height, _width, _size]).Permute(0, 3, 1, 2);
        Tensor raw = _up.Forward(_activation.Apply(_fromCodes.Forward(image)));
        return DecoderLikelihood.Given(
            raw.Reshape(leading + [raw.Shape[1..].Size]), _eventShape, _scalars, Mode == ModuleMode.Training);
    }
}

/// <summary>Settings of a <see cref="VqVae"/>. <see cref="ModelSettings.Latent"/> is the length of a codebook
/// vector.</summary>
public sealed record VqVaeSettings : ModelSettings
{
    // Numbers in the codebook. Three tensors of this size exist: vectors, running sums, sums of a batch.
    private const double LargestCodebook = 20_000_000;

    /// <summary>Settings with convolutions and without linear layers.</summary>
    public VqVaeSettings() => Network = new ConvNetworkSettings { Hidden = [], DecoderHidden = [] };

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<VqVaeSettings>(
        "vq-vae", "vector-quantised: one code of a codebook at each place of a small image",
        Shared(
            Setting.Whole<VqVaeSettings>(
                "codes", s => s.Codes, (s, v) => s with { Codes = v }, "number of vectors in the codebook", 2, 65_536),
            Setting.Real<VqVaeSettings>(
                "commitment", s => s.Commitment, (s, v) => s with { Commitment = v },
                "weight of the squared distance between the encoder's vectors and the codebook", Bounds.NonNegative)));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>Number of vectors in the codebook.</summary>
    public int Codes { get; init; } = 128;

    /// <inheritdoc cref="VqVae.Commitment"/>
    public double Commitment { get; init; } = 0.25;

    /// <inheritdoc/>
    public override bool ChoosesCodes => true;

    private protected override string Sizes => FormattableString.Invariant($"{Latent}, {Codes} codes");

    /// <inheritdoc/>
    public override ModelSettings Complete() =>
        Network is ImageNetworkSettings { Hidden: null } images
            ? (this with { Network = images with { Hidden = [] } }).Spelt() : Spelt();

    /// <inheritdoc/>
    public override VqVae Make(ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (Complete()
            is not { Network: ConvNetworkSettings { Hidden: [], DecoderHidden: [], Channels: { } channels } network })
        {
            throw new InvalidConfigException("model.kind 'vq-vae' has one code at each place of the image, so it " +
                "needs a network without linear layers: set model.network to conv, and leave its hidden and " +
                "decoder_hidden empty.");
        }

        double numbers = (double)Codes * Latent;
        if (numbers > LargestCodebook)
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"A codebook of {Codes:N0} " +
                $"codes (model.codes) of length {Latent:N0} (model.latent) has {numbers:N0} numbers; the maximum is " +
                $"{LargestCodebook:N0}. Lower model.codes or model.latent."));
        }

        return new VqVae(
            Shape, Codes, Latent, channels, Likelihood.Make(), parts.Weights, network.Activation, network.Initializer,
            prior: places => Prior.Make(
                new PriorParts(places, PosteriorFamily.Categorical(Codes), parts.Weights.Split("prior"))))
        {
            Commitment = Commitment,
        };
    }

    private ModelSettings Spelt() => base.Complete();
}

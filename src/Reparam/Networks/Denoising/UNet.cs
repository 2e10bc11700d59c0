using System.Globalization;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks.Denoising;

/// <summary>
/// A U-Net over images [N, C, H, W] (Ronneberger, Fischer and Brox 2015, with the residual blocks and the noise level
/// of Ho, Jain and Abbeel 2020). The way down has residual blocks at each resolution and halves the image between them.
/// The middle is a block, attention and a block. The way up mirrors the way down, and each of its blocks also reads the
/// result of its partner on the way down. The last convolution and the end of each residual branch start at zero.
/// </summary>
public sealed class UNet : DenoisingNetwork
{
    // The embedding is four times as wide as the highest level.
    private const int EmbeddingFactor = 4;

    private readonly int _channels, _height, _width;
    private readonly UNetOptions _options;
    private readonly LevelEmbedding _embedding;
    private readonly Conv2d _first, _last;
    private readonly List<Stage> _down = [], _up = [];
    private readonly ResidualBlock _before, _after;
    private readonly AttentionBlock _attention;
    private readonly GroupNorm _norm;
    private readonly Activation _activation;

    /// <summary>A network over images.</summary>
    /// <param name="channels">C, the channels of the images.</param>
    /// <param name="height">H; a multiple of 2^(levels - 1).</param>
    /// <param name="width">W; a multiple of 2^(levels - 1).</param>
    /// <param name="options">Sizes and conventions.</param>
    /// <param name="context">The length of the context; 0 for none.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="activation">The nonlinearity; SiLU by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <exception cref="ArgumentException">There are no levels, or the height or width is not a multiple of
    /// 2^(levels - 1).</exception>
    public UNet(int channels, int height, int width, UNetOptions options, int context, Initializer initializer, Rng rng,
        Activation? activation = null, DType dtype = DType.Float32)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Blocks, nameof(options));
        IReadOnlyList<int> levels = options.Channels;
        if (levels.Count == 0) throw new ArgumentException("A U-Net has at least one level.", nameof(options));
        int multiple = 1 << (levels.Count - 1);
        if (height < multiple || width < multiple || height % multiple != 0 || width % multiple != 0)
        {
            throw new ArgumentException($"A U-Net of {levels.Count} levels needs images whose height and width are " +
                $"multiples of {multiple}, not {height} x {width}.", nameof(options));
        }

        (_channels, _height, _width, _options) = (channels, height, width, options);
        _activation = activation ?? Activation.Silu;
        int embedding = EmbeddingFactor * levels[0];
        _embedding = Child("embedding", new LevelEmbedding(
            levels[0], embedding, context, _activation, initializer, rng.Split("embedding"), dtype,
            options.CosineFirst, options.EndsAtLongestWave));
        _first = Child("first", Convolution(channels, levels[0], "first"));
        List<int> skips = [levels[0]];
        int width0 = levels[0];
        for (int level = 0; level < levels.Count; level++)
        {
            for (int block = 0; block < options.Blocks; block++)
            {
                _down.Add(Blocks("down", level, block, width0, levels[level]));
                skips.Add(width0 = levels[level]);
            }

            if (level == levels.Count - 1) break;
            string name = Name("down", level) + "_halve";
            _down.Add(new Stage(null, null, Child(name, new Conv2d(width0, width0, 3, initializer, rng.Split(name),
                stride: 2, padding: options.PadsRightAndBottom ? 0 : 1, dtype: dtype)), null));
            skips.Add(width0);
        }

        _before = Child("middle_block0", Block(width0, width0, "middle_block0"));
        _attention = Child("middle_attention", Attention(width0, "middle_attention"));
        _after = Child("middle_block1", Block(width0, width0, "middle_block1"));
        for (int level = levels.Count - 1; level >= 0; level--)
        {
            for (int block = 0; block <= options.Blocks; block++)
            {
                int skip = skips[^1];
                skips.RemoveAt(skips.Count - 1);
                _up.Add(Blocks("up", level, block, width0 + skip, levels[level]));
                width0 = levels[level];
            }

            if (level == 0) break;
            string name = Name("up", level) + "_double";
            _up.Add(new Stage(null, null, null, Child(name, new UpsampleConv2d(
                width0, width0, initializer, rng.Split(name), dtype))));
        }

        _norm = Child("norm", options.Norm(width0, dtype));
        _last = Child("last", new Conv2d(width0, channels, 3, Initializer.Zeros, rng.Split("last"), padding: 1,
            dtype: dtype));

        Conv2d Convolution(int inputs, int outputs, string name) =>
            new(inputs, outputs, 3, initializer, rng.Split(name), padding: 1, dtype: dtype);

        ResidualBlock Block(int inputs, int outputs, string name) => new(inputs, outputs, initializer, rng.Split(name),
            _activation, dtype, embedding, c => options.Norm(c, dtype), startsAsShortcut: true);

        AttentionBlock Attention(int width, string name) => new(width, initializer, rng.Split(name), dtype,
            options.HeadChannels is { } each ? width / each : 1, c => options.Norm(c, dtype), startsAsIdentity: true);

        Stage Blocks(string way, int level, int block, int inputs, int outputs)
        {
            string name = Name(way, level) + Name("_block", block), attention = Name(way, level)
                + Name("_attention", block);
            return new Stage(Child(name, Block(inputs, outputs, name)),
                level >= options.AttentionFrom ? Child(attention, Attention(outputs, attention)) : null, null, null);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor z, Tensor level, Tensor? context)
    {
        Shape shape = z.Shape;
        Tensor embedding = _activation.Apply(_embedding.Forward(level, context));
        Tensor h = _first.Forward(z.Reshape([shape[0], _channels, _height, _width]));
        Stack<Tensor> skips = new([h]);
        foreach (Stage stage in _down)
        {
            if (stage.Halve is not null && _options.PadsRightAndBottom) h = Padded(h);
            h = stage.Apply(h, embedding);
            skips.Push(h);
        }

        h = _after.Forward(_attention.Forward(_before.Forward(h, embedding)), embedding);
        foreach (Stage stage in _up)
        {
            if (stage.Block is not null) h = Tensor.Concat(1, h, skips.Pop());
            h = stage.Apply(h, embedding);
        }

        return _last.Forward(_activation.Apply(_norm.Forward(h))).Reshape(shape);
    }

    /// <summary>The image with one row of zeros at the bottom and one column of zeros at the right.</summary>
    private static Tensor Padded(Tensor x)
    {
        Tensor wide = Tensor.Concat(^1, x, Tensor.Zeros([.. x.Shape[..^1], 1], x.DType));
        return Tensor.Concat(^2, wide, Tensor.Zeros([.. x.Shape[..^2], 1, wide.Shape[^1]], x.DType));
    }

    private static string Name(string kind, int number) => kind + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A step on the way: a block, with or without attention, or a change of the resolution.</summary>
    private sealed record Stage(
        ResidualBlock? Block, AttentionBlock? Attention, Conv2d? Halve, UpsampleConv2d? Double)
    {
        public Tensor Apply(Tensor h, Tensor embedding)
        {
            if (Halve is not null) return Halve.Forward(h);
            if (Double is not null) return Double.Forward(h);
            h = Block!.Forward(h, embedding);
            return Attention is null ? h : Attention.Forward(h);
        }
    }
}

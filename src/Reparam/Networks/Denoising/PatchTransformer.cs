using System.Globalization;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks.Denoising;

/// <summary>
/// A transformer over the patches of an image [N, C, H, W] (DiT: Peebles and Xie 2023). Each patch of P x P pixels
/// becomes a token by a linear map, and gets a fixed embedding of its row and column. Blocks with modulated
/// normalisations follow (<see cref="TransformerBlock"/>). A linear map turns each token back into its patch; it starts
/// at zero.
/// </summary>
/// <remarks>The embedding of a place has D / 4 sines and as many cosines for the row, and the same for the column, at
/// frequencies 10000^(-j / (D/4)). The GELU is exact; Peebles and Xie approximate it by a tanh.</remarks>
public sealed class PatchTransformer : DenoisingNetwork
{
    private const int LevelFeatures = 256;

    private readonly int _channels, _rows, _columns, _patch, _size;
    private readonly LevelEmbedding _embedding;
    private readonly Linear _toTokens, _modulation, _fromTokens;
    private readonly TransformerBlock[] _blocks;
    private readonly Tensor _places;

    /// <summary>A network over images.</summary>
    /// <param name="channels">C, the channels of the images.</param>
    /// <param name="height">H; a multiple of the patch.</param>
    /// <param name="width">W; a multiple of the patch.</param>
    /// <param name="patch">P, the height and width of a patch.</param>
    /// <param name="size">D, the length of a token; a multiple of 4.</param>
    /// <param name="blocks">The number of blocks.</param>
    /// <param name="heads">The number of heads, a divisor of D.</param>
    /// <param name="context">The length of the context; 0 for none.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <exception cref="ArgumentException">The images do not divide into patches, or the tokens into heads.</exception>
    public PatchTransformer(int channels, int height, int width, int patch, int size, int blocks, int heads,
        int context, Initializer initializer, Rng rng, DType dtype = DType.Float32)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        if (height % patch != 0 || width % patch != 0)
        {
            throw new ArgumentException(
                $"Images of {height} x {width} pixels do not divide into patches of {patch} x {patch}.", nameof(patch));
        }

        if (size % 4 != 0)
        {
            throw new ArgumentException($"A place is embedded by sines and cosines of its row and its column, so a " +
                $"token needs a length that is a multiple of 4, not {size}.", nameof(size));
        }

        (_channels, _rows, _columns) = (channels, height / patch, width / patch);
        (_patch, _size) = (patch, size);
        int pixels = Shape.SizeOf(channels, patch, patch);
        _embedding = Child("embedding", new LevelEmbedding(
            LevelFeatures, size, context, Activation.Silu, initializer, rng.Split("embedding"), dtype));
        _toTokens = Child("to_tokens", new Linear(pixels, size, initializer, rng.Split("to_tokens"), dtype));
        _blocks = new TransformerBlock[blocks];
        for (int i = 0; i < blocks; i++)
        {
            string name = "block" + i.ToString(CultureInfo.InvariantCulture);
            _blocks[i] = Child(name, new TransformerBlock(size, heads, size, initializer, rng.Split(name), dtype));
        }

        _modulation = Child("modulation",
            new Linear(size, 2 * size, Initializer.Zeros, rng.Split("modulation"), dtype));
        _fromTokens = Child("from_tokens",
            new Linear(size, pixels, Initializer.Zeros, rng.Split("from_tokens"), dtype));
        _places = Places(_rows, _columns, size).To(dtype).Keep();
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor z, Tensor level, Tensor? context)
    {
        int count = z.Shape[0];
        Tensor embedding = Activation.Silu.Apply(_embedding.Forward(level, context));
        Tensor x = _toTokens.Forward(Patches(z, count)) + _places;
        foreach (TransformerBlock block in _blocks) x = block.Forward(x, embedding);
        x = _fromTokens.Forward(TransformerBlock.Modulated(x, _modulation.Forward(embedding), 0, 2));
        return x.Reshape([count, _rows, _columns, _channels, _patch, _patch]).Permute(0, 3, 1, 4, 2, 5)
            .Reshape(z.Shape);
    }

    /// <summary>The pixels of each patch as a row, [N, patches, C P P].</summary>
    private Tensor Patches(Tensor z, int count) =>
        z.Reshape([count, _channels, _rows, _patch, _columns, _patch]).Permute(0, 2, 4, 1, 3, 5)
            .Reshape([count, _rows * _columns, _channels * _patch * _patch]);

    /// <summary>The embeddings of all places, [rows columns, size].</summary>
    private static Tensor Places(int rows, int columns, int size)
    {
        int quarter = size / 4;
        double[] values = new double[Shape.SizeOf(rows, columns, size)];
        for (int at = 0, row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                foreach (int place in (int[])[row, column])
                {
                    for (int j = 0; j < 2 * quarter; j++, at++)
                    {
                        double angle = place
                            * PortableMath.Exp(-PortableMath.Log(10_000) * (j % quarter) / quarter);
                        values[at] = j < quarter ? PortableMath.Sin(angle) : PortableMath.Cos(angle);
                    }
                }
            }
        }

        return Tensor.From(values, [rows * columns, size]);
    }
}

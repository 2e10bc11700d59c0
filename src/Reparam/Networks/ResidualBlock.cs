using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// A pre-activation residual block over images [B, C, H, W] (He et al. 2016, with group normalisation): y = s(x) +
/// conv2(a(norm2(conv1(a(norm1(x))) + W a(e)))). a is the nonlinearity. Both convolutions are 3x3 and keep the
/// resolution. s is a 1x1 convolution where the number of channels changes, and the identity otherwise. e is an
/// embedding [B, E], such as the noise level of a diffusion model (Ho, Jain and Abbeel 2020): W a(e) is added to each
/// pixel. A block without an embedding omits this term.
/// </summary>
public sealed class ResidualBlock : Layer
{
    private const int LargestGroupCount = 8;
    private const int SmallestGroup = 4;

    private readonly GroupNorm _norm1, _norm2;
    private readonly Conv2d _conv1, _conv2;
    private readonly Conv2d? _shortcut;
    private readonly Linear? _embedding;
    private readonly Activation _activation;

    /// <summary>A block from <paramref name="inputs"/> to <paramref name="outputs"/> channels.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="activation">The nonlinearity; SiLU by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="embedding">E, the length of the embedding; 0 for a block without an embedding.</param>
    /// <param name="norm">The normalisation of a number of channels; groups of at least 4 channels, at most 8 groups,
    /// by default.</param>
    /// <param name="startsAsShortcut">Whether conv2 starts at zero, so that the block starts as s.</param>
    public ResidualBlock(int inputs, int outputs, Initializer initializer, Rng rng, Activation? activation = null,
        DType dtype = DType.Float32, int embedding = 0, Func<int, GroupNorm>? norm = null,
        bool startsAsShortcut = false)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(embedding);
        _activation = activation ?? Activation.Silu;
        norm ??= channels => Norm(channels, dtype);
        _norm1 = Child("norm1", norm(inputs));
        _conv1 = Child(
            "conv1", new Conv2d(inputs, outputs, 3, initializer, rng.Split("conv1"), padding: 1, dtype: dtype));
        _embedding = embedding == 0 ? null
            : Child("embedding", new Linear(embedding, outputs, initializer, rng.Split("embedding"), dtype));
        _norm2 = Child("norm2", norm(outputs));
        _conv2 = Child("conv2", new Conv2d(outputs, outputs, 3, startsAsShortcut ? Initializer.Zeros : initializer,
            rng.Split("conv2"), padding: 1, dtype: dtype));
        _shortcut = inputs == outputs ? null
            : Child("shortcut", new Conv2d(inputs, outputs, 1, initializer, rng.Split("shortcut"), dtype: dtype));
    }

    /// <summary>Applies a block with an embedding.</summary>
    /// <param name="x">Images, [B, C, H, W].</param>
    /// <param name="activated">a(e), [B, E]: the embedding after the nonlinearity, which all blocks share.</param>
    public Tensor Forward(Tensor x, Tensor activated)
    {
        ArgumentNullException.ThrowIfNull(activated);
        using LayerName name = LayerName.Enter(Path);
        return Apply(x, activated);
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Apply(x, null);

    private Tensor Apply(Tensor x, Tensor? activated)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (activated is null != _embedding is null)
        {
            throw new ArgumentException(_embedding is null ? "The block has no embedding. Do not give one."
                : "The block has an embedding. Give one for each image.", nameof(activated));
        }

        Tensor h = _conv1.Forward(_activation.Apply(_norm1.Forward(x)));
        if (activated is not null)
        {
            Tensor shift = _embedding!.Forward(activated);
            h += shift.Reshape([.. shift.Shape, 1, 1]);
        }

        h = _conv2.Forward(_activation.Apply(_norm2.Forward(h)));
        return (_shortcut is null ? x : _shortcut.Forward(x)) + h;
    }

    /// <summary>A group normalisation with 8 groups. It has fewer groups where 8 does not divide the channels, or where
    /// a group would have less than 4 channels: a channel alone in its group would lose the bias that the convolution
    /// before it learns.</summary>
    internal static GroupNorm Norm(int channels, DType dtype)
    {
        int groups = LargestGroupCount;
        while (groups > 1 && (channels % groups != 0 || channels / groups < SmallestGroup)) groups /= 2;
        return new GroupNorm(channels, groups, dtype: dtype);
    }
}

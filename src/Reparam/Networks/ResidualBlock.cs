using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// A pre-activation residual block over images [B, C, H, W] (He et al. 2016, with group normalisation): y = s(x) +
/// conv2(a(norm2(conv1(a(norm1(x)))))). a is the nonlinearity. Both convolutions are 3x3 and keep the resolution. s is
/// a 1x1 convolution where the number of channels changes, and the identity otherwise.
/// </summary>
public sealed class ResidualBlock : Layer
{
    private const int LargestGroupCount = 8;
    private const int SmallestGroup = 4;

    private readonly GroupNorm _norm1, _norm2;
    private readonly Conv2d _conv1, _conv2;
    private readonly Conv2d? _shortcut;
    private readonly Activation _activation;

    /// <summary>A block from <paramref name="inputs"/> to <paramref name="outputs"/> channels.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="activation">The nonlinearity; SiLU by default.</param>
    /// <param name="dtype">Element type.</param>
    public ResidualBlock(int inputs, int outputs, Initializer initializer, Rng rng, Activation? activation = null,
        DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        _activation = activation ?? Activation.Silu;
        _norm1 = Child("norm1", Norm(inputs, dtype));
        _conv1 = Child(
            "conv1", new Conv2d(inputs, outputs, 3, initializer, rng.Split("conv1"), padding: 1, dtype: dtype));
        _norm2 = Child("norm2", Norm(outputs, dtype));
        _conv2 = Child(
            "conv2", new Conv2d(outputs, outputs, 3, initializer, rng.Split("conv2"), padding: 1, dtype: dtype));
        _shortcut = inputs == outputs ? null
            : Child("shortcut", new Conv2d(inputs, outputs, 1, initializer, rng.Split("shortcut"), dtype: dtype));
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        Tensor h = _conv1.Forward(_activation.Apply(_norm1.Forward(x)));
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

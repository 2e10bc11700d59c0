using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// Self-attention over the pixels of an image [B, C, H, W]: y = x + project(attention(q, k, v)). q, k and v are 1x1
/// convolutions of the group-normalised image. The channels divide into heads, each of which attends on its own. The
/// keys have no bias: a bias would add the same number to all scores of a query, and the softmax would remove it. Every
/// pixel attends to every other pixel, so time and memory grow with (H W)^2. Use the block at low resolutions.
/// </summary>
public sealed class AttentionBlock : Layer
{
    private readonly GroupNorm _norm;
    private readonly Conv2d _query, _key, _value, _project;
    private readonly int _heads;

    /// <summary>A block over <paramref name="channels"/> channels.</summary>
    /// <param name="channels">C, the channels of the image.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="heads">The number of heads, a divisor of C.</param>
    /// <param name="norm">The normalisation of a number of channels; groups of at least 4 channels, at most 8 groups,
    /// by default.</param>
    /// <param name="startsAsIdentity">Whether project starts at zero, so that the block starts as the identity.</param>
    /// <exception cref="ArgumentException">The channels do not divide into the heads.</exception>
    public AttentionBlock(
        int channels, Initializer initializer, Rng rng, DType dtype = DType.Float32, int heads = 1,
        Func<int, GroupNorm>? norm = null, bool startsAsIdentity = false)
    {
        ArgumentNullException.ThrowIfNull(rng);
        _heads = Heads.Checked(channels, heads);
        Conv2d Map(string name, Initializer weights, bool bias = true) =>
            Child(name, new Conv2d(channels, channels, 1, weights, rng.Split(name), bias: bias, dtype: dtype));
        _norm = Child("norm", norm?.Invoke(channels) ?? ResidualBlock.Norm(channels, dtype));
        (_query, _key, _value) = (Map("query", initializer), Map("key", initializer, false), Map("value", initializer));
        _project = Map("project", startsAsIdentity ? Initializer.Zeros : initializer);
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor h = _norm.Forward(x);
        Tensor attended = Heads.Attend(
            Pixels(_query.Forward(h)), Pixels(_key.Forward(h)), Pixels(_value.Forward(h)), _heads);
        return x + _project.Forward(attended.Permute(0, 2, 1).Reshape(x.Shape));
    }

    /// <summary>The pixels as rows, [B, H W, C].</summary>
    private static Tensor Pixels(Tensor x) => x.Flatten(2).Permute(0, 2, 1);
}

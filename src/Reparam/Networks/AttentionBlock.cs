using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// Self-attention over the pixels of an image [B, C, H, W] with one head: y = x + project(attention(q, k, v)). q, k and
/// v are 1x1 convolutions of the group-normalised image. The keys have no bias: a bias would add the same number to all
/// scores of a query, and the softmax would remove it. Every pixel attends to every other pixel, so time and memory
/// grow with (H W)^2. Use the block at low resolutions.
/// </summary>
public sealed class AttentionBlock : Layer
{
    private readonly GroupNorm _norm;
    private readonly Conv2d _query, _key, _value, _project;

    /// <summary>A block over <paramref name="channels"/> channels.</summary>
    public AttentionBlock(int channels, Initializer initializer, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Conv2d Map(string name, bool bias = true) =>
            Child(name, new Conv2d(channels, channels, 1, initializer, rng.Split(name), bias: bias, dtype: dtype));
        _norm = Child("norm", ResidualBlock.Norm(channels, dtype));
        (_query, _key, _value, _project) = (Map("query"), Map("key", bias: false), Map("value"), Map("project"));
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        Tensor h = _norm.Forward(x);
        Tensor attended = Tensor.ScaledDotProductAttention(
            Pixels(_query.Forward(h)), Pixels(_key.Forward(h)), Pixels(_value.Forward(h)));
        return x + _project.Forward(attended.Permute(0, 2, 1).Reshape(x.Shape));
    }

    /// <summary>The pixels as rows, [B, H W, C].</summary>
    private static Tensor Pixels(Tensor x) => x.Flatten(2).Permute(0, 2, 1);
}

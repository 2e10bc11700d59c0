using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Reparam.Peers;

/// <summary>Layers as functions: a weight is drawn when its name is first used, so that the code of a network also
/// lists its weights.</summary>
internal sealed class NamedWeights
{
    private readonly Dictionary<string, Parameter> _values = [];

    public IEnumerable<Parameter> All => _values.Values;

    public Tensor this[string name, params long[] shape]
    {
        get
        {
            if (_values.TryGetValue(name, out Parameter? known)) return known;
            double scale = shape.Length > 1 ? 1 / Math.Sqrt(shape[1..].Aggregate(1L, (a, b) => a * b)) : 0;
            Tensor drawn = randn(shape) * scale + (name.EndsWith("norm", StringComparison.Ordinal) ? 1 : 0);
            return _values[name] = new Parameter(drawn.DetachFromDisposeScope());
        }
    }

    public Tensor Linear(string name, Tensor x, long outputs) =>
        functional.linear(x, this[name + ".weight", outputs, x.shape[^1]], this[name + ".bias", outputs]);

    public Tensor Conv(string name, Tensor x, long outputs, long kernel, long stride = 1, long padding = 0) =>
        functional.conv2d(x, this[name + ".weight", outputs, x.shape[1], kernel, kernel], this[name + ".bias", outputs],
            strides: [stride, stride], padding: [padding, padding]);

    /// <summary>A group normalisation with at most 8 groups of at least 4 channels.</summary>
    public Tensor Norm(string name, Tensor x)
    {
        long channels = x.shape[1], groups = 8;
        while (groups > 1 && (channels % groups != 0 || channels / groups < 4)) groups /= 2;
        return functional.group_norm(x, groups, this[name + ".norm", channels], this[name + ".bias", channels]);
    }

    /// <summary>A residual block over images, with or without an activated embedding.</summary>
    public Tensor Block(string name, Tensor x, long outputs, Tensor? embedding = null)
    {
        Tensor h = Conv(name + ".conv1", functional.silu(Norm(name + ".1", x)), outputs, 3, padding: 1);
        if (embedding is not null) h += Linear(name + ".embedding", embedding, outputs).unsqueeze(-1).unsqueeze(-1);
        h = Conv(name + ".conv2", functional.silu(Norm(name + ".2", h)), outputs, 3, padding: 1);
        return (x.shape[1] == outputs ? x : Conv(name + ".shortcut", x, outputs, 1)) + h;
    }

    /// <summary>Attention over tokens [B, T, C] in heads.</summary>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, long heads)
    {
        long[] shape = q.shape;
        Tensor Split(Tensor x) => x.view(shape[0], shape[1], heads, shape[2] / heads).transpose(1, 2);
        return functional.scaled_dot_product_attention(Split(q), Split(k), Split(v)).transpose(1, 2).reshape(shape);
    }
}

using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks.Denoising;

/// <summary>
/// A transformer block whose normalisations an embedding modulates (adaLN-Zero: Peebles and Xie 2023). With tokens x
/// [N, T, D] and an activated embedding e [N, E], six rows [N, D] come from one linear map of e: shifts b, scales s and
/// gates g. x += g1 * attention(norm(x) (1 + s1) + b1), then x += g2 * mlp(norm(x) (1 + s2) + b2). The norm has no
/// weights. The linear map starts at zero, so the block starts as the identity.
/// </summary>
public sealed class TransformerBlock : Module
{
    private const int Widening = 4;

    private readonly Linear _query, _key, _value, _project, _wide, _narrow, _modulation;
    private readonly int _heads;

    /// <summary>A block over tokens.</summary>
    /// <param name="width">D, the length of a token.</param>
    /// <param name="heads">The number of heads, a divisor of D.</param>
    /// <param name="embedding">E, the length of the embedding.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="dtype">Element type.</param>
    /// <exception cref="ArgumentException">The width does not divide into the heads.</exception>
    public TransformerBlock(
        int width, int heads, int embedding, Initializer initializer, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        _heads = Heads.Checked(width, heads);
        Linear Map(string name, int inputs, int outputs, bool bias = true) =>
            Child(name, new Linear(inputs, outputs, initializer, rng.Split(name), dtype, bias));
        (_query, _key, _value) = (Map("query", width, width), Map("key", width, width, false),
            Map("value", width, width));
        (_project, _wide, _narrow) = (Map("project", width, width), Map("wide", width, Widening * width),
            Map("narrow", Widening * width, width));
        _modulation = Child("modulation",
            new Linear(embedding, 6 * width, Initializer.Zeros, rng.Split("modulation"), dtype));
    }

    /// <summary>Applies the block to tokens [N, T, D] with activated embeddings [N, E].</summary>
    public Tensor Forward(Tensor x, Tensor activated)
    {
        ArgumentNullException.ThrowIfNull(x);
        using LayerName name = LayerName.Enter(Path);
        Tensor rows = _modulation.Forward(activated);
        Tensor h = Modulated(x, rows, 0);
        x += Row(rows, 2) * _project.Forward(
            Heads.Attend(_query.Forward(h), _key.Forward(h), _value.Forward(h), _heads));
        h = Modulated(x, rows, 3);
        return x + Row(rows, 5) * _narrow.Forward(_wide.Forward(h, Activation.Gelu));
    }

    /// <summary>norm(x) (1 + s) + b, with the shift b at a row and the scale s at the next.</summary>
    internal static Tensor Modulated(Tensor x, Tensor rows, int at, int count = 6) =>
        Tensor.LayerNorm(x, ^1, epsilon: 1e-6) * (Row(rows, at + 1, count) + 1) + Row(rows, at, count);

    private static Tensor Row(Tensor rows, int at, int count = 6)
    {
        int width = rows.Shape[1] / count;
        return rows.Slice(1, at * width, width).Reshape([rows.Shape[0], 1, width]);
    }
}

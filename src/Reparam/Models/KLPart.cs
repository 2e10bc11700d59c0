using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A part of the KL that belongs to latents which a pass does not draw, such as the steps of a diffusion. Its value is
/// exact, or an unbiased estimate.
/// </summary>
/// <param name="Name">The name of the part in reports.</param>
/// <param name="Value">The part for each draw and datum, [K, B], in nats, with its gradient.</param>
/// <param name="Loss">What training pays in its place, [K, B]: the same tensor, or one with other weights, which is no
/// KL.</param>
public sealed record KLPart(string Name, Tensor Value, Tensor Loss)
{
    /// <summary>A part that training pays as it is.</summary>
    public KLPart(string name, Tensor value)
        : this(name, value, value)
    {
    }
}

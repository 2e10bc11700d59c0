using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The generative model: given latents, a distribution over data, p(x|z).</summary>
public abstract class Decoder : Module
{
    /// <summary>p(x|z) for latents of shape [..., Z]; its batch shape is [...], its event one datum.</summary>
    public abstract Distribution Given(Tensor z);
}

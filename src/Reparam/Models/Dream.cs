using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>What a model makes up where it starts from its own prior: one latent z ~ p(z) for each datum of a batch and
/// the distribution of data that it makes of it.</summary>
/// <param name="Likelihood">p(x|z), batch [B], differentiable in the generative model.</param>
/// <param name="Draw">Data x ~ p(x|z), [B] + event, without a gradient.</param>
/// <param name="Recognize">log q(z|x) of the latents that the data were made from, [B], differentiable in q
/// alone.</param>
public sealed record Dream(Distribution Likelihood, Func<Tensor> Draw, Func<Tensor, Tensor> Recognize);

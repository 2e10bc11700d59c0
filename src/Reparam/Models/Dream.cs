using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>A batch that the model generates from its own prior: one latent z ~ p(z) for each datum of the batch, and
/// the distribution p(x|z) of the data.</summary>
/// <param name="Likelihood">p(x|z), batch [B], differentiable with respect to the generative model.</param>
/// <param name="Draw">Draws data x ~ p(x|z), [B] + event, without a gradient.</param>
/// <param name="Recognize">Computes log q(z|x) of the latents that the data were generated from, [B], differentiable
/// only with respect to q.</param>
public sealed record Dream(Distribution Likelihood, Func<Tensor> Draw, Func<Tensor, Tensor> Recognize);
